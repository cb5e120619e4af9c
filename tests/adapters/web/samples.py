"""Every page of the browser room in every state, for the tests that look at them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count

from adapters.web import pages
from adapters.web.pages import (
    CalendarPage,
    HomePage,
    JoinPage,
    Link,
    Next,
    NotePage,
    Post,
    PracticePage,
    PrivacyPage,
    RoomPage,
    Stage,
)
from adapters.web.render import Reader
from bot.game.model import Group, Phase, Policy, RoundId
from bot.messages import (
    Bar,
    Bullets,
    Button,
    Buttons,
    CardFace,
    Day,
    Field,
    Form,
    Heading,
    InputKind,
    Message,
    Option,
    Ours,
    Paragraph,
    Quote,
    Tally,
    Text,
    Theirs,
    ToRound,
    When,
)
from bot.views import calendar_files

UNTIL = datetime(2027, 6, 8, 8, 0, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script> @everyone \u202eevil {{7*7}} {% raw %} { $x } \"q\" 'x' "
    "<img src=x onerror=alert(1)> " + "longwordwithoutabreak" * 5
)


def a_reader() -> Reader:
    numbers = count(1)
    return Reader(csrf="a-csrf", channel="practice", event=lambda: f"event-{next(numbers)}")


def ours(words: str) -> Text:
    return (Ours(words),)


def theirs(words: str) -> Text:
    return (Theirs(words),)


COOKER = CardFace(
    Group.CARERS,
    ours("In the shoes of a family carer"),
    theirs("I came back from my sister's and the cooker was gone. I would have liked to be asked."),
    theirs("What would keep me safe and keep me cooking?"),
    theirs("This card is about losing a say."),
)
BOARD = Message(
    ours("A new card"),
    (
        COOKER,
        Paragraph(ours("Nobody sees what you write until everybody’s responses open together.")),
        Paragraph((Ours("Responses are open until "), When(UNTIL), Ours("."))),
        Buttons(
            (
                Button("Respond", "respond.r1", primary=True),
                Button("Pass", "pass.r1"),
                Button("More", "more.r1"),
            ),
            title="What would you like to do?",
        ),
    ),
)
RESPONSES = Message(
    ours("Responses"),
    (
        Heading(ours("Responses 1 to 2 of 2")),
        Quote(ours("1 · In the shoes of a family carer"), theirs("A pot of tea first."), (ours("Example"),)),
        Quote(ours("2 · In the shoes of a family carer"), theirs("They meant well.")),
    ),
)
BALLOT = Message(
    ours("Vote"),
    (
        Heading(ours("Response 1 of 2")),
        Quote(ours("1 · In the shoes of a family carer"), theirs("A pot of tea first.")),
        Buttons(
            (
                Button("Agree", "cast.r1.a.agree", pressed=True),
                Button("Not sure", "cast.r1.a.not_sure", pressed=False),
                Button("Disagree", "cast.r1.a.disagree", pressed=False),
            ),
            title="What do you think of this response?",
        ),
        Paragraph(ours("You have 2 lightbulbs left."), quiet=True),
        Buttons((Button("Next", "next.r1", primary=True), Button("Done", "done.r1")), title="Go on"),
    ),
)
RECEIPT = Message(
    ours("Thank you"),
    (
        Paragraph((Ours("Thank you. Everybody sees your words from "), When(UNTIL), Ours("."))),
        Buttons((Button("Change it", "respond.r1.c"), Button("Tell me when it opens", "tell.r1"))),
    ),
)
REFUSAL = Message(ours("Sorry"), (Paragraph(ours("You wrote this one yourself. Nothing has changed.")),))
RECAP = Message(
    ours("Recap"),
    (
        Heading(ours("Recap")),
        Tally(
            ours("True here? At first"),
            (Bar(ours("Yes"), ours("6 of 9"), 2 / 3), Bar(ours("No"), ours("3 of 9"), 1 / 3)),
        ),
        Heading(ours("Common ground")),
        Quote(ours("1 · In the shoes of a family carer"), theirs("A pot of tea first."), (ours("78 %"),)),
        Bullets((ours("Not yet heard from: decision makers."),)),
        Paragraph(
            (Ours("By "), Day(date(2027, 6, 20)), Ours(". "), ToRound("Go to the card", RoundId("r0")))
        ),
    ),
)


def a_response_form(*, words: str = "", problem: str = "") -> Form:
    stances = (Option("yes", "Yes"), Option("not_sure", "Not sure"), Option("no", "No"))
    return Form(
        title="Your response",
        action="send.r1",
        submit="Send",
        intro=(Paragraph(ours("In the shoes of a family carer.")),),
        fields=(
            Field(
                name="stance",
                label="Would a family carer say this is true here?",
                kind=InputKind.ONE_OF,
                options=stances,
                problem=ours("Choose yes, not sure or no.") if problem else (),
            ),
            Field(
                name="words",
                label="What would they want us to know?",
                kind=InputKind.WORDS,
                limit=500,
                optional=True,
                hint=ours("Please leave out names."),
                value=words,
                problem=ours(problem) if problem else (),
            ),
        ),
    )


REPLY = Form(
    title="Write in the conversation",
    action="reply.r1",
    submit="Send",
    fields=(Field(name="words", label="Your words", kind=InputKind.WORDS, limit=2000),),
)
DEAL = Form(
    title="Deal a card",
    action="deal",
    submit="Show me the card first",
    fields=(
        Field(
            name="deck",
            label="Deck",
            kind=InputKind.ONE_OF,
            options=tuple(Option(f"deck-{number}", f"Deck {number}") for number in range(9)),
        ),
        Field(name="by", label="Until", kind=InputKind.DATE, optional=True),
        Field(name="line", label="A line for the others", kind=InputKind.LINE, optional=True, limit=80),
    ),
)


def a_thread() -> tuple[Post | pages.Written, ...]:
    own = Buttons((Button("Change", "edit.r1.p1"), Button("Delete", "delete.r1.p1")), title="Your words")
    return (
        Post(id="post-1", message=RESPONSES),
        pages.Written(id="p1", name="Ada", words="One line.\nTwo.", kind="Comment", at=UNTIL, buttons=own),
        pages.Written(id="p2", name=HOSTILE, words=HOSTILE, kind="Early", at=UNTIL),
    )


def a_room() -> RoomPage:
    return RoomPage(
        reader=a_reader(),
        room="practice",
        title="Practice room",
        name="Ada",
        stage=Stage(phase=Phase.RESPONDING, policy=Policy.TOGETHER),
        board=BOARD,
    )


def responding() -> RoomPage:
    return replace(a_room(), mine=(a_response_form(),))


def to_be_checked() -> RoomPage:
    return replace(a_room(), mine=(a_response_form(words="x" * 520, problem="Please shorten it to 500."),))


def answered() -> RoomPage:
    return replace(a_room(), answer=RECEIPT)


def practising() -> RoomPage:
    way_on = Next(button=Button("Open the responses", "next"), line=ours("Answering ends."))
    return replace(a_room(), practice=True, next=way_on)


def voting() -> RoomPage:
    stage = Stage(phase=Phase.VOTING, policy=Policy.TOGETHER)
    invite = "http://127.0.0.1:8000/join/" + "a1b2" * 12
    return replace(a_room(), stage=stage, mine=(BALLOT,), thread=a_thread(), reply=REPLY, invite=invite)


def refused() -> RoomPage:
    return replace(voting(), answer=REFUSAL)


def closed() -> RoomPage:
    stage = Stage(phase=Phase.CLOSED, policy=Policy.TOGETHER)
    recaps = (Post(id="recap-1", message=RECAP),)
    recap = Post(id="recap-2", message=RECAP)
    return replace(
        a_room(), stage=stage, recap=recap, thread=a_thread(), reply=REPLY, deal=DEAL, recaps=recaps
    )


def empty() -> RoomPage:
    return replace(a_room(), board=None, stage=None, deal=DEAL)


def hostile_message() -> Message:
    words = theirs(HOSTILE)
    return Message(
        words,
        (
            Heading(words),
            *(CardFace(group, words, words, words, words) for group in Group),
            Paragraph(words),
            Bullets((words,)),
            Quote(words, words, (words,)),
            Tally(words, (Bar(words, words, 3.0),)),
            Buttons((Button(HOSTILE, HOSTILE), Button("B", "b", pressed=True)), title=HOSTILE),
        ),
    )


def hostile() -> RoomPage:
    return replace(a_room(), title=HOSTILE, name=HOSTILE, board=hostile_message())


def home() -> HomePage:
    rooms = (Link(words="Memory clinic", to="/rooms/2"),)
    return HomePage(reader=a_reader(), rooms=rooms, practice="/rooms/practice")


def practice() -> PracticePage:
    return PracticePage(reader=a_reader(), practice="/practice", back=Link(words="Back", to="/"))


def join() -> JoinPage:
    field = Field(name="name", label="Your name", kind=InputKind.LINE, limit=40)
    form = Form(title="How you will be shown", action="join", submit="Join the room", fields=(field,))
    return JoinPage(reader=a_reader(), title="Memory clinic", form=form, to="/join/token")


def privacy() -> PrivacyPage:
    return PrivacyPage(reader=a_reader(), message=RECAP, back=Link(words="Back to the room", to="/rooms/2"))


def calendar() -> CalendarPage:
    return CalendarPage(
        reader=a_reader(), message=calendar_files.page(None), file="/calendars/a/b/calendar.ics"
    )


def note() -> NotePage:
    return NotePage(reader=a_reader(), title="This link does not work any more", message=REFUSAL)


PAGES: dict[str, Callable[[], str]] = {
    "room": lambda: pages.room(a_room()),
    "responding": lambda: pages.room(responding()),
    "to-be-checked": lambda: pages.room(to_be_checked()),
    "answered": lambda: pages.room(answered()),
    "practising": lambda: pages.room(practising()),
    "voting": lambda: pages.room(voting()),
    "refused": lambda: pages.room(refused()),
    "closed": lambda: pages.room(closed()),
    "empty": lambda: pages.room(empty()),
    "hostile": lambda: pages.room(hostile()),
    "home": lambda: pages.home(home()),
    "practice": lambda: pages.practice(practice()),
    "join": lambda: pages.join(join()),
    "privacy": lambda: pages.privacy(privacy()),
    "note": lambda: pages.note(note()),
    "calendar": lambda: pages.calendar(calendar()),
}
