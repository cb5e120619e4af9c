# What Slack shows about the app before anybody plays: its name, its command, its shortcuts.

product-name = In My Shoes
slack-description = A card game for teams. See a situation from somebody else’s shoes.
slack-not-here = In My Shoes is not in this workspace any more. Somebody who may add apps here can add it again.
slack-command-about = Deal a card, make a pledge, read a recap
slack-count-shortcut = Count this as my response
slack-count-shortcut-about = Let this reply be your response to the card
slack-keep-shortcut = Keep as a story
slack-keep-shortcut-about = Keep these words, if their writer agrees
