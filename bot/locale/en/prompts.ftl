# The cards of a campaign that its organisers add, move, correct and take out.

### The forms

prompt-title = Add a card
prompt-change-title = Change the card
prompt-day-title = Choose another day
prompt-words = What does the card say?
prompt-words-hint = In their own voice, and without names of others.
prompt-shoes = In whose shoes is it?
prompt-credit = Whose words are they?
prompt-credit-hint = A name and a role: Pearl, a retired bus driver.
prompt-day = Which day? Empty for the next free day
prompt-note = A word of warning, if it is hard to read
prompt-note-hint = People see it first: This card is about loss.
prompt-send = Show me the card
prompt-change-send = Save
prompt-question = What would they want us to know?
prompt-not-a-day = No card goes out on this day. Please choose another.
prompt-taken-day = Another card goes out on this day. Please choose another.
prompt-day-over = It is too late for this day. Please choose a later one.

### What an organiser is shown

prompts-which = Which campaign is the card for?
prompts-none = There is no campaign in this channel yet. You can plan one: /shoes campaign
prompts-heading = The cards of this campaign
prompts-empty = No card waits to go out.
prompts-reserve = Card { $number }, in reserve
prompts-label = Card { $number }
prompts-on = It is meant for { $on }.
prompts-shoes = In the shoes of { $shoes }
prompts-more = Show the next cards
prompts-before = Show the cards before
button-prompts = See the cards
button-prompt = Card { $number }: { $words }
prompts-campaign = { $number }: { $title }
button-change-prompt = Change the card
button-move-prompt = Another day
button-remove-prompt = Take it out
button-remove-sure = Yes, take it out
button-keep-prompt = No, keep it
button-to-prompts = All cards

prompt-heading = Your card
prompt-comes = It goes out on { $on } as Day { $day }. This is how people will see it.
prompt-no-day = It has no day yet. This is how people will see it.
prompt-on-day = It is meant for { $on }. This is how people will see it.
prompt-posted = It has gone out. If you correct a word, the card says so.
prompt-planned = Nothing goes out before the campaign starts.
prompt-sure = Shall we take this card out?
prompt-sure-which = The card
prompt-sure-gone = It is then gone from this campaign, and from no other.
prompt-removed-summary = The card is out
prompt-removed = Done. The card is out of the campaign, and its words are deleted.
prompt-gone = This card is not here, or not here any more.
prompt-was-posted = This card has gone out already, so it stays. You can still correct a word in it.
prompt-taken-back = Whoever wrote this card took the words back.
