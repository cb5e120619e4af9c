# The round-up of a week: the list, and its draft for whoever looks after it.

round-up-heading = This week in our shoes
round-up-of = A look back at “{ $title }”.
round-up-day = Day { $day }: In the shoes of { $shoes }. { $link }
round-up-break = A break: { $name }
round-up-label = Day { $day }. { $label }
round-up-open = Some of these cards may still be open. You can go back to any of them.
round-up-draft-heading = Your round-up is ready to look at
round-up-draft = It goes out by itself: { $when }. You can change it before, or post it now. It looks like this:
button-change-round-up = Change it
button-post-round-up = Post it now
button-round-up = See the round-up
round-up-form-title = Change the round-up
round-up-words = What would you like to say first?
round-up-words-hint = Everybody in the channel reads it.
round-up-quotes = Show the words that moved people?
round-up-quotes-yes = Yes, show them
round-up-quotes-no = No, only the list
round-up-posted = Done. The round-up goes out now.
round-up-later-summary = The round-up goes out later
round-up-later = Thank you. Nothing is posted at night here, so it goes out: { $when }.
round-up-too-late = This round-up has gone out already.
