# The words around the game in the browser room: headings, the frame of each page, forms.

room-name = In My Shoes
room-page-title = { $title } – In My Shoes
room-page-title-state = { $state } – { $title } – In My Shoes
room-page-title-problem = Please check: { $title }
room-skip = Skip to the room
room-skip-page = Skip to the text
room-menu = Pages
room-menu-room = The room
room-menu-privacy = Privacy
room-you-are = You are { $name }.
room-about = A relaxed game for teams: see one situation from somebody else’s shoes, then talk about it.
room-inspired = Inspired by the practice of the Whose Shoes?® board game by Gill Phillips. We are not connected with it.

# The room
room-practice = This is a practice room. Pretend players play with you, and their words are examples. Everybody who opens the practice room on this computer is in it too.
room-steps = Where this round is
room-step-responding = Respond
room-step-voting = Vote
room-step-both = Respond and vote
room-step-closed = Look back
room-state-none = No card yet
room-state-responding = Responses are open
room-state-both = Responses and votes are open
room-state-voting = Votes are open
room-state-closed = This round is closed
room-state-paused = This round is paused
room-card = The card
room-no-card = There is no card on the table yet.
room-no-card-deal = There is no card on the table yet. Anybody here may deal one.
room-mine = Only you see this
room-mine-empty = Your own response, your votes and our replies to you will be here. Nobody else sees this part.
room-next = When you are ready
room-recap = What this round came to
room-thread = The thread
room-thread-empty = Nobody has written here yet.
room-recaps = Earlier in this room
room-here = More here
room-here-where = “{ $button }” under “{ $menu }”
room-here-campaign = A campaign
room-here-story = Offer a story
room-here-library = The library
room-invite = Invite somebody
room-invite-link = Link to this room
room-invite-hint = Send it only to people you want here. Whoever opens it can join.
room-invite-copy = Copy the link
room-invite-copied = Copied

# What the small script says
room-live-lost = We lost the connection. New things will show up here once it is back. You can also load the page again.
room-press-lost = That did not reach us. Nothing has changed. Please try again.
room-your-time = { $moment } (your time)

# Forms
room-problems = Please have another look
room-optional = { $label } (optional)
room-choose = Please choose
room-limit = Up to { $limit } characters.
room-left = Characters left: { $count }
room-over = Characters too many: { $count }

# The first page
room-home-title = See it from somebody else’s shoes
room-home-how = How a round goes
room-home-step-1 = Read the card
room-home-step-1-about = One short moment from somebody’s life in health or social care, in their own voice.
room-home-step-2 = Step into their shoes
room-home-step-2-about = Would they say that this is true here? What would they want us to know? Passing is fine.
room-home-step-3 = See what others saw
room-home-step-3-about = Find common ground, notice where you differ, and pick one small thing to do.
room-home-groups = Four groups of people
room-home-groups-about = Every card speaks for somebody in one of these groups. Shape, letter and name always go together.
room-home-rooms = Your rooms
room-home-practice = Try the practice room
room-practice-shared = Everybody who opens it on this computer is in the same room.
room-too-many-streams-title = Many pages are open
room-too-many-streams = This room is open in many pages of your browser. Please close some of them.
room-too-many-rooms-title = That is enough rooms for today
room-too-many-rooms = You started many rooms today. Please try again tomorrow. Nothing has changed.
room-home-practice-about = One whole round in about a minute, with pretend players.
room-home-no-room = To join a room, open the link that somebody sent you.

# Joining
room-join-title = Join “{ $room }”
room-privacy-title = Privacy
room-back = Back to the room
room-back-home = Back to the first page

# The practice room's way on
room-next-button = Next
room-next-deal-button = Deal me a card
room-next-deal = Play a card with the pretend players. It takes about a minute.
room-next-reveal = Open everybody’s responses now. Then you can read them and vote.
room-next-close = Close the round now, and see what it came to.

# Replies in the thread
room-reply-response = response
room-reply-comment = comment
room-reply-early = early comment
room-reply-afterthought = afterthought
room-reply-gone = These words were removed.
room-reply-change = Change
room-reply-count = Count this as my response
room-reply-delete = Delete
room-reply-buttons = Your reply

# Rooms, and how to get in
room-practice-name = Practice room
room-guest = Guest
room-start-title = Start a room for your team
room-start-name = What is the room called?
room-start-you = What should people here call you?
room-empty-title = Please write what the room is called.
room-empty-name = Please write your name.
room-start-you-hint = A first name is fine. It stands beside what you write in the thread.
room-start-send = Open the room
room-join-send = Join the room
room-not-found-title = Not found
room-not-found = There is nothing here. The link may be old, or not whole.
room-no-seat-title = This room is not open to you yet
room-no-seat = To come in, open the link that somebody sent you.
room-stale-title = Please try once more
room-stale = This page was open for a long time, or came from somewhere else. Nothing has changed.
room-too-big-title = That was too much at once
room-too-big = Please send less text. Nothing has changed.
room-trouble-title = Something went wrong here
room-trouble = That is our fault, not yours. Nothing you sent before is lost. Please try again in a moment.
room-pretend-name = Pretend player { $number }
room-newest = This is an earlier card. { $link }
room-newest-link = Go to the newest card

### Pages behind a link

room-door-title = Your page is ready
room-door-about = The link works once. The page stays open for half an hour.
room-door-open = Open it
room-report-title = What came of our campaign
room-report-table = Save it as a table (CSV)
room-calendar-title = Your calendar file
room-calendar-save = Save the calendar file
