# The report of a campaign: what it came to, and its closing question.

report-heading = Our campaign has come to its end
report-of = What came of “{ $title }”
report-prompts =
    { $count ->
        [one] One card went out.
       *[other] { $count } cards went out.
    }
report-players = On the fullest day, { $count } people took part.
report-few-players = On each day, fewer than { $count } people took part.
report-written =
    { $count ->
        [0] Nobody wrote. That is fine.
        [one] One response was written.
       *[other] { $count } responses were written.
    }
report-pledges =
    { $count ->
        [one] One pledge was made.
       *[other] { $count } pledges were made.
    } { $done ->
        [0] { "" }
        [one] One is done.
       *[other] { $done } are done.
    }
report-groups = Who answered, group by group
report-group =
    { $count ->
        [one] one reply
       *[other] { $count } replies
    } on { $cards ->
        [one] one card
       *[other] { $cards } cards
    }
report-no-groups = We show no numbers for groups. Too few people answered on each card.
report-cards = The cards
report-card = Day { $day }: In the shoes of { $shoes }
report-question = Will you do something differently?
report-own-question = One last question
report-answer = Nobody sees what you choose. You can change it until { $until }. Then we count.
report-too-few = Too few people answered, so we show no numbers.
report-answered = { $count } people answered
report-choice = { $stance }
report-thanks-summary = Thank you
report-thanks = Thank you. You said: { $stance }. You can change it until { $until }.
report-answers-over = We have counted already. Thank you all the same.
button-report = See the whole report
report-link = Open the report
report-link-summary = Here is your way to the report
report-link-here = { $link }
report-link-how = This link is for you. It works once, in the next ten minutes.
report-column-what = What
report-column-day = Day
report-column-shoes = In the shoes of
report-column-group = Group
report-column-words = Words
report-column-total = How many
report-column-yes = Yes
report-column-not-sure = Not sure
report-column-no = No
report-column-lightbulbs = Lightbulbs
report-row-card = Card
report-not-quoted = Whoever told this let us show it as a card, and nobody quotes it.
report-row-group = Is it true here?
report-row-words = Words that moved people
report-row-pledge = Pledge
report-row-question = Closing question
