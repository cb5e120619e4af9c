# What cannot be done, why, and what can be done instead.

refused-summary = Not this time
refused-round-closed = This card has closed, so nothing can change any more. You can still talk about it in the thread.
refused-round-paused = This card is paused. Nothing is lost. Please try again when it goes on.
refused-not-paused = This card is not paused. It just goes on.
refused-paused-before = You have paused this card once already. You can still pass, or talk to the facilitator.
refused-responding-over = The time to respond is over. You can still write in the thread.
refused-voting-not-open = That comes later. All responses open together: { $opens }. Voting starts then.
refused-respond-first = First send your own words with Respond. Then you can read the others and vote.
refused-nothing-sent =
    Please choose one of these, or write a few words. You can leave one of the two empty, but not both.
refused-words-needed = Please leave a few words here. To delete your words, press Take it back.
refused-nothing-to-take-back = There are no words of yours here to take back.
refused-already-responded = You have sent something already, so you are heard. There is no need to pass.
refused-reply-instead = Your response is in the thread. Please change it there.
refused-no-such-response = This response is not here any more. You can press Vote to see the others.
refused-no-such-reply = We cannot find these words of yours. They may be deleted already.
refused-own-response = This is your own response. You can vote on the others.
refused-no-lightbulbs-left = All your lightbulbs are given. You can take one back, and give it here.
refused-no-stance-here = This card has no right or wrong. Just tell us what they would want us to know.
refused-only-facilitator = Only the person who dealt this card can do that. You can ask them.
refused-only-organisers = Only an organiser, or the person who dealt this card, can do that. You can ask them.
refused-not-later = Please choose a later time, up to 14 days from now.
refused-times-changed = The time has changed already. This part is open until { $until } now. You can still add to it.
refused-decision-too-early = It is too early to close this card. Please wait until the pause is two days old.
refused-pledges-over = The time for pledges on this card is over. You can make one on the next card.
refused-no-such-pledge = This pledge is not here any more.
refused-not-your-pledge = Only the person who made this pledge can do that. You can join in instead.
refused-own-pledge = This is your own pledge, so you are in already.

unknown = This button is not for a card here. It may be from an old card. Please look for the newest one.
twice-summary = We have this already
twice = We have this already. There is nothing more to do.

problem-empty = Please write a few words.
problem-empty-title = Please write what it is called.
problem-empty-contact = Please write who people can turn to.
problem-empty-break = Please write what the break is for.
problem-empty-asked = Please write who asked them.
problem-empty-reason = Please write what you would like the writer to know.
problem-empty-source = Please write who announced these dates.
problem-empty-date = Please say which day.
problem-too-long = This is { $length } characters long. There is room for { $limit }. Please make it a little shorter.
problem-date-in-past = Please choose a day from today on, within a year.
problem-unreadable-date = We cannot read this date. Please write it like 2027-06-30.
problem-not-fair =
    This is too short in some places: { $zones }. Each place needs 8 hours between 09:00 and 21:00,
    from Monday to Friday. A fair time for all is { $fair }.
fair-share =
    { $count ->
        [0] { $city } gets hardly any time
        [one] { $city } gets 1 hour
       *[other] { $city } gets { $hours } hours
    }
fair-shares-more =
    { $count ->
        [one] { $shares }, and there is one more
       *[other] { $shares }, and there are { $count } more
    }
problem-unknown-zone = We do not know this place. Please write the big city that is nearest, such as London or Kolkata.
problem-choose-one = Please choose one of these.
restored = This card came back from a safety copy, so it can take no more. Nothing has changed. The next card works.
problem-leave-in = This looks like a phone number, e-mail, NHS number or postcode. Send it anyway?
