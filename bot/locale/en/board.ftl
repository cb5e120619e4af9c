# The board of a round: its card, who sees what, its state, and the short notes around it.

### Headings and buttons

board-open = A new card
board-open-summary = A new card: in the shoes of { $shoes }
board-voting = The responses are open. Time to vote
board-paused = This card is paused
board-closed = Closed
board-taken-back-heading = Taken back
board-taken-back = The facilitator took this card back. All responses to it were deleted.
button-pass = Pass
button-without-results = Close without results
button-deal = Deal this card
link-this-card = Link to this card

### The card

card-note = Before you read: { $note }
card-media = Goes with this card: { $url } ({ $alt })
plain-label = In plain words

### Until when

times-two = Respond until { $reveal }. Then we all read and vote, until { $closes }.
times-voting = Vote until { $closes }.
times-one = Open until { $closes }.

fair-off = This card does not wait for every time zone: that rule is switched off.

### Who sees what

sees-together = All responses are shown here at the same time, mixed up and without names.
sees-voting = The responses are in the thread, mixed up and without names. Nobody sees your vote.
sees-after-you =
    Others see your words once they have sent theirs. Everybody in the channel sees them when the card closes.
    No names are shown.
sees-open-thread = You can reply in the thread. People in this channel can see your name.
sees-open-form =
    Or press Respond. Those words are posted together, without names, when the card closes.
sees-open-form-call =
    Or press Respond. Those words are posted together, without names, at the last call and when the card closes.
sees-form-only-call =
    To take part, press Respond. All words are posted together, without names, at the last call
    and when the card closes.
sees-form-only = To take part, press Respond. All words are posted together, without names, when the card closes.
sees-thread-not-counted = We cannot read the thread here, so replies in it are not counted. They show your name.
sees-before = Moderators cannot see who wrote this. The program can pass you a note until it closes.
sees-after = Nobody can tell who wrote this, not even us.
sees-thread = Replies in the thread show your name.
sees-linked =
    { $others ->
        [one] This card is also in one other channel. People there see the same responses.
       *[other] This card is also in { $others } other channels. People there see the same responses.
    }

### How it stands

state-count =
    { $count ->
        [0] No responses yet.
        [one] One response so far.
       *[other] { $count } responses so far.
    }
state-paused = We wait for a while. Nothing is lost, and the time stops too.
state-paused-asked = The pause is two days old now. An organiser can decide what happens next.
state-closed = Thank you, everybody. What we heard is in the channel, in a message of its own. { $link }
state-without-results = This card was closed without results. Nothing that was sent privately will be shown.

### Before it is dealt

preview-heading = A look at your card. Only you see this
preview-note = A note for you, as facilitator
preview-policy = When people see responses: { $policy }.
preview-again = Not the right card? Just deal again. Nothing has been posted.

### The first words in a channel

welcome-heading = Welcome to In My Shoes
welcome-what =
    Each card holds a moment from somebody’s life. Step into their shoes. What would they want us to know?
welcome-how = Passing is always fine. Nobody is ranked. Every card says who can see what.
welcome-ask = Questions? Ask { $name }.
welcome-ask-anyone = Questions? Ask whoever deals the card.

### Lines, notices and news

line-last-call = Last call: there is still time for your view, until { $until }.
line-last-call-summary = There is still time for your view
line-not-yet-heard = We have not heard yet from { $groups }.
line-revealed = All responses are in the thread now. You can vote until { $closes }. { $link }
line-taken-back = The facilitator took a card back. { $link }
line-taken-back-summary = A card was taken back
line-without-results = A paused card was closed without results. { $link }
line-without-results-summary = A card was closed without results
line-revealed-summary = The responses are open. You can vote now.
notice-summary = News about this card
notice-revealed-early = The facilitator opened the responses early.
notice-closed-early = The facilitator closed this card early.
notice-extended = The facilitator gave us more time.
notice-waiting = We wait a little longer, so that more of us can be heard.
notice-extended-summary = There is more time
notice-paused = Somebody asked for a pause. That is always fine. Nothing is lost, and the time stops too.
notice-resumed = The pause is over. We go on.
news-opened = You asked us to tell you: the responses are open now. { $link }
news-opened-summary = The responses are open
news-taken-back = A card was taken back
news-taken-back-about = If you wrote something for it, that was deleted. Nobody will read it.
news-without-results = You asked us to tell you: nothing opens any more. { $link }
news-paused = Somebody paused your card. { $link }
news-paused-summary = Your card is paused
news-paused-reason = Their reason, for you and the moderators only
news-paused-decide = When you are ready, press Go on. All times move by the length of the pause.
