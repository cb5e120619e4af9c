# A campaign's cards, sent privately to who asks for it.

button-privately = Send me these privately
privately-title = Cards sent to you
privately-intro =
    Each day’s card then comes to you alone, too. You choose the time.
    You can put one off, skip it, or stop, with one press.
privately-time = What time suits you?
privately-time-hint = By your own clock, in summer and in winter.
privately-zone-hint = We go by the clock there for you. For example London, Kolkata or New York.
privately-send = Save
privately-on = From now on, each day’s card also comes to you privately, at { $time } ({ $city } time).
privately-when =
    It comes after it is posted in the channel. It does not come if you have answered it already.
privately-soon = The next one is due: { $at }.
button-privately-time = Change it

privately-summary = A card for you
privately-heading = Day { $day }, just for you
privately-card = You asked for these cards. This one is in the channel too: { $link }
privately-link = here
button-step-in = Step in
button-later = Later
button-skip = Skip
button-stop = Stop
privately-later = This card comes to you again: { $at }.
privately-too-late = This card closes before we could send it again: { $closes }.
privately-answered = You have answered this card, so it does not come again.
privately-skipped = This card does not come to you again. The next one comes as always.
privately-stopped = You get no more of these cards privately.
privately-start-again = To start again, press the button here. You find it behind More, under each card, too.
button-start-again = Start again
privately-none = You do not get these cards privately just now.
privately-ended = This campaign has ended. No more cards come.

privately-refused-heading = We could not reach you
privately-refused =
    You asked for each day’s card in a private message, but we could not send it.
    Perhaps you do not take messages from us. Please allow that, and then press Try again.
privately-refused-card = The card is here: { $link }
privately-mine = You get “{ $title }” privately, at { $time } ({ $city } time).
button-stop-number = Stop { $number }
privately-mine-number = { $number }. You get “{ $title }” privately, at { $time } ({ $city } time).
