"""Stories on their way: the forms for one, the queue of the moderators, and what the writer hears."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.actions import Action, Verb, write
from bot.game.campaigns import CampaignId
from bot.game.model import PERSPECTIVES, Mark, Outcome, Story, StoryId, StoryState
from bot.messages import (
    Block,
    Button,
    Buttons,
    Day,
    Field,
    Form,
    Heading,
    InputKind,
    Message,
    Option,
    Paragraph,
    Quote,
    Text,
)
from bot.views import forms, library, names, prompts
from bot.views.stories import STORY_LENGTH
from bot.views.words import plain, say, theirs

NAME_LENGTH = prompts.CREDIT_LENGTH
ASKED_LENGTH = 80  # characters
REASON_LENGTH = 300
TOPIC_LENGTH = 40

SHOW, QUOTE = "show", "quote"  # the values of `consent`
LIBRARY = "library"  # the value of `into` for no campaign
INTO = 20  # campaigns that are offered: Discord's list holds 25


@dataclass(frozen=True, slots=True)
class Kind:
    """Whose words a form is for, and what it has to carry: a field for which it had no room.

    `value` is how an action holds both. `asked`: it asks whether to leave details in.
    """

    own: bool = True
    asked: bool = False
    left_out: str = ""

    @property
    def value(self) -> str:
        """As an action holds it."""
        whose = "own" if self.own else "other"
        return f"{whose}-ask-{self.left_out}".rstrip("-") if self.asked else whose

    @property
    def field(self) -> str:
        """The field that it leaves out when it asks."""
        return "until" if self.own else "shoes"


def kind_of(value: str) -> Kind | None:
    """What the value of an action says; None for anything that `Kind.value` cannot have made."""
    whose, _, rest = value.partition("-")
    asked, _, left_out = rest.partition("-")
    if whose not in {"own", "other"} or asked not in {"", "ask"}:
        return None
    return Kind(own=whose == "own", asked=bool(asked), left_out=left_out)


# --- telling one -----------------------------------------------------------------------


def begin(*, waiting: StoryId | None = None) -> Message:
    """Whose words they are. `waiting`: the first story that waits, for those who look after the channel."""
    own = Button(plain("button-own-story"), _tell(Kind(own=True)), primary=True)
    other = Button(plain("button-others-story"), _tell(Kind(own=False)))
    queue = (queue_button(waiting),) if waiting is not None else ()
    return Message(
        say("telling-heading"),
        (
            Heading(say("telling-heading")),
            Paragraph(say("telling-what")),
            Paragraph(say("telling-how")),
            Buttons((own, other, *queue)),
        ),
    )


def queue_button(first: StoryId) -> Button:
    """The way to what waits for those who look after a channel: the `first` of it is shown."""
    return Button(plain("button-queue"), write(Action(Verb.QUEUE, about=first)))


def _tell(kind: Kind) -> str:
    return write(Action(Verb.STORY, value=kind.value))


def form(
    kind: Kind,
    *,
    story: Story | None = None,
    name: str = "",
) -> Form:
    """Fields `words`, `shoes`, `name`, `consent`, and `until` (own words) or `asked` (somebody else's).

    Where it asks about details, `leave_in` stands in the place of `until` or `shoes`. `story` is one
    that is changed, `name` how it is named now.
    """
    label = plain("story-words") if kind.own else plain("telling-words")
    fields = (
        Field(
            name="words",
            label=label,
            kind=InputKind.WORDS,
            hint=say("form-words-hint"),
            value=story.words if story else "",
            limit=STORY_LENGTH,
        ),
        *((forms.leave_in_field(),) if kind.asked else ()),
        _shoes(story),
        _name(name, own=kind.own),
        *(() if kind.own else (_asked(story),)),
        _consent(story, own=kind.own),
        *((_until(story),) if kind.own else ()),
    )
    shown = tuple(each for each in fields if not kind.asked or each.name != kind.field)
    return Form(
        title=plain("telling-again-title") if story else plain("telling-title"),
        action=action(kind, story.id if story else ""),
        fields=tuple(shown),
        submit=plain("telling-send"),
    )


def action(kind: Kind, story: str) -> str:
    """What sending the form does. `story` is the id of one that is changed, or empty."""
    return write(Action(Verb.TELL_STORY, about=story, value=kind.value))


def consent_form(
    story: Story,
    *,
    name: str,
) -> Form:
    """Fields `name`, `consent`, `until`, with what its writer agreed to so far."""
    own = not story.asked_by
    return Form(
        title=plain("telling-consent-title"),
        action=write(Action(Verb.SAVE_CONSENT, about=story.id)),
        fields=(_name(name, own=own), _consent(story, own=own), _until(story)),
        submit=plain("telling-consent-send"),
    )


def _shoes(story: Story | None) -> Field:
    return Field(
        name="shoes",
        label=plain("story-shoes"),
        kind=InputKind.ONE_OF,
        options=names.all_shoes(),
        value=(story.shoes or "") if story else "",
    )


def _name(value: str, *, own: bool) -> Field:
    return Field(
        name="name",
        label=plain("telling-name") if own else plain("telling-their-name"),
        kind=InputKind.LINE,
        hint=say("telling-name-hint"),
        value=value,
        limit=NAME_LENGTH,
        optional=True,
    )


def _asked(story: Story | None) -> Field:
    return Field(
        name="asked",
        label=plain("telling-asked"),
        kind=InputKind.LINE,
        hint=say("telling-asked-hint"),
        value=story.asked_by if story else "",
        limit=ASKED_LENGTH,
    )


def _consent(story: Story | None, *, own: bool) -> Field:
    """Nothing is chosen beforehand: an agreement is said, and not left standing."""
    agreed = (QUOTE if story.quoted else SHOW) if story else ""
    return Field(
        name="consent",
        label=plain("telling-consent") if own else plain("telling-their-consent"),
        kind=InputKind.ONE_OF,
        hint=say("telling-consent-hint"),
        options=(Option(SHOW, plain("telling-show")), Option(QUOTE, plain("telling-quote"))),
        value=agreed,
    )


def _until(story: Story | None) -> Field:
    return Field(
        name="until",
        label=plain("telling-until"),
        kind=InputKind.DATE,
        value=story.until.isoformat() if story and story.until else "",
        optional=True,
    )


def sent(story: Story, *, again: bool) -> Message:
    """The receipt."""
    told = say("telling-sent-again") if again else say("telling-sent")
    return names.note(say("story-kept-summary"), told, buttons=(_use(story),))


def saved(story: Story) -> Message:
    """How a story may be used was changed."""
    return names.note(say("story-kept-summary"), say("telling-saved"), buttons=(_use(story),))


def _use(story: Story) -> Button:
    return Button(plain("button-consent"), write(Action(Verb.CONSENT, about=story.id)))


# --- the queue -------------------------------------------------------------------------


def waits(id: StoryId, *, worried: bool = False) -> Message:
    """To those who look after a channel: something waits. Holds no words of it.

    `worried`: its words suggest harm.
    """
    more = (say("queue-note-worried"),) if worried else ()
    button = Button(plain("button-read-story"), write(Action(Verb.QUEUE, about=id)), primary=True)
    return names.note(say("queue-note-summary"), say("queue-note"), *more, buttons=(button,))


def queue(story: Story, name: str, *, count: int, after: StoryId | None, worried: bool = False) -> Message:
    """One story, as a moderator reads it. `name`: how it is to be named. `after` is the one that follows.

    `worried`: its words suggest harm.
    """
    shoes = PERSPECTIVES.get(story.shoes) if story.shoes is not None else None
    label = say("queue-label", shoes=names.shoes(shoes)) if shoes else say("queue-label-nobody")
    blocks: list[Block] = [
        Heading(say("queue-heading")),
        Paragraph(say("queue-count", count=count)),
        *((Paragraph(say("queue-worried")),) if worried else ()),
        Quote(label, theirs(story.words), tuple(_facts(story, name))),
        Buttons(
            (
                Button(
                    plain("button-approve-story"),
                    write(Action(Verb.APPROVE_STORY, about=story.id)),
                    primary=True,
                ),
                Button(plain("button-ask-change"), _reason(story, StoryState.CHANGE)),
                Button(plain("button-decline-story"), _reason(story, StoryState.DECLINED)),
            )
        ),
    ]
    if after is not None:
        blocks.append(Buttons((_next(after),)))
    return Message(say("queue-heading"), tuple(blocks))


def _facts(story: Story, name: str) -> Iterator[Text]:
    yield say("queue-named", name=theirs(name)) if name else say("queue-not-named")
    if story.asked_by:
        yield say("queue-asked", name=theirs(story.asked_by))
    yield say("stories-quoted") if story.quoted else say("stories-not-quoted")
    if story.until is not None:
        yield say("queue-until", until=Day(story.until))


def _reason(story: Story, state: StoryState) -> str:
    return write(Action(Verb.ASK_REASON, about=story.id, value=state.value))


def _next(id: StoryId) -> Button:
    return Button(plain("button-next-story"), write(Action(Verb.QUEUE, about=id)))


def queue_empty() -> Message:
    """Nothing waits."""
    return names.note(say("queue-empty"), say("queue-empty"))


def decided(state: StoryState, after: StoryId | None) -> Message:
    """The receipt of a moderator. `after` is the next story that waits."""
    match state:
        case StoryState.APPROVED:
            told = say("decided-approved")
        case StoryState.CHANGE:
            told = say("decided-change")
        case _:
            told = say("decided-declined")
    return names.note(say("decided-summary"), told, buttons=(_next(after),) if after is not None else ())


def decided_before(after: StoryId | None) -> Message:
    """It waits no longer."""
    buttons = (_next(after),) if after is not None else ()
    return names.note(say("refused-summary"), say("queue-decided"), buttons=buttons)


def approve_form(
    story: Story,
    campaigns: Sequence[tuple[CampaignId, str]],
) -> Form:
    """Fields `into` (a campaign or LIBRARY), `on`, `mark`, `outcome`, and `topic`; `shoes` if it has none."""
    into = tuple(
        Option(id, plain("approve-campaign", title=theirs(names.short(title))))
        for id, title in campaigns[:INTO]
    )
    only = plain("approve-library") if story.quoted else plain("approve-kept")
    fields = (
        Field(
            name="into",
            label=plain("approve-into"),
            kind=InputKind.ONE_OF,
            options=(*into, Option(LIBRARY, only)),
            value=into[0].value if into else LIBRARY,
        ),
        prompts.day_field(None),
        Field(
            name="mark",
            label=plain("approve-mark"),
            kind=InputKind.ONE_OF,
            options=tuple(Option(each.value, library.mark(each)) for each in Mark),
            value=Mark.STORY.value,
        ),
        Field(
            name="outcome",
            label=plain("approve-outcome"),
            kind=InputKind.ONE_OF,
            options=tuple(Option(each.value, library.outcome(each)) for each in Outcome),
        ),
        _topic() if story.shoes is not None else _shoes(None),
    )
    return Form(
        title=plain("approve-title"),
        action=write(Action(Verb.ADD_STORY, about=story.id)),
        fields=tuple(fields),
        submit=plain("approve-send"),
    )


def _topic() -> Field:
    return Field(
        name="topic",
        label=plain("approve-topic"),
        kind=InputKind.LINE,
        hint=say("approve-topic-hint"),
        limit=TOPIC_LENGTH,
        optional=True,
    )


def too_late() -> Text:
    """A field's problem: the day is so near that a reserve card goes out."""
    return say("approve-too-late")


def reason_form(
    id: StoryId,
    state: StoryState,
) -> Form:
    """One field, `reason`."""
    field = Field(
        name="reason",
        label=plain("reason-words"),
        kind=InputKind.WORDS,
        hint=say("reason-hint"),
        limit=REASON_LENGTH,
    )
    change = state is StoryState.CHANGE
    return Form(
        title=plain("reason-change-title") if change else plain("reason-decline-title"),
        action=write(Action(Verb.SEND_REASON, about=id, value=state.value)),
        fields=(field,),
        submit=plain("reason-send"),
    )


# --- what the writer hears -------------------------------------------------------------


def news(story: Story, campaign: str) -> Message:
    """What a moderator said to a story. `campaign` is the title of the one it goes into, or empty."""
    blocks: list[Block] = [Heading(say("story-news-summary"))]
    again = write(Action(Verb.STORY, about=story.id, value=Kind(own=not story.asked_by).value))
    change = Button(plain("button-change-story"), again, primary=True)
    match story.state:
        case StoryState.APPROVED:
            told = say("story-news-approved") if story.quoted else say("story-news-not-quoted")
            blocks.append(Paragraph(told))
            if campaign:
                blocks.append(Paragraph(say("story-news-card", title=theirs(campaign))))
            button = _use(story)
        case StoryState.CHANGE:
            blocks.append(Paragraph(say("story-news-change")))
            button = change
        case _:
            blocks.append(Paragraph(say("story-news-declined")))
            button = change
    if story.reason:
        blocks.append(Quote(say("story-news-reason"), theirs(story.reason)))
    # Its beginning: this stays in a private place of theirs, and they may take their words back.
    blocks.append(Quote(say("story-news-words"), theirs(names.short(story.words))))
    return Message(say("story-news-summary"), (*blocks, Buttons((button,))))
