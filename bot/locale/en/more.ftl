# What stands behind More, and what this is.

more-heading = More for this card
more-facilitator = For you, as facilitator
more-facilitator-about = If you open or close a card early, the thread says so.
button-plain = In plain words
button-pause = Ask for a pause
button-what = What is this?
button-reveal = Open all responses now
button-close = Close now
button-extend = Give more time
button-take-back = Take the card back
button-take-back-sure = Yes, take it back
take-back-sure = This ends the card, and all responses to it are deleted. Shall we take it back?

what-heading = What is this?
what-game =
    In My Shoes is a relaxed card game. Each card holds a moment from somebody’s life.
    You step into their shoes, and say what they would want us to know. Then we read, vote and talk.
what-fine = Nobody is ranked. You can always pass. Anybody may ask for a pause.
what-privacy =
    What you send with a button is shown without your name. Colleagues may still guess who wrote what.
    The thread shows your name. Every card says who sees what.
what-watched =
    This is for learning about each other. Nobody watches it all day. If somebody is in danger, call 999.
what-from =
    Inspired by the practice of the Whose Shoes?® board game by Gill Phillips. We are not connected with it.
