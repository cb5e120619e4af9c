# The ballot: one response at a time, and the second stance at its end.

ballot-summary = Your votes. Only you see this
ballot-heading = Your votes: { $number } of { $of }
ballot-votes = What do you think of this?
ballot-lightbulb = Lightbulb
button-lightbulb = 💡 Lightbulb: this changed how I see it
ballot-given =
    { $left ->
        [0] You gave this a lightbulb. You have none left.
        [one] You gave this a lightbulb. You have one left.
       *[other] You gave this a lightbulb. You have { $left } left.
    }
ballot-left =
    { $left ->
        [0] All your lightbulbs are given. You can take one back, and give it here.
        [one] You have one lightbulb left.
       *[other] You have { $left } lightbulbs left.
    }
button-done = Done
button-show-more = Show me more
ballot-more =
    { $left ->
        [one] Thank you. There is one more response. Would you like to read it?
       *[other] Thank you. There are { $left } more responses. Would you like to read on?
    }
second-heading = One last question
second-question = And now: would { $shoes } say this is true here?
second-first = At the start you said: { $stance }. You can say the same, or change your mind.
second-stances = True here?
ballot-done = Thank you. You can change your votes until it closes: { $closes }. Just press Vote again.
ballot-done-summary = Thank you for voting
ballot-done-pledge = Is there one small thing you will do? You can make a pledge. You do not have to.
ballot-no-others = There are no words by others to vote on yet.
ballot-no-others-later = Please look again later. The card closes { $closes }.
