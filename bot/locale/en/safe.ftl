# Where to find help, and words that are held because their writer may need it.

### Help lines

help-lines-heading = Where to find help
help-lines-nation = You can ring or text these numbers in { $nation }.
help-lines-elsewhere = In another country, please call the emergency number there.
help-line = { $name }: { $number }. { $about }
help-line-unchecked = { $line } (not checked yet)
help-line-old = { $line } (last checked in { $checked })
nation-england = England
nation-wales = Wales
nation-scotland = Scotland
nation-northern-ireland = Northern Ireland
button-find-help = Find help
board-help = This card may be a hard one. Passing is fine, and help is a press away.
lines-to-check-first = Please check these numbers before you start:
lines-to-check = Please check these numbers:
line-to-check = { $name }: { $number }
button-nations = Help lines
nations-heading = Whose help lines fit here?
nations-now = This place is shown the numbers of { $nation }.
nations-check = Please call or text the numbers that nobody has checked lately. Whoever runs this program can correct them in a file.
nations-set = Done. From now on, this place is shown the numbers of { $nation }.
nations-set-summary = The help lines are set

### To the writer of words that suggest harm

held-summary = Thank you for writing
held-heading = Thank you for writing this
held-nobody = Nobody else sees these words for now.
held-care = If things are hard for you, you do not have to be alone with it. These people listen.
held-moderator = Somebody who looks after this channel may read the words. They do not see who wrote them.
held-fine = Perhaps you meant it in another way. Then press the button, and your words count like all others.
button-it-is-fine = It is fine, please post
held-form = These words are held for now, so nobody else sees them.
receipt-fine = Thank you. Your words count like all others now.
refused-nothing-held = There are no words of yours that are held here.
refused-held-by-moderator =
    Somebody who looks after this channel has read these words and keeps them back. You can change them.
care-summary = A private note for you
care-heading = A private note for you
care-note = Some of your words made us think of you. If things are hard, you do not have to be alone with it.
care-lines = These people listen:
care-thread = Your words stand in the thread, with your name. You can change or delete them there.

### To moderators

news-held-summary = A response is held
news-held = A response to a card is held, so others do not see it: { $link }
news-held-about = Its writer may need help, or it may be nothing. Please read it soon. You do not see who wrote it.
news-harm-summary = Please look at a card
news-harm = Somebody may need help who wrote, with their name, here: { $link }
news-harm-about = We tell people privately where to find help, wherever we can. A kind word from you helps, too.
button-read-held = Read it
held-list-heading = Held responses
held-list-none = No response to this card is held now.
held-list-about = Others see nothing of this. You do not see who wrote it.
held-number = Held response { $number } of { $of }
held-first-words = What others have read of it already
held-state-waiting = It waits for you, or for its writer.
held-state-kept = A moderator keeps it back.
held-state-removed = A moderator took it out.
held-until = It is deleted 30 days after the card has closed.
held-closed = The card has closed, so this can no longer be posted. It is deleted on { $on }.
held-worried = Are you worried about its writer? They were shown where to find help.
button-held-post = Post it
button-held-keep = Keep it back
button-held-remove = Take it out
button-held-next = Show me the next
held-decided-summary = Thank you for looking
held-decided-post = It is posted, and counts like all others.
held-decided-kept = It stays back. You can still change your mind.
held-decided-removed = It is taken out. The recap says that one was, and nothing more. You can still change your mind.
recap-taken-out =
    { $count ->
        [one] One response was taken out by a moderator.
       *[other] { $count } responses were taken out by a moderator.
    }

### Awareness weeks

button-weeks = Awareness weeks
weeks-heading = Awareness weeks
weeks-about = These come next. Nobody is told that it is somebody’s week before its dates are sure.
week-when = { $name } ({ $where }): { $first } to { $last }.
week-day = { $name } ({ $where }): { $first }.
week-provisional = { $when } Provisional: nobody has confirmed these dates yet.
weeks-none = We know of no awareness week that comes soon.
button-confirm-week = I know the dates
confirm-week-title = The dates of a week
confirm-week-event = Which one is it?
confirm-week-first = First day
confirm-week-last = Last day
confirm-week-source = Who announced these dates?
confirm-week-source-hint = A name, and where it can be read.
confirm-week-send = Confirm
week-confirmed = Thank you. These dates are confirmed, and anybody can see who says so.
week-source = { $when } Who says so: { $source }
confirm-not-a-stretch = An event lasts a month at most, in one year. Please look at the dates again.
confirm-always-the-same = This one has the same dates every year.
plan-for-week = It was made for this. { $when }
plan-week-provisional = Its dates are not sure yet, so the channel is not told that it is on.
begins-week = Today it is { $name }.
