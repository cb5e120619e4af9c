# The recap of a round.

recap-heading = What we heard
recap-summary = What we heard on a card
recap-written =
    { $count ->
        [one] One person wrote.
       *[other] { $count } people wrote.
    }
recap-empty = Nobody wrote this time. That is fine.
recap-then = True here? What people said first
recap-now = True here? What people say now
recap-everybody = everybody
recap-counts = { $yes } yes, { $not_sure } not sure, { $no } no
recap-shares = { $shares } ({ $of } people)
recap-yes = { $share } yes
recap-not-sure = { $share } not sure
recap-no = { $share } no
recap-too-few = too few to show
recap-left-out = left out, to protect a small group
share = { $percent }%
share-over-90 = over 90%
share-under-10 = under 10%
recap-common = Common ground
recap-common-groups = In every group we can show, at least 6 in 10 agree with this.
recap-common-all = At least 6 in 10 of those who voted agree with this.
recap-divided = Where groups differ
recap-divided-all = Where we differ
recap-agree = { $group }: mostly agree
recap-disagree = { $group }: mostly disagree
recap-torn = { $group }: split both ways
recap-mixed = { $group }: no clear side
recap-lightbulbs = Words that changed how we see it
recap-lightbulb-count =
    { $count ->
        [one] 💡 One lightbulb
       *[other] 💡 { $count } lightbulbs
    }
recap-above = The words are above.
recap-strong = What is already strong here?
recap-strong-about = Tell us in the thread. Small things count.
recap-not-yet-heard = Not yet heard from: { $groups }.
recap-more = You can still make a pledge, for seven days. { $link }
