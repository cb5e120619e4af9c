"""The report of a campaign: what it came to, its closing question, and the page and the table of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.actions import Action, Verb, write
from bot.game.campaigns import Campaign, Posted
from bot.game.insight import Beyond, Cell, Cells, Counts, share
from bot.game.model import Pledge, PledgeState, Round, Stance
from bot.game.standing import Standing
from bot.messages import (
    Bar,
    Block,
    Bullets,
    Button,
    Buttons,
    Heading,
    Message,
    Paragraph,
    Quote,
    Tally,
    Text,
    Theirs,
    ToPage,
    When,
)
from bot.views import campaign_days, names, round_up
from bot.views.round_up import Moved
from bot.views.words import capital, plain, say, string, theirs

MOVED = 5  # quotes in the channel; the page has more
MOVED_ON_PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One card of a campaign, and what may be shown of it. `quoted`: its words, too."""

    entry: Posted
    round: Round
    standing: Standing
    quoted: bool = True

    @property
    def words(self) -> Text:
        """What the card said, or that its writer lets nobody quote it."""
        return theirs(self.round.card.statement) if self.quoted else say("report-not-quoted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A campaign in one channel, as everybody there may see it: nothing here comes from elsewhere.

    `counted`: the answers to the closing question, once `answers_until` has come. No number of fewer
    people than `threshold` is shown of it, nor of players.
    """

    campaign: Campaign
    played: Sequence[Played]
    moved: Sequence[Moved]
    threshold: int
    answers_until: datetime
    counted: Counts | None = None


def report(of: Report) -> Message:
    """What the channel reads, with the question."""
    blocks: list[Block] = [
        Heading(say("report-heading")),
        Paragraph(say("report-of", title=Theirs(of.campaign.title))),
        Bullets(tuple(_facts(of))),
        *_groups(of),
        *_moved(of.moved[:MOVED]),
        Heading(_question(of)),
    ]
    if of.campaign.closing_question:
        blocks.append(Paragraph(theirs(of.campaign.closing_question)))
    if of.counted is None:
        blocks += [
            Paragraph(say("report-answer", until=When(of.answers_until))),
            Buttons(tuple(_choice(of.campaign, each) for each in Stance), title=string(_question(of))),
        ]
    else:
        blocks += _answers(of, of.counted)
    see = Button(plain("button-report"), write(Action(Verb.REPORT, about=of.campaign.id)))
    return Message(say("report-heading"), (*blocks, Buttons((see,))))


def page(of: Report) -> Message:
    """All of it, for its page on the web."""
    pledged = [pledge for each in of.played for pledge in each.standing.pledges]
    blocks: list[Block] = [
        Heading(say("report-heading")),
        Paragraph(say("report-of", title=Theirs(of.campaign.title))),
        Bullets(tuple(_facts(of))),
        *_groups(of),
        Heading(say("report-cards")),
        *(_card(of, each) for each in of.played),
        *_moved(of.moved[:MOVED_ON_PAGE]),
    ]
    if pledged:
        blocks += [Heading(say("pledges-heading")), Bullets(tuple(theirs(each.words) for each in pledged))]
    if of.counted is not None:
        own = (Paragraph(theirs(of.campaign.closing_question)),) if of.campaign.closing_question else ()
        blocks += [Heading(_question(of)), *own, *_answers(of, of.counted)]
    return Message(say("report-heading"), tuple(blocks))


def _card(of: Report, played: Played) -> Quote:
    prompt = campaign_days.prompt_of(of.campaign, played.entry)
    label = say("report-card", day=played.entry.day, shoes=campaign_days.shoes(prompt.card, prompt.credit))
    written = say("recap-written", count=_written(played))
    return Quote(label, played.words, (written,) if _written(played) else ())


def _written(played: Played) -> int:
    return played.standing.cells.written if played.standing.cells is not None else 0


def _facts(of: Report) -> Iterator[Text]:
    yield say("report-prompts", count=len(of.played))
    most = max((cells.players for cells in _cells(of)), default=0)
    if most >= of.threshold:
        yield say("report-players", count=most)
    else:
        yield say("report-few-players", count=of.threshold)
    yield say("report-written", count=sum(map(_written, of.played)))
    pledged = [pledge for each in of.played for pledge in each.standing.pledges]
    if pledged:
        done = sum(each.state is PledgeState.DONE for each in pledged)
        yield say("report-pledges", count=len(pledged), done=done)


def _cells(of: Report) -> Iterator[Cells]:
    for each in of.played:
        if each.standing.cells is not None:
            yield each.standing.cells


def by_group(cells: Iterator[Cells]) -> dict[tuple[object, ...], tuple[Cell, Counts, int]]:
    """What each group said on all cards together, and on how many, by the cell's own name.

    Made of nothing but the numbers that each recap shows, so it can tell no more than they do.
    """
    found: dict[tuple[object, ...], tuple[Cell, Counts, int]] = {}
    for each in cells:
        for cell, counts in zip(each.cells, each.stance.cells, strict=True):
            if counts is None:
                continue
            key = (*cell.groups, cell.undeclared)
            _, before, cards = found.get(key, (cell, Counts(), 0))
            both = Counts(
                yes=before.yes + counts.yes,
                not_sure=before.not_sure + counts.not_sure,
                no=before.no + counts.no,
            )
            found[key] = (cell, both, cards + 1)
    return found


def _groups(of: Report) -> Iterator[Block]:
    found = by_group(_cells(of))
    whole = sum(counts.total for _, counts, _ in found.values())
    if whole:
        bars = (
            Bar(
                capital(names.groups(cell.groups, undeclared=cell.undeclared)),
                say("report-group", count=counts.total, cards=cards),
                counts.total / whole,
            )
            for cell, counts, cards in found.values()
        )
        yield Tally(say("report-groups"), tuple(bars))
    else:
        yield Paragraph(say("report-no-groups"))


def _moved(moved: Sequence[Moved]) -> Iterator[Block]:
    if moved:
        yield Heading(say("recap-lightbulbs"))
        yield from map(round_up.quote, moved)


# --- the closing question --------------------------------------------------------------


def _question(of: Report) -> Text:
    """The usual one; above the campaign's own, that it comes now."""
    return say("report-own-question") if of.campaign.closing_question else say("report-question")


def _choice(campaign: Campaign, stance: Stance) -> Button:
    action = Action(Verb.CLOSING, about=campaign.id, value=stance.value)
    return Button(names.stance(stance), write(action))


def _answers(of: Report, counts: Counts) -> Iterator[Block]:
    if counts.total < of.threshold:
        yield Paragraph(say("report-too-few"))
        return
    shares = ((Stance.YES, counts.yes), (Stance.NOT_SURE, counts.not_sure), (Stance.NO, counts.no))
    bars = (
        Bar(
            say("report-choice", stance=names.stance(stance)),
            _share(share(count, counts.total)),
            _drawn(share(count, counts.total)),
        )
        for stance, count in shares
    )
    yield Tally(say("report-answered", count=counts.total), tuple(bars))


def _share(part: int | Beyond) -> Text:
    match part:
        case Beyond.OVER_90:
            return say("share-over-90")
        case Beyond.UNDER_10:
            return say("share-under-10")
        case percent:
            return say("share", percent=percent)


def _drawn(part: int | Beyond) -> float:
    return {Beyond.OVER_90: 0.95, Beyond.UNDER_10: 0.05}[part] if isinstance(part, Beyond) else part / 100


def answered(stance: Stance, until: datetime) -> Message:
    """Thanks, and until when it can be changed."""
    return names.note(
        say("report-thanks-summary"), say("report-thanks", stance=names.stance(stance), until=When(until))
    )


def answered_too_late() -> Message:
    """The answers were counted before."""
    return names.note(say("refused-summary"), say("report-answers-over"))


def link(address: str) -> Message:
    """The way to the page, for one person."""
    to = ToPage(plain("report-link"), address)
    return names.note(say("report-link-summary"), say("report-link-here", link=to), say("report-link-how"))


# --- a table ---------------------------------------------------------------------------


def table(of: Report) -> Iterator[Sequence[str]]:
    """The same as rows: what, day, shoes, group, words, how many, three shares, lightbulbs; named first."""
    yield [
        plain("report-column-what"),
        plain("report-column-day"),
        plain("report-column-shoes"),
        plain("report-column-group"),
        plain("report-column-words"),
        plain("report-column-total"),
        plain("report-column-yes"),
        plain("report-column-not-sure"),
        plain("report-column-no"),
        plain("report-column-lightbulbs"),
    ]
    for each in of.played:
        prompt = campaign_days.prompt_of(of.campaign, each.entry)
        card = [str(each.entry.day), string(campaign_days.shoes(prompt.card, prompt.credit))]
        yield [plain("report-row-card"), *card, "", string(each.words), "", "", "", "", ""]
        for cell, counts, _ in by_group(iter((each.standing.cells,) if each.standing.cells else ())).values():
            group = string(names.groups(cell.groups, undeclared=cell.undeclared))
            yield [plain("report-row-group"), *card, group, "", *_numbers(counts)]
        for moved in (found for found in of.moved if found.day == each.entry.day):
            words = moved.response.words or moved.response.second_thoughts
            yield [plain("report-row-words"), *card, "", words, "", "", "", "", str(moved.lightbulbs)]
        for pledge in each.standing.pledges:
            yield [plain("report-row-pledge"), *card, "", _pledge(pledge), "", "", "", "", ""]
    if of.counted is not None and of.counted.total >= of.threshold:
        asked = of.campaign.closing_question or plain("report-question")
        yield [plain("report-row-question"), "", "", "", asked, *_numbers(of.counted)]


def _numbers(counts: Counts) -> Sequence[str]:
    """How many, and the shares as every output shows them: never that all, or nobody, said something."""
    parts = (counts.yes, counts.not_sure, counts.no)
    return [str(counts.total), *(string(_share(share(each, counts.total))) for each in parts), ""]


def _pledge(pledge: Pledge) -> str:
    match pledge.state:
        case PledgeState.OPEN:
            state = plain("pledge-open")
        case PledgeState.DONE:
            state = plain("pledge-done")
        case PledgeState.DROPPED:
            state = plain("pledge-dropped")
        case _:
            assert_never(pledge.state)
    return f"{pledge.words} ({state})"
