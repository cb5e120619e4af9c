"""Stories: the form for one, the question to its writer, one's own, and the answers on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.actions import Action, Verb, write
from bot.game.allowed import RESPONSE_LENGTH
from bot.game.model import PERSPECTIVES, ReplyId, Story, StoryState
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
from bot.views import forms, names
from bot.views.words import plain, say, theirs

STORY_LENGTH = RESPONSE_LENGTH  # characters: stories and responses stand side by side in the library
PAGE = 5  # of one's own stories in one message

YES, NO = "yes", "no"  # the values of `named` and `quoted`
SURE = "sure"


@dataclass(frozen=True, slots=True)
class Mine:
    """A page of somebody's own stories, the newest first. `before` stand on earlier pages."""

    stories: Sequence[Story] = ()
    before: int = 0
    total: int = 0


def form(
    source: ReplyId,
    *,
    words: str = "",
    details: bool = False,
) -> Form:
    """Fields `words`, `leave_in`, `shoes`, `named`, `quoted`. Sending it is the consent."""
    fields = (
        Field(
            name="words",
            label=plain("story-words"),
            kind=InputKind.WORDS,
            hint=say("form-words-hint"),
            value=words,
            limit=STORY_LENGTH,
        ),
        *((forms.leave_in_field(),) if details else ()),
        Field(
            name="shoes",
            label=plain("story-shoes"),
            kind=InputKind.ONE_OF,
            options=names.all_shoes(),
            optional=True,
        ),
        _yes_or_no("named", plain("story-named-yes"), plain("story-named-no")),
        _yes_or_no("quoted", plain("story-quoted-yes"), plain("story-quoted-no")),
    )
    return Form(
        title=plain("story-title"),
        action=write(Action(Verb.KEEP_STORY, about=source)),
        fields=tuple(fields),
        submit=plain("story-send"),
        intro=(Paragraph(say("story-intro")),),
    )


def _yes_or_no(name: str, yes: str, no: str) -> Field:
    """Nothing is chosen beforehand: an agreement is said, and not left standing."""
    label, hint = {
        "named": (plain("story-named"), say("story-named-hint")),
        "quoted": (plain("story-quoted"), say("story-quoted-hint")),
    }[name]
    return Field(
        name=name,
        label=label,
        kind=InputKind.ONE_OF,
        hint=hint,
        options=(Option(YES, yes), Option(NO, no)),
    )


def request(story: Story, asker: str) -> Message:
    """The question to the writer of a message. `asker` is the name of who would like to keep it."""
    name = theirs(asker) if asker else say("story-request-someone")
    return Message(
        say("story-request-summary"),
        (
            Heading(say("story-request-summary")),  # may be a notification too: it holds no name
            Paragraph(say("story-request", name=name)),
            Quote(say("story-request-label"), theirs(story.words)),
            Paragraph(say("story-request-how")),
            Buttons(
                (
                    Button(plain("story-yes"), write(Action(Verb.STORY, about=story.id)), primary=True),
                    Button(plain("story-no"), write(Action(Verb.NO_STORY, about=story.id))),
                )
            ),
        ),
    )


# --- one's own ---------------------------------------------------------------------------


def listed(mine: Mine) -> Iterator[Block]:
    """One's own stories, each with its button to take it back; nothing if there are none."""
    if not mine.stories:
        return
    yield Heading(say("stories-heading"))
    # Numbers tell the buttons apart for those who hear them one after the other.
    for number, story in enumerate(mine.stories, start=mine.before + 1):
        if story.state is StoryState.ASKED:
            yield Quote(say("stories-waiting", number=number), theirs(story.words))
            yes = Button(
                plain("stories-yes-number", number=number), write(Action(Verb.STORY, about=story.id))
            )
            no = Button(
                plain("stories-no-number", number=number), write(Action(Verb.NO_STORY, about=story.id))
            )
            yield Buttons((yes, no))
        else:
            yield Quote(say("stories-label", number=number), theirs(story.words), _remarks(story))
            yield Buttons(tuple(_own_buttons(number, story)))
    shown = mine.before + len(mine.stories)
    if shown < mine.total:
        more = write(Action(Verb.MY_STORIES, value=str(shown)))
        yield Buttons((Button(plain("stories-more"), more),))


def _own_buttons(number: int, story: Story) -> Iterator[Button]:
    if story.state in {StoryState.CHANGE, StoryState.DECLINED}:
        change = write(Action(Verb.STORY, about=story.id))
        yield Button(plain("stories-change-number", number=number), change)
    use = write(Action(Verb.CONSENT, about=story.id))
    yield Button(plain("stories-consent-number", number=number), use)
    back = write(Action(Verb.TAKE_STORY_BACK, about=story.id))
    yield Button(plain("stories-take-back", number=number), back)


def _remarks(story: Story) -> tuple[Text, ...]:
    shoes = PERSPECTIVES.get(story.shoes) if story.shoes is not None else None
    return (
        *((say("stories-shoes", shoes=names.shoes(shoes)),) if shoes is not None else ()),
        _named(story),
        say("stories-quoted") if story.quoted else say("stories-not-quoted"),
        *((say("stories-until", until=Day(story.until)),) if story.until is not None else ()),
        _state(story),
    )


def _named(story: Story) -> Text:
    if story.credit:
        return say("stories-credit", name=theirs(story.credit))
    return say("stories-named") if story.named else say("stories-not-named")


def _state(story: Story) -> Text:
    match story.state:
        case StoryState.APPROVED:
            return say("stories-approved") if story.quoted else say("stories-approved-only")
        case StoryState.CHANGE:
            return say("stories-change", reason=theirs(story.reason))
        case StoryState.DECLINED:
            return say("stories-declined", reason=theirs(story.reason))
        case _:
            return say("stories-offered")


def my_stories(mine: Mine) -> Message:
    """A page of one's own stories."""
    blocks = tuple(listed(mine)) or (Paragraph(say("stories-none")),)
    return Message(say("stories-heading"), blocks)


def sure(story: Story) -> Message:
    """Asked once before a story is taken back, with what happens then."""
    yes = write(Action(Verb.TAKE_STORY_BACK, about=story.id, value=SURE))
    keep = write(Action(Verb.MY_STORIES, value="0"))
    return Message(
        say("stories-sure-summary"),
        (
            Heading(say("stories-sure-summary")),
            Quote(say("story-request-label"), theirs(names.short(story.words))),
            Paragraph(say("stories-sure")),
            Buttons(
                (
                    Button(plain("button-story-sure"), yes, primary=True),
                    Button(plain("button-story-keep"), keep),
                )
            ),
        ),
    )


def taken_back(left: Mine) -> Message:
    """A story is gone; those that are left stand below, so that the next can go too."""
    return Message(say("story-kept-summary"), (Paragraph(say("stories-taken-back")), *listed(left)))


# --- the answers on the way --------------------------------------------------------------


def kept() -> Message:
    """The receipt."""
    return names.note(say("story-kept-summary"), say("story-kept"))


def kept_before() -> Message:
    """The same message again."""
    return names.note(say("story-kept-summary"), say("story-kept-before"))


def asked() -> Message:
    """All that who asked will hear, whatever the answer is, and whether or not it was asked before."""
    return names.note(say("story-asked"), say("story-asked"))


def declined() -> Message:
    """The writer said no."""
    return names.note(say("story-kept-summary"), say("story-declined"))


def no_words() -> Message:
    """A picture alone, or nothing."""
    return names.note(say("story-no-words"), say("story-no-words"))


def not_one_writer() -> Message:
    """A post of ours, or of another program's: a page of a reveal, a recap, a feed."""
    return names.note(say("refused-summary"), say("story-not-one-writer"))


def private_talk() -> Message:
    """A message that was written to one person, or to a few."""
    return names.note(say("refused-summary"), say("story-private-talk"))


def gone() -> Message:
    """One answer to a story of nobody, of somebody else and of elsewhere, so that it tells nothing."""
    return names.note(say("refused-summary"), say("story-gone"))
