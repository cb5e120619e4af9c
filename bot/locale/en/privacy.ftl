# The privacy page: what we promise, and nothing more.

privacy-heading = Who can see what
privacy-named = What you write in the conversation has your name beside it.
privacy-before = What you send with a form has no name on it. Moderators cannot see who wrote it. The program can pass you a note until the round closes.
privacy-after = Once a round has closed, nobody can tell who wrote what, not even us. Colleagues may still guess from your words.
privacy-numbers-heading = Numbers
privacy-numbers = When we split numbers by group, no group has fewer than { $threshold } people. In a small round the totals can still show what somebody chose.
privacy-kept-heading = What we keep
privacy-kept-words = We keep words for { $days } days after a round has closed. Then we delete them.
privacy-kept-counts = Totals of closed rounds stay.
privacy-kept-pledges = Pledges have your name on them. They go { $days } days after they were due, once they are done or dropped.
privacy-kept-stories =
    We keep a story, and that it is yours, as long as you agree. If somebody asks you for one,
    you say yes or no. After a no, or after 7 days, we delete the request with your words.
privacy-kept-privately =
    If you ask for cards privately, we keep that, your time, and which card came last. When you stop, or a
    week after the campaign has ended, we delete it. Whether you have answered a card is no part of it.
privacy-kept-cookie = One cookie tells us it is you when you come back. It is used for nothing else.
privacy-remove-heading = Taking your words back
privacy-remove = You can take your words back until responses close. After a round has closed, we cannot find them for you: we no longer know which are yours.
