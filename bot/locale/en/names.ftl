# What things are called: perspectives, groups, stances, choices, and buttons that recur.

### Perspectives

shoes-person = a person who uses services
shoes-carer = a family carer
shoes-frontline = a front-line worker
shoes-provider = someone who runs a service
shoes-manager = a manager
shoes-commissioner = a commissioner
shoes-leader = a leader

### Groups, alone or merged

group-people = people who use services
group-carers = carers
group-staff = staff and providers
group-deciders = decision makers
group-undeclared = people who did not say
list-more = { $one }, { $next }
list-last = { $one }, and { $last }

### Stances and votes

stance-yes = Yes
stance-not-sure = Not sure
stance-no = No
choice-agree = Agree
choice-not-sure = Not sure
choice-disagree = Disagree

### How people answer

policy-together = All at the same time
policy-after-you = After you have sent your own
policy-open = At once, in the thread, with names
policy-open-form-only = When the card closes, without names

### Buttons and links

button-respond = Respond
button-change = Change it
button-second-thoughts = Add second thoughts
button-withdraw = Take it back
button-tell-me = Tell me when it opens
button-do-not-tell = Do not tell me
button-vote = Vote
button-pledge = Make a pledge
button-more = More
button-resume = Go on
link-to-card = Go to the card

card-in-the-shoes = In the shoes of { $shoes }
button-next = Next response
button-pledge-done = It is done
button-pledge-dropped = Let it go
button-pledge-open = It is still open
button-pledge-remove = Delete it

### Channels

channel-unnamed = a private channel
