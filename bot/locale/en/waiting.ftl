# Before and beside the game: a wait, a closed door, a message that is no reply.

wait-summary = One moment, please
wait-moment = One moment, please. Your form is on its way.

wait-invite-summary = I am not in this channel yet
wait-invite = I am not in this channel yet, so I cannot post the card. Please type “/invite @In My Shoes” in the channel. Then come back and press Try again.

wait-closed-summary = I cannot post in this channel
wait-closed = I cannot post in this channel. It may be archived, or closed to apps. Please choose another channel, or ask whoever looks after this one.

wait-slow-summary = That took too long
wait-slow = Sorry, that took too long. Please press Try again.

wait-allow-summary = I am not allowed to do this here
wait-allow = I am not allowed to do this here. Please ask whoever looks after this channel to switch on “{ $missing }” for me. Then try again.

wait-no-reply-summary = That is not a reply I can count
wait-no-reply = I can only count your own reply in the thread of a card. Please choose one of those.
