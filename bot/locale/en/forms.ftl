# Every form: its title, its fields, the hints below them.

### Respond

form-respond-title = In their shoes
form-second-thoughts-title = Second thoughts
form-few = Only a few people have replied so far. Colleagues may guess who wrote what.
form-frozen =
    You can see what others wrote now, so your first words stay as they are.
    New words will stand beside them as second thoughts.
form-taken-back =
    Your first words are taken back. You can see what others wrote now.
    New words will be shown as second thoughts.
form-first-words = What you wrote first
form-named = Your response is the one in the thread. You can change it there.
form-stance = Would { $shoes } say this is true here?
form-words = What would they want us to know?
form-words-hint = Please leave out names and details of anyone else
form-leave-in = Leave this in?
form-leave-in-yes = Yes, leave it in
form-leave-in-no = No, I have taken it out
form-own-role = Which is closest to your own life?
form-own-role-hint = Used only in counts.
form-send = Send

### Pledge

form-pledge-title = Make a pledge
form-pledge-intro =
    Small is good. Everybody in the channel can see your pledge and the name below. Others may join in.
form-pledge-words = I will …
form-pledge-words-hint = For example: ask before I move somebody’s things.
form-pledge-by = By when?
form-pledge-send = Make this pledge
form-name = Your name
form-name-hint = As others will see it

### Pause and more time

form-pause-title = Pause this card
form-pause-intro = Anybody may ask for a pause. The buttons hide and the time stops. Your name is not shown.
form-pause-reason = What should we know?
form-pause-reason-hint = One line is enough. Only the facilitator and the moderators read it.
form-pause-send = Pause
form-extend-title = Give more time
form-extend-intro = Everybody is told in the thread.
form-extend-hours = How much longer?
form-extend-send = Give more time

### Deal

form-deal-title = Deal a card
form-deal-deck = Which deck?
form-deal-deck-hint = You see the card before anybody else does.
form-deal-card = Which card?
form-deal-surprise = Surprise me
form-deal-policy = When do people see responses?
form-deal-respond = How long to respond?
form-deal-vote = How long to vote?
form-deal-vote-hint = Only used when all responses are shown at the same time.
form-deal-usual = A fair time for every time zone, at least a day
form-deal-soonest = The shortest fair time for every time zone
form-deal-until = Until { $moment }
form-deal-fair = Enough time in every time zone?
form-deal-fair-hint = Everybody gets 8 hours between 09:00 and 21:00, Monday to Friday.
form-deal-fair-on = Yes
form-deal-fair-off = No, switch this rule off (for live sessions)
form-deal-send = Show me first
length-minutes =
    { $count ->
        [one] One minute
       *[other] { $count } minutes
    }
length-hours =
    { $count ->
        [one] One hour
       *[other] { $count } hours
    }
length-days =
    { $count ->
        [one] One day
       *[other] { $count } days
    }

### The thread, where it is a page of ours

form-reply-title = Write in the thread
form-reply-intro = Everybody here can read this and see your name.
form-reply-words = Your words
form-change-reply-title = Change your words
form-change-reply-send = Save
