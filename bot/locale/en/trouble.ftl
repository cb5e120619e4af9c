# What those who look after a channel are told privately when something cannot be shown there.

trouble-summary = A channel needs your help
trouble-gone = We cannot post in “{ $channel }” any more. It may be archived or deleted, or we may not be allowed to post there.
trouble-gone-next = Nothing is lost. Everything waits. When we can post there again, please press Try again.
trouble-not-invited = We are not in “{ $channel }”, so we cannot post there. Nothing is lost. Everything waits.
trouble-not-invited-next = Please type /invite @In My Shoes in that channel, then press Try again.
trouble-not-shown = One message could not be shown in “{ $channel }”. Everything else goes on.
trouble-not-shown-next = If you ask for help, please say the number of the message: { $number }.
trouble-again = Thank you. We are trying again now.
button-try-again = Try again
