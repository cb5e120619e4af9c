"""The pages of the browser room: what each one takes, and the HTML it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from adapters.web.render import TEMPLATES, Reader, one_line
from bot.game.model import Phase, Policy
from bot.messages import Button, Buttons, Form, Message, Text
from bot.views import words

# The ids in room_parts.html, as htmx wants them: these come with every answer.
CHANGING = "#state:innerHTML,#board,#mine,#next,#recap,#thread,#reply,#deal,#recaps"
TEMPLATES.globals["CHANGING"] = CHANGING


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post of ours in the thread or in the list of earlier ones. `id` is where links to it lead."""

    id: str
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a person wrote in the thread. `kind` says what it counts as, in our words."""

    id: str
    name: str
    words: str
    kind: str
    at: datetime
    buttons: Buttons | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The practice room's way on: a button, and a line that says what will happen."""

    button: Button
    line: Text


@dataclass(frozen=True, slots=True)
class Step:
    """One of the steps of a round, as the page names it."""

    words: str
    now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where the round on the table stands."""

    phase: Phase
    policy: Policy
    paused: bool = False

    @property
    def steps(self) -> tuple[Step, ...]:
        """Two or three, by the number of deadlines, and which of them is now."""
        steps = {
            Phase.RESPONDING: "room-step-responding" if self._two else "room-step-both",
            Phase.VOTING: "room-step-voting",
            Phase.CLOSED: "room-step-closed",
        }
        if not self._two:
            del steps[Phase.VOTING]
        return tuple(Step(words.plain(each), now=phase is self.phase) for phase, each in steps.items())

    @property
    def state(self) -> str:
        """The same in one line."""
        if self.paused:
            return words.plain("room-state-paused")
        if self.phase is Phase.RESPONDING and not self._two:
            return words.plain("room-state-both")
        return words.plain(f"room-state-{self.phase}")

    @property
    def _two(self) -> bool:
        return self.policy is Policy.TOGETHER


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomPage:
    """A room with the card that is on the table, as one player sees it.

    `answer` is our reply to this player's last press, `mine` what else only they see: their
    ballot, a form they opened. `recap` is what the round on the table came to; `recaps` are
    the earlier ones, the newest first. `invite` is a link, or empty. `menu` is what can be done
    besides the card.
    """

    reader: Reader
    room: str  # its id, in /rooms/...
    title: str
    name: str
    practice: bool = False
    invite: str = ""
    menu: Buttons | None = None
    stage: Stage | None = None
    board: Message | None = None
    answer: Message | None = None
    mine: tuple[Message | Form, ...] = ()
    next: Next | None = None
    thread: tuple[Post | Written, ...] = ()
    reply: Form | None = None
    deal: Form | None = None
    recap: Post | None = None
    recaps: tuple[Post, ...] = ()

    @property
    def state(self) -> str:
        """Where the round stands, in one line."""
        return self.stage.state if self.stage else words.plain("room-state-none")

    @property
    def window(self) -> str:
        """The title of the window: what needs another look, where the round stands, which room."""
        room = words.theirs(one_line(self.title))
        title = words.plain("room-page-title-state", state=self.state, title=room)
        return words.plain("room-page-title-problem", title=words.theirs(title)) if self._problem else title

    @property
    def _problem(self) -> bool:
        """Whether a form on the page asks for another look."""
        forms = [self.reply, self.deal, *self.mine]
        return any(field.problem for form in forms if isinstance(form, Form) for field in form.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A way on, in words of ours or a room's title."""

    words: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """The first page: what this is, the rooms this person is in, and the practice room."""

    reader: Reader
    rooms: tuple[Link, ...] = ()
    practice: str = ""  # where it is; empty if there is none
    start: Form | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticePage:
    """The door of the practice room. Only its button leads in."""

    reader: Reader
    practice: str  # where the button leads
    back: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPage:
    """What opens from an invitation: the room's name, and a form. Only sending it uses the link up."""

    reader: Reader
    title: str
    form: Form
    to: str  # where the form is sent
    intro: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyPage:
    """Who sees what, and what is kept."""

    reader: Reader
    message: Message
    back: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePage:
    """One thing to say, and a way on: what was not found, not allowed, or went wrong."""

    reader: Reader
    title: str
    message: Message
    back: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorPage:
    """What a link to a page opens: only its button uses the link up."""

    reader: Reader
    to: str  # where the button leads


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """The report of a campaign, and where it is as a table."""

    reader: Reader
    message: Message
    table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPage:
    """What a calendar file has in it, and where it is."""

    reader: Reader
    message: Message
    file: str


def room(page: RoomPage) -> str:
    """The whole room."""
    return _filled("room.html", page)


def room_fragment(page: RoomPage) -> str:
    """The parts of a room that change, for the script that puts each into its place."""
    return _filled("room_fragment.html", page)


def home(page: HomePage) -> str:
    """The first page."""
    return _filled("home.html", page)


def practice(page: PracticePage) -> str:
    """The door of the practice room."""
    return _filled("practice.html", page)


def join(page: JoinPage) -> str:
    """What an invitation opens."""
    return _filled("join.html", page)


def privacy(page: PrivacyPage) -> str:
    """The privacy page."""
    return _filled("privacy.html", page)


def door(page: DoorPage) -> str:
    """What a link to a page opens."""
    return _filled("page_door.html", page)


def report(page: ReportPage) -> str:
    """The report of a campaign."""
    return _filled("report.html", page)


def calendar(page: CalendarPage) -> str:
    """A calendar file, to be saved."""
    return _filled("calendar.html", page)


def note(page: NotePage) -> str:
    """One thing to say."""
    return _filled("note.html", page)


def _filled(template: str, page: object) -> str:
    """The template as a string that can be sent as UTF-8, whatever people wrote."""
    html = TEMPLATES.get_template(template).render(page=page)
    # A lone surrogate in somebody's name cannot be sent, and must not take the page with it.
    return html.encode("utf-8", "replace").decode("utf-8")
