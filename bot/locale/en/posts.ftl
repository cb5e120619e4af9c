# What a platform's frame adds to a post or a form: moments, pages, and what a screen cannot show.

### Moments: what Slack fills in, and what stands there where nobody knows the reader’s zone

moment = { $day } at { $time }
moment-in-zone = { $moment } ({ $city } time)

### A post too long for one

post-continued = { $what } (continued)
quote-continued = { $label } (continued)
post-nothing-left-summary = A message is shorter now
post-nothing-left = This message is shorter now. The part that stood here is not needed any more.

### What other places show by other means

chosen-button = { $label } (chosen)
spoken-button = { $row } { $label }
field-problem = Please check:
field-date-hint = For example 2027-06-30, or 30 June 2027.
view-close = Close

### A form that was refused, where a form cannot be shown again at once

sent-back-summary = This is not sent yet
sent-back = Please look at this again. Everything you wrote is kept here.
sent-back-button = Change it
