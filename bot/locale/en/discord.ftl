# What Discord shows about the app before anybody plays: its commands, its menu, permissions by Discord's own names.

discord-command = See a situation from somebody else’s shoes
discord-about = { $about }
discord-deck = Which deck? Leave it out to choose in the form.
discord-count-menu = Count this as my response
discord-keep-menu = Keep as a story
discord-view-channel = View Channels
discord-send-messages = Send Messages
discord-create-public-threads = Create Public Threads
discord-send-messages-in-threads = Send Messages in Threads
discord-read-message-history = Read Message History
