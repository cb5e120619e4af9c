# Responses: their pages, their labels, and one's own.

page-summary = Responses to a card
page-heading = Responses { $first } to { $last } of { $of }
page-heading-one = Response { $first } of { $of }
page-empty = No responses here
response-label = Somebody wrote
response-label-number = Response { $number }
response-label-shoes = { $number }. In the shoes of { $shoes }
response-example = { $label } (example)
response-removed = These words were removed.
response-second = Second thoughts: { $words }
response-only-second = Second thoughts: written after reading what others wrote.
response-cut = Shown in part. The rest is in the thread.
cut-short = { $words }…
someone = Someone
own-heading = What you sent
own-label = Your words
own-stance = True here? You said: { $stance }.
own-passed = You passed. That is fine.
own-nothing = You have not sent anything for this card. That is fine.
page-deleted = The responses that stood here were deleted.
