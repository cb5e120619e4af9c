# When we cannot post.

trouble-summary = We cannot post in a channel
trouble-not-invited = I cannot post in this channel yet.
trouble-invite = Please type { $command } there, then press Try again.
trouble-gone = I cannot post in { $place } any more.
trouble-gone-somewhere = I cannot post in one of your channels any more.
trouble-gone-what =
    It may be archived, or I was taken out of it. What was on its way waits. Once I may post there, press Try again.
trouble-again = Thank you. I am trying again now.
button-try-again = Try again
