# Stories that people offer, what moderators say to them, and what their writers hear.

### Telling one

telling-heading = Share a story
telling-what = A story is a small moment from somebody’s life, in a few sentences.
telling-how = A moderator reads it before anybody else does. You can take it back at any time.
telling-title = Share a story
telling-again-title = Change your story
telling-words = What did they say?
telling-name = How may we name you?
telling-their-name = How may we name them?
telling-name-hint = A name and a role, as you like. Empty: no name.
telling-asked = Who asked them for their words?
telling-asked-hint = They need to say yes before you send this.
telling-consent = What do you agree to?
telling-their-consent = What have they agreed to?
telling-consent-hint = A card comes in each channel that takes part.
telling-show = People may read it on a card, and nowhere else
telling-quote = It may be quoted too: in the library and in reports
telling-until = Shown until which day? Empty: no last day
telling-send = Send it
telling-consent-title = How it may be used
telling-consent-send = Save
button-own-story = My own words
button-others-story = Somebody else’s words
button-queue = Stories that wait
button-consent = How it may be used
button-change-story = Change my story

telling-sent = Thank you. A moderator reads it now. You can see it and take it back: /shoes me
telling-sent-again = Thank you. A moderator reads it once more.
telling-saved = Saved. This is how your story may be used from now on.

### The queue

queue-note-summary = A story waits for you
queue-note = Somebody has shared a story. Nobody else sees it before you say yes.
queue-note-worried = Its writer may need help, or it may be nothing. Please read it soon.
button-read-story = Read it
queue-heading = A story that waits
queue-count =
    { $count ->
        [one] It is the only one.
       *[other] { $count } stories wait.
    }
queue-worried = Whoever wrote this may need help, or it may be nothing. They were shown where to find help.
queue-label = In the shoes of { $shoes }
queue-label-nobody = Nobody has said whose shoes
queue-named = Named as: { $name }
queue-not-named = Without a name.
queue-asked = These are somebody else’s words. Who asked them: { $name }
queue-until = Shown until { $until }.
queue-empty = No story waits. Thank you for looking.
queue-decided = This story does not wait any more. It was taken back, or somebody else has read it.
button-approve-story = Yes, keep it
button-ask-change = Ask for a change
button-decline-story = No, thank you
button-next-story = Show the next one

approve-title = Keep this story
approve-into = Where shall it go?
approve-campaign = Into “{ $title }”
approve-library = Only into the library
approve-kept = Keep it, and show it nowhere for now
approve-mark = What is it an example of?
approve-outcome = What is it about?
approve-topic = A topic, to find it by
approve-topic-hint = For example: meals, or waiting rooms.
approve-send = Keep it
approve-too-late = A story needs a day’s notice. Please choose a later day.
reason-change-title = Ask for a change
reason-decline-title = Say no, and why
reason-words = What would you like to tell the writer?
reason-hint = Only the writer reads this. Be as kind as you can.
reason-send = Send it
decided-summary = Done
decided-approved = Done. The story is kept, and its writer is told privately.
decided-change = Done. The writer reads your reason, and can send the story again.
decided-declined = Done. The writer reads your reason. Nobody else sees the story.

### What the writer hears

story-news-summary = News about your story
story-news-approved = A moderator said yes. Your story is in the library now.
story-news-not-quoted = A moderator said yes. It is not in the library, because nobody may quote it.
story-news-card = It also goes out as a card of “{ $title }”.
story-news-change = A moderator would like you to change something, and then to send it again.
story-news-declined = A moderator has said no for now. You can change your story and send it again.
story-news-reason = What the moderator says
story-news-words = Your story

### One’s own, in the list

stories-credit = With this name: { $name }
stories-approved = It is in the library.
stories-approved-only = A moderator said yes. It is not in the library, because nobody may quote it.
stories-change = A moderator asks for a change: { $reason }
stories-declined = A moderator has said no for now: { $reason }
stories-until = Shown until { $until }.
stories-change-number = Change story { $number }
stories-consent-number = How story { $number } may be used
