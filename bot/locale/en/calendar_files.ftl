# Calendar files of a campaign and of awareness weeks, and the way to them.

### The way to them

button-calendar-file = Calendar file
calendar-link = Open the page with the calendar file
calendar-link-summary = Here is your calendar file
calendar-link-here = { $link }
calendar-link-how = This link is for you. It works once, in the next ten minutes.
calendar-page-campaign = All days of “{ $title }” in this channel, with its breaks and round-ups.
calendar-page-weeks = The awareness weeks of this year and the next. Dates that nobody has confirmed are marked provisional.
calendar-page-how = Save the file, then open it. Your calendar asks you what to do with it.
calendar-page-again =
    The file does not change by itself. If the plan changes, get it again: it puts things right and doubles nothing.
    A day that is no longer planned stays in your calendar until you delete it.
calendar-page-care = It has no card in it, and no response. You can show it to your team.

### What is in them

calendar-campaign-name = In My Shoes
calendar-weeks-name = Awareness weeks
calendar-day = Day { $day }: a new card
calendar-day-of = A card of “{ $title }”.
calendar-day-shoes = In the shoes of { $shoes }
calendar-break = A break: no cards
calendar-break-back = The next card comes on { $back }.
calendar-break-last = No more cards come after it.
calendar-round-up = This week in our shoes
calendar-round-up-about = A look back at the cards since the last one.
calendar-may-change = It has not started, or it is paused. These days may change.
calendar-week = { $name }
calendar-week-provisional = { $name } (provisional)
calendar-week-not-sure = Nobody has confirmed these dates yet.
calendar-week-source = Who says so: { $source }
