"""Stories on their way and the library in the gallery."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from bot.game.model import (
    ChannelId,
    Mark,
    Outcome,
    PersonId,
    PerspectiveId,
    Pledge,
    PledgeId,
    PledgeState,
    ReplyId,
    Story,
    StoryId,
    StoryState,
)
from bot.messages import Form
from bot.views import library, prompts, refusals, stories, tellings
from bot.views.library import Entry
from bot.views.tellings import Kind
from tests.builders import a_card
from tests.gallery.campaign_views import CAMPAIGN, View

MUM = Story(
    id=StoryId("t1"),
    channel=ChannelId("c1"),
    source=ReplyId("m1"),
    state=StoryState.OFFERED,
    words="Mum lit up when the new nurse asked about her garden, and not about her tablets.",
    shoes=PerspectiveId("carer"),
    named=True,
    quoted=True,
    credit="Jo, a daughter",
    until=date(2027, 12, 31),
    writer=PersonId("p1"),
)
PEARL = replace(
    MUM,
    id=StoryId("t2"),
    shoes=None,
    named=False,
    quoted=False,
    credit="",
    asked_by="Sam, at the lunch club",
    until=None,
)
APPROVED = replace(
    MUM, state=StoryState.APPROVED, mark=Mark.PRACTICE, outcome=Outcome.LISTENED_TO, topic="gardens"
)
CHANGE = replace(MUM, state=StoryState.CHANGE, reason="Please leave out the name of the ward.")
DECLINED = replace(CHANGE, state=StoryState.DECLINED)
DONE = Pledge(
    id=PledgeId("l1"),
    owner=PersonId("p1"),
    owner_name="Ada",
    words="ask him first",
    by=date(2027, 6, 30),
    state=PledgeState.DONE,
)


def _with_problems() -> Form:
    problems = {
        "words": refusals.empty(),
        "shoes": refusals.choose_one(),
        "consent": refusals.choose_one(),
        "until": refusals.date_in_past(),
    }
    return tellings.form(Kind()).again(problems=problems)


def _reason_sent_empty() -> Form:
    form = tellings.reason_form(MUM.id, StoryState.CHANGE)
    return form.again(problems={"reason": refusals.empty_reason()})


def _others_sent_empty() -> Form:
    return tellings.form(Kind(own=False)).again(problems={"asked": refusals.empty_asked()})


def _with_details(kind: Kind) -> Form:
    return tellings.form(kind).again({"words": "Ring me: 020 7946 0018"}, {"leave_in": refusals.leave_in()})


def _approve_with_problems() -> Form:
    problems = {"on": tellings.too_late(), "outcome": refusals.choose_one()}
    return tellings.approve_form(MUM, ()).again({"on": "2027-06-08"}, problems)


def of_tellings() -> Iterator[tuple[str, View]]:
    """Name and view, one after the other."""
    other = Kind(own=False)
    yield "telling", tellings.begin
    yield "telling for a moderator", partial(tellings.begin, waiting=MUM.id)
    yield "telling form", partial(tellings.form, Kind())
    yield "telling form with problems", _with_problems
    yield "telling form with details", partial(_with_details, Kind(asked=True, left_out="2027-12-31"))
    yield "telling form of others", partial(tellings.form, other)
    yield (
        "telling form of others with details",
        partial(_with_details, replace(other, asked=True, left_out="carer")),
    )
    yield "telling form again", partial(tellings.form, Kind(), story=CHANGE, name="Jo, a daughter")
    yield "telling form consent", partial(tellings.consent_form, MUM, name="Jo, a daughter")
    yield "telling form consent of others", partial(tellings.consent_form, PEARL, name="")
    yield "telling sent", partial(tellings.sent, MUM, again=False)
    yield "telling sent again", partial(tellings.sent, MUM, again=True)
    yield "telling saved", partial(tellings.saved, MUM)
    yield "queue note", partial(tellings.waits, MUM.id)
    yield "queue note of one that worries us", partial(tellings.waits, MUM.id, worried=True)
    worries = partial(tellings.queue, PEARL, "", count=1, after=None, worried=True)
    yield "queue of one that worries us", worries
    yield "queue", partial(tellings.queue, MUM, "Jo, a daughter", count=3, after=PEARL.id)
    yield "queue of one", partial(tellings.queue, PEARL, "", count=1, after=None)
    yield "queue empty", tellings.queue_empty
    for state in (StoryState.APPROVED, StoryState.CHANGE, StoryState.DECLINED):
        yield f"queue decided {state.value}", partial(tellings.decided, state, PEARL.id)
    yield "queue decided last", partial(tellings.decided, StoryState.APPROVED, None)
    yield "queue decided before", partial(tellings.decided_before, PEARL.id)
    running = [(CAMPAIGN.id, CAMPAIGN.title)]
    yield "queue form approve", partial(tellings.approve_form, MUM, running)
    yield "queue form approve without shoes", partial(tellings.approve_form, PEARL, ())
    yield "queue form approve with problems", _approve_with_problems
    yield "queue form change", partial(tellings.reason_form, MUM.id, StoryState.CHANGE)
    yield "queue form change sent empty", _reason_sent_empty
    yield "telling form of others sent empty", _others_sent_empty
    yield "queue form decline", partial(tellings.reason_form, MUM.id, StoryState.DECLINED)
    yield "story news approved", partial(tellings.news, APPROVED, "")
    yield "story news approved as a card", partial(tellings.news, APPROVED, CAMPAIGN.title)
    only_shown = replace(APPROVED, quoted=False)
    yield "story news approved and not quoted", partial(tellings.news, only_shown, CAMPAIGN.title)
    yield "stories kept and not quoted", lambda: stories.my_stories(stories.Mine([only_shown], 0, 1))
    yield "story news change", partial(tellings.news, CHANGE, "")
    yield "story news declined", partial(tellings.news, DECLINED, "")
    mine = stories.Mine(
        [APPROVED, replace(CHANGE, id=StoryId("t3")), replace(DECLINED, id=StoryId("t4"))], 0, 3
    )
    yield "my stories on their way", partial(stories.my_stories, mine)
    yield "library form", partial(library.form, ("gardens", "waiting rooms"))
    yield "library form without topics", partial(library.form, ())
    yield "library nothing", partial(library.found, (), skip=0, total=0, more="")
    entries = [
        *(
            Entry(story=replace(APPROVED, mark=mark, outcome=outcome), name="Jo, a daughter")
            for mark, outcome in zip((*Mark, *Mark, Mark.STORY), Outcome, strict=True)
        ),
        Entry(story=replace(PEARL, mark=Mark.BARRIER, quoted=True)),
        Entry(pledge=DONE, card=a_card(topics=("waiting rooms",))),
    ]
    yield "library", partial(library.found, entries[-2:], skip=0, total=2, more="")
    yield "library, more", lambda: library.found(entries[:7], skip=5, total=20, more="any_any_any_any_10")
    yield "library, one", partial(library.found, entries[-1:], skip=0, total=1, more="")
    assert prompts.WORDS_LENGTH == stories.STORY_LENGTH
