# Pledges: small promises, who made them and what became of them.

pledges-heading = Pledges: small things we will do
pledges-summary = Pledges for a card
pledges-none = No pledges yet. One small thing is enough.
pledges-earlier =
    { $count ->
        [one] One earlier pledge is not shown here.
       *[other] { $count } earlier pledges are not shown here.
    }
pledge-label = { $name } will, by { $by }
pledge-label-number = { $number }. { $label }
pledge-open = Open
pledge-done = Done
pledge-dropped = Let go. That is fine.
pledge-joined =
    { $count ->
        [one] One more person joined in
       *[other] { $count } more people joined in
    }
button-join = Join in with pledge { $number }
my-pledge-heading = Your pledge
my-pledge-label = You will, by { $by }
my-pledge-how = How is it going? You can change this at any time.
