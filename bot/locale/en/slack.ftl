# What Slack shows about the app before anybody plays: its name, its command, its shortcuts.

product-name = In My Shoes
slack-description = A card game for teams. See a situation from somebody else’s shoes.
slack-not-here = In My Shoes is not in this workspace any more. Somebody who may add apps here can add it again.
slack-command-about = Deal a card, make a pledge, read a recap
slack-count-shortcut = Count this as my response
slack-count-shortcut-about = Let this reply be your response to the card
slack-keep-shortcut = Keep as a story
slack-keep-shortcut-about = Keep these words, if their writer agrees

# "Add to Slack": what somebody reads who comes back from there.
slack-add-again = In My Shoes has to be added to this workspace again: { $address }
slack-added-title = In My Shoes is in your workspace
slack-added = Go to any channel there and type /shoes deal. You can close this page.
slack-declined-title = In My Shoes was not added
slack-declined = Nothing has changed in your workspace.
slack-refused-title = That did not work
slack-refused = Slack did not let us in just now. Nothing has changed in your workspace.
slack-stale-title = Please begin again
slack-stale = This page can be opened once, within ten minutes, in the browser you began in.
slack-again = Add In My Shoes to Slack
