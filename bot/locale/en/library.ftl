# The library: what a team has learned, and how to find it.

library-title = The library
library-find-title = Look in the library
library-intro = Stories that people share with you, and promises that were kept.
library-mark = What are you looking for?
library-shoes = In whose shoes?
library-outcome = What is it about?
library-topic = Which topic?
library-any = Everything
library-send = Show me
library-nothing = We found nothing that fits. You can look for something else, or share a story: /shoes story
library-count =
    { $count ->
        [one] We found one.
       *[other] We found { $count }.
    }
library-label = { $number }. { $mark }
library-pledge = { $number }. Good practice: a promise that was kept
library-shoes-of = In the shoes of { $shoes }
library-about = About: { $outcome }
library-topic-of = Topic: { $topic }
library-by = Told by { $name }
library-pledge-words = I will { $words }
library-more = Show more
library-again = Look for something else

mark-barrier = Something that gets in the way
mark-practice = Good practice
mark-story = A story

outcome-listened-to = I am listened to
outcome-real-choice = I have real choice
outcome-information = I get information I understand
outcome-belong = I belong somewhere
outcome-safe = I am safe
outcome-time-and-support = Staff have time and support
outcome-joined-up = Things join up
