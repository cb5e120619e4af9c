# The answers to commands: help, which card is meant, oneself, trying a card.

help-heading = In My Shoes: help
help-unknown = We do not know that word. These are the words we know.
help-what =
    In My Shoes is a relaxed card game. Each card holds a moment from somebody’s life.
    You step into their shoes, and say what they would want us to know. Then we read, vote and talk.
help-fine = Passing is always fine, and nobody is ranked. Every card says who sees what.
help-command = /shoes { $name }: { $about }
command-deal = put a card on the table. You see it first.
command-campaign = a card a day, for a week or longer. You see the plan first.
command-link = bring a campaign from another channel here. You need its code.
command-prompt = add a card to the campaign.
command-story = share a small story, yours or somebody else’s.
command-library = find stories, and promises that were kept.
command-pledge = make a small promise.
command-recap = read what the last card came to.
command-me = your own role, time zone, stories and private cards, and what we keep about you.
command-settings = the clock of this channel.
command-help = this page.

no-card = No card has been dealt here yet.
no-card-deal = To put one on the table, type /shoes deal. You see the card before anybody else does.
which-card = Which card is your pledge for?
button-card = Card { $number }: { $words }
recap-later = The newest card is still open. Its recap comes into the channel when it closes: { $closes }.
recap-later-summary = The card is still open
recap-paused = The newest card is paused. Its recap comes into the channel once it has gone on and closed.
button-last-recap = Show me the recap before that
no-recap = There is no recap to show here yet.

me-heading = You and this game
me-role = The role closest to your own life: { $shoes }.
me-no-role = You have not said which role is closest to your own life. You do not have to.
me-role-use = It is used only in counts. Nobody is shown your role.
me-role-set = Thank you. This counts from your next card on.
me-kept = What we keep about you
me-zone = You are on { $city } time.
me-no-zone = We do not know your time zone, so we go by the clock of the channel.
me-zone-use = It is used so that a card stays open long enough for you, and comes to you at your time.
me-zone-set = Thank you. We go by { $city } time for you.
me-zone-forgotten = That is fine. We do not keep a time zone from you any more.
me-kept-name = Your name here, your role, your time zone, and the channels you have played in. They stay as long as this place plays.
button-role = Change my role
button-zone = My time zone
form-zone-title = Your time zone
form-zone = Which big city shares your clock?
form-zone-hint = For example London, Kolkata or New York. Leave it empty, and we forget it.
form-role-title = Your own role
form-role-send = Save
form-no-role = I would rather not say
button-privacy = Who sees what

try-heading = A card to try. Only you see this
try-kept = Nothing is kept, and nobody is told that you looked.
button-try = Try a card
button-try-voices = What might people say?
