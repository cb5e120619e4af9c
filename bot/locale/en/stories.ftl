# Stories: keeping the words of a message, asking its writer, and taking them back.

story-title = Keep as a story
story-intro =
    Others can learn from your words. By sending this you agree that we keep them as a story, and note that it is yours.
    People in all our channels may then read it.
    A moderator reads it before anybody else does. You can take it back at any time.
story-words = Your words
story-shoes = In whose shoes is this told?
story-named = How may we name you?
story-named-hint = Colleagues may guess who wrote it, even without your name.
story-named-yes = With my name
story-named-no = Without my name
story-quoted = May others quote it?
story-quoted-hint = In the library and in reports. If not: only as a card.
story-quoted-yes = Yes
story-quoted-no = No
story-send = Keep it

story-kept = Kept. Nobody sees it until a moderator says yes. You can take it back at any time: /shoes me
story-kept-before = You keep these words as a story already. You can see it and take it back: /shoes me
story-kept-summary = About your story
story-asked = Thank you. We have asked them.
story-no-words = There are no words in this message, so there is nothing to keep.
story-not-one-writer =
    An app posted this message. It may hold the words of several people, and we cannot ask all of them.
    You can keep a message that one person wrote. We ask them first.
story-private-talk = This is a private talk, and its words stay here. You can keep a message from a channel.
story-gone = This story is not here, or not here any more. You can see what we keep of yours: /shoes me

story-request-summary = Somebody asks whether they may keep words of yours
story-request = { $name } would like to keep a message of yours as a story, so that others can learn from it.
story-request-label = Your words
story-request-how =
    It is up to you: yes and no are both fine. You can change the words first. If you say no,
    or nothing for 7 days, we delete this request. Whoever asked is not told what you said.
story-request-someone = Someone in your team
story-yes = Yes, keep it
story-no = No, thank you
story-declined = That is fine. We have deleted the request. Nobody is told.

stories-heading = Your stories
stories-none = You have no stories here.
stories-label = Story { $number }
stories-waiting = Story { $number }: somebody would like to keep these words, and it is up to you.
stories-offered = Nobody sees it until a moderator says yes.
stories-shoes = In the shoes of { $shoes }.
stories-named = With your name.
stories-not-named = Without your name.
stories-quoted = Others may quote it.
stories-not-quoted = Nobody may quote it.
stories-yes-number = Yes, keep story { $number }
stories-no-number = No, not story { $number }
stories-take-back = Take story { $number } back
stories-sure-summary = Shall we take this story back?
stories-sure =
    We then delete its words: from your list, from the library, and from a card that was made of it.
    We cannot bring them back.
button-story-sure = Yes, take it back
button-story-keep = No, keep it
stories-more = Show my other stories
stories-taken-back = It is gone. We have deleted your words. A note that we sent you earlier may still show how they begin. Nobody else sees it.
