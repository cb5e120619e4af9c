# Campaigns: setting one up, its plan, and what a channel is told of it.

### Setting one up

campaign-new-title = A new campaign
campaign-template = What should it be about?
campaign-template-hint = You can change its cards, and add your own.
campaign-own = My own cards, from nothing
campaign-own-title = In my shoes
campaign-start = First day
campaign-time = What time each day?
campaign-time-hint = The clock time in this channel, in summer and in winter.
campaign-weekdays = On which days?
campaign-contact = Who can people turn to?
campaign-contact-hint = Somebody to talk to, and how to reach them.
campaign-new-send = Show me the plan
weekdays-working = Monday to Friday
weekdays-all = Every day

### The plan

plan-heading = Your plan. Nothing is posted yet
plan-running = The campaign
plan-title = “{ $title }”
plan-when = { $days }, at { $time } ({ $zone } time), from { $start } on.
plan-together = Everybody writes first. Then all responses are shown at the same time.
plan-after-you = People see what others wrote once they have sent their own words.
plan-open = People write in the thread, with their names. Others see it at once.
plan-prompts =
    { $ready ->
        [0] No cards are ready
        [one] One card is ready
       *[other] { $ready } cards are ready
    }{ $reserve ->
        [0] { "" }
        [one] , and one more is in reserve
       *[other] , and { $reserve } more are in reserve
    }.
plan-posted =
    { $posted ->
        [one] One card has gone out here.
       *[other] { $posted } cards have gone out here.
    }
plan-end = The last day is { $end }.
plan-break = Break: { $name }, from { $first } to { $last }.
plan-break-day = Break: { $name }, on { $first }.
plan-others =
    { $others ->
        [one] One other channel takes part.
       *[other] { $others } other channels take part.
    }
plan-guest = Somebody in another place looks after it. Here you choose your own time, pause it, or take this channel out.
plan-shared = What you change counts there, too. Only the time of day and the time zone are this channel’s own.
plan-paused = It is paused. Nothing goes out until somebody presses Go on.
plan-week = The first week
plan-ahead = What comes next
plan-if-you-go-on = If you go on now
plan-if-it-goes-on = If it goes on now
plan-day = { $on }: Day { $day }. In the shoes of { $shoes }
plan-day-break = { $on }: a break, { $name }
plan-day-nothing = { $on }: no card is ready for this day yet
plan-nothing = No card is ready to go out. You can add one: { $how }
plan-care = People can turn to: { $contact }
plan-not-yet = Before the first card, the channel reads what this is and where to find help.
button-start-campaign = Start it
button-change-plan = Change other things
button-change-here = Change days and time
button-add-break = Add a break
button-change-breaks = Add or take out a break
button-pause-campaign = Pause
button-resume-campaign = Go on
button-add-channel = Add a channel
button-leave-campaign = Take this channel out
button-end-campaign = End it
button-back-to-plan = Back to the plan
button-look-at-plan = Look at the plan
button-end-sure = Yes, end it
button-add-prompt = Add a card
button-new-campaign = A new campaign
button-join-campaign = I have a code
button-campaign = Campaign { $number }: { $title }
button-plan = Plan { $number }: { $title }

### Changing it

campaign-change-title = Change the campaign
campaign-change-send = Save
campaign-title = What is it called?
campaign-round-up = Which day is for the round-up?
campaign-round-up-hint = A short list of the week’s cards.
campaign-no-round-up = No round-up
campaign-end = Last day
campaign-end-hint = Empty: with the last card.
break-name = What is the break for?
break-name-hint = The channel reads this: a bank holiday, an anniversary.
break-first = First day without a card
break-last = Last day without a card
break-last-hint = Leave it empty for one day.
break-take-out = Take a break out?
break-take-out-hint = To correct one: take it out here, and write it again above.
break-keep = No, leave them all
break-of-days = { $first } to { $last }: { $name }
break-of-a-day = { $first }: { $name }
campaign-code-summary = A code for another channel
campaign-code = With this code another channel can take part in “{ $title }”.
campaign-code-label = The code
campaign-code-how =
    Copy it. In the other channel, type /shoes link and put it in. In a browser room, press “I have a code”.
    It works in Slack, in Discord and in the browser, for { $days } days. Give it only to people you trust.
campaign-join-title = Take part in a campaign
campaign-join-code = The code
campaign-join-hint = Somebody who looks after the campaign can give it to you.
campaign-join-send = Take part
campaign-no-code = We do not know this code. Please check it, or ask for a new one.
campaign-in-past = This day is over. Please choose today or a later day.
campaign-wrong-order = The last day has to come after the first.
campaigns-heading = Campaigns
campaigns-here = These campaigns are in this channel.
campaigns-none = There is no campaign in this channel yet.
campaigns-planned = You have planned this, and not started it yet.

### Receipts

campaign-started-summary = The campaign is set
campaign-started = Done. The first card comes on { $on } at { $time } ({ $zone } time).
campaign-started-nothing = Done. No card is ready yet, so nothing goes out. You can add one: { $how }
campaign-started-how = You can look at it, pause it or change it at any time: { $how }
campaign-started-first = You look after the cards in this channel from now on.
campaign-left-summary = This channel is out
campaign-left = No more cards of “{ $title }” come here. The other channels go on.
campaign-end-sure = Shall this campaign end now? No more cards go out. Open cards stay open.
campaign-ended = The campaign has ended. Thank you for looking after it.
campaign-over = This campaign has ended.
campaign-over-how = To go on with it, give it a later last day.
campaign-not-yours = { $name } looks after the cards in this channel. Please ask them.
campaign-gone = This campaign is not here, or not here any more.

### What a channel is told

begins-heading = Something new begins here
begins-title = “{ $title }”
begins-what =
    Each day brings one card: a small moment from somebody’s life. You step into their shoes for a minute.
    Then you say what they would want us to know. Passing is always fine.
begins-care = This is for learning about each other. Nobody watches it all day.
begins-contact = If something here is hard for you, you can turn to: { $contact }
begins-help = If somebody is in danger now, call the emergency number. In the UK that is 999.
break-told-summary = A short break
break-told = We take a break: { $name }. The next card comes on { $back }.
break-told-last = We take a break: { $name }. No more cards come after it.
ended-told-summary = A campaign here has ended
ended-told = No more cards of “{ $title }” come. Thank you for stepping into the shoes of others.
ended-told-open = Cards that are open stay open until their time. A look back at all of them comes after that.
nothing-ready-summary = No card was ready today
nothing-ready = On { $on } there was no card to send out in “{ $title }”, not even in reserve.
day-heading = Day { $day }: a new card
day-heading-other = Day { $day }. { $state }
day-shoes = Today we step into the shoes of { $shoes }.
day-of = A card of “{ $title }”.
day-late = It comes late today. We are sorry.
day-corrected = A word in it was corrected.
