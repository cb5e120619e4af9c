"""The recap: what a round came to, as a new message in the channel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from bot.game.insight import Beyond, Cell, Cells, Counts, Shown, Side, Verdict, share
from bot.game.model import Policy, Response, ResponseId, Round
from bot.game.standing import Standing
from bot.messages import Bar, Block, Buttons, Heading, Message, Paragraph, Quote, Tally, Text, join
from bot.views import names, pledges
from bot.views.responses import label, quote
from bot.views.words import capital, say

SHOWN = 3  # responses to a part; the rest is in the thread
SHOWN_LENGTH = 280  # characters of a response; the whole of it is in the thread

# Below ten people, "over 90 %" can only mean all of them: counts say no more, and read better.
_FEW = 10
_DRAWN = {Beyond.OVER_90: 0.95, Beyond.UNDER_10: 0.05}  # a bar must not tell what the words keep back


def recap(round: Round, standing: Standing) -> Message:
    """What was said, where we agree and differ, what moved us, and what comes next."""
    blocks: list[Block] = [Heading(say("recap-heading")), names.card_quote(round)]
    if standing.responses:
        written = standing.cells.written if standing.cells else standing.writers
        blocks.append(Paragraph(say("recap-written", count=written)))
    else:
        blocks.append(Paragraph(say("recap-empty")))
    if standing.taken_out:
        blocks.append(Paragraph(say("recap-taken-out", count=standing.taken_out)))
    if standing.cells is not None:
        blocks += _stances(standing.cells)
        blocks += _moved(round, standing.responses, standing.cells)
    if standing.responses and round.policy is not Policy.OPEN:
        # Beside the words it is about, and not below pledges, which have names.
        blocks.append(Paragraph(say("sees-after")))
    blocks += [Heading(say("recap-strong")), Paragraph(say("recap-strong-about"))]
    if standing.pledges:
        blocks += [Heading(say("pledges-heading")), *pledges.listed(round, standing.pledges)]
    if standing.cells is not None and standing.cells.not_yet_heard:
        unheard = names.groups(standing.cells.not_yet_heard)
        blocks.append(Paragraph(say("recap-not-yet-heard", groups=unheard)))
    blocks += [Paragraph(say("recap-more", link=names.to_round(round))), Buttons((names.pledge(round),))]
    return Message(say("recap-summary"), tuple(blocks))


# --- stances, then and now ---------------------------------------------------------------


def _stances(cells: Cells) -> Iterator[Block]:
    for title, shown in (
        (say("recap-then"), cells.stance),
        (say("recap-now"), cells.second_stance),
    ):
        if shown.total is None or shown.total.total > 0:
            yield Tally(title, _bars(cells, shown))


def _bars(cells: Cells, shown: Shown) -> tuple[Bar, ...]:
    return (
        _bar(say("recap-everybody"), shown.total, say("recap-left-out"), exact=not cells.cells),
        *(
            _bar(_cell(cell), counts, say("recap-too-few"), exact=False)
            for cell, counts in zip(cells.cells, shown.cells, strict=True)
        ),
    )


def _bar(label: Text, counts: Counts | None, otherwise: Text, *, exact: bool) -> Bar:
    if counts is None:
        return Bar(capital(label), otherwise, 0.0)
    if exact and counts.total < _FEW:
        value = say("recap-counts", yes=counts.yes, not_sure=counts.not_sure, no=counts.no)
        return Bar(capital(label), value, counts.yes / counts.total)
    yes = share(counts.yes, counts.total)
    shares = (
        say("recap-yes", share=_share(yes)),
        say("recap-not-sure", share=_share(share(counts.not_sure, counts.total))),
        say("recap-no", share=_share(share(counts.no, counts.total))),
    )
    parts = (yes, share(counts.not_sure, counts.total), share(counts.no, counts.total))
    # "Under 10%" says as little as leaving it out, and costs a line on a phone.
    told = [text for text, part in zip(shares, parts, strict=True) if part is not Beyond.UNDER_10]
    value = say("recap-shares", shares=join(told, ", "), of=counts.total)
    return Bar(capital(label), value, _DRAWN[yes] if isinstance(yes, Beyond) else yes / 100)


def _share(part: int | Beyond) -> Text:
    match part:
        case Beyond.OVER_90:
            return say("share-over-90")
        case Beyond.UNDER_10:
            return say("share-under-10")
        case percent:
            return say("share", percent=percent)


def _cell(cell: Cell) -> Text:
    return names.groups(cell.groups, undeclared=cell.undeclared)


# --- responses that moved people ---------------------------------------------------------


def _moved(round: Round, responses: Sequence[Response], cells: Cells) -> Iterator[Block]:
    """Common ground, where groups differ, lightbulbs. A response is quoted once."""
    readable = {each.id: each for each in responses if not each.removed}
    counts = [each for each in cells.responses if each.response in readable]
    quoted: set[ResponseId] = set()

    def shown(count: Verdict, *remarks: Text) -> Quote:
        response = readable[count.response]
        above = label(round, response, shoes=False)
        if count.response in quoted:
            return Quote(above, say("recap-above"), remarks)
        quoted.add(count.response)
        return quote(response, above, *remarks, length=SHOWN_LENGTH)

    common = [each for each in counts if each.is_common_ground]
    if common:
        yield Heading(say("recap-common"))
        yield Paragraph(say("recap-common-groups") if cells.cells else say("recap-common-all"))
        yield from (shown(each) for each in common[:SHOWN])

    divided = [each for each in counts if each.divided]
    if divided:
        yield Heading(say("recap-divided") if cells.cells else say("recap-divided-all"))
        yield from (shown(each, *_sides(cells, each)) for each in divided[:SHOWN])

    bright = sorted((each for each in counts if each.lightbulbs), key=lambda each: -each.lightbulbs)
    if bright:
        yield Heading(say("recap-lightbulbs"))
        yield from (
            shown(each, say("recap-lightbulb-count", count=each.lightbulbs)) for each in bright[:SHOWN]
        )


def _sides(cells: Cells, verdict: Verdict) -> Iterator[Text]:
    """Which group is on which side, and which is split."""
    for cell, side in zip(cells.cells, verdict.sides, strict=True):
        if side is None:
            continue
        group = capital(_cell(cell))
        match side:
            case Side.TORN:
                yield say("recap-torn", group=group)
            case Side.AGREE:
                yield say("recap-agree", group=group)
            case Side.DISAGREE:
                yield say("recap-disagree", group=group)
            case Side.MIXED:
                yield say("recap-mixed", group=group)
            case _:
                assert_never(side)
