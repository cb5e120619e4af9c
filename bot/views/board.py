"""The public post of a round, its preview, the welcome, and the short notes around it."""

from __future__ import annotations

from typing import assert_never

from bot.actions import Action, Verb, write
from bot.game.campaigns import Occasion
from bot.game.effects import Line, News, Notice
from bot.game.model import Ending, Phase, Policy, Round
from bot.game.standing import Standing
from bot.messages import (
    Block,
    Button,
    Buttons,
    CardFace,
    Heading,
    Message,
    Paragraph,
    Quote,
    Text,
    Theirs,
    ToRound,
    When,
    join,
)
from bot.views import campaign_days, held, help_lines, names
from bot.views.words import plain, say, theirs


def board(round: Round, standing: Standing, occasion: Occasion | None = None) -> Message:
    """The post that everybody in the channel sees, as the round stands now.

    `occasion`: which day of which campaign it is, if somebody did not deal it.
    """
    if round.ending is Ending.TAKEN_BACK:
        return _taken_back()
    state: list[Block] = [Paragraph(text) for text in _state(round)]
    heading = _heading(round)
    day: tuple[Text, ...] = ()
    if occasion is not None:
        heading = campaign_days.day_heading(occasion, None if _is_new(round) else heading)
        day = campaign_days.of_day(occasion)
    said = (Paragraph(text) for text in day)
    shown: tuple[Block, ...] = (Heading(heading), *said, *face(round), *state)
    if round.phase is not Phase.CLOSED:
        shown = (*shown, *(Paragraph(text) for text in (*_fairness(round), *who_sees_what(round))))
    elif round.ending is Ending.FINISHED and standing.writers and round.policy is not Policy.OPEN:
        shown = (*shown, Paragraph(say("sees-after")))
    buttons = _buttons(round)
    buttoned = (*shown, Buttons(buttons)) if buttons else shown
    if occasion is not None and occasion.help:
        # A row of its own: an open card has as many buttons as a row holds.
        help = (Paragraph(say("board-help"), quiet=True), Buttons((help_lines.find_help(round.id),)))
        buttoned = (*buttoned, *help)
    return Message(_summary(round), buttoned, talk=_summary(round))


def face(round: Round) -> tuple[Block, ...]:
    """The card itself, and what belongs to it."""
    card = round.card
    blocks: list[Block] = [
        CardFace(
            group=card.perspective.group,
            shoes=say("card-in-the-shoes", shoes=names.shoes(card.perspective)),
            statement=theirs(card.statement),
            question=theirs(card.question),
            note=say("card-note", note=Theirs(card.content_note)) if card.content_note else (),
        )
    ]
    if card.media is not None:
        media = say("card-media", alt=Theirs(card.media.alt), url=Theirs(card.media.url))
        blocks.append(Paragraph(media))
    return tuple(blocks)


def times(round: Round) -> Text:
    """Until when each phase lasts."""
    closes = When(round.closes_at)
    if round.phase is Phase.RESPONDING and round.reveal_at is not None:
        return say("times-two", reveal=When(round.reveal_at), closes=closes)
    if round.phase is Phase.VOTING:
        return say("times-voting", closes=closes)
    return say("times-one", closes=closes)


def _fairness(round: Round) -> tuple[Text, ...]:
    """That the rule which gives every time zone its hours is off, where it is."""
    return () if round.fair else (say("fair-off"),)


def who_sees_what(round: Round) -> tuple[Text, ...]:
    """The promise on the card, as it holds until the close (spec: safety, section 1)."""
    lines: tuple[Text, ...]
    calls = round.last_call_at is not None
    match round.policy:
        case Policy.TOGETHER if round.phase is Phase.VOTING:
            lines = (join((say("sees-voting"), say("sees-before"))),)
        case Policy.TOGETHER:
            lines = (join((say("sees-together"), say("sees-before"))), say("sees-thread"))
        case Policy.AFTER_YOU:
            lines = (join((say("sees-after-you"), say("sees-before"))), say("sees-thread"))
        case Policy.OPEN if round.reads_thread:
            form = say("sees-open-form-call") if calls else say("sees-open-form")
            lines = (say("sees-open-thread"), join((form, say("sees-before"))))
        case Policy.OPEN:
            form = say("sees-form-only-call") if calls else say("sees-form-only")
            lines = (join((form, say("sees-before"))), say("sees-thread-not-counted"))
        case _:
            assert_never(round.policy)
    others = len(round.channels) - 1
    return (*lines, say("sees-linked", others=others)) if others > 0 else lines


def preview(round: Round, deal: Action) -> Message:
    """What dealing would post, for whoever deals. `deal` is what the button does."""
    card = round.card
    blocks: list[Block] = [Heading(say("preview-heading")), *face(round)]
    if card.plain:
        blocks.append(Quote(label=say("plain-label"), words=theirs(card.plain)))
    if card.facilitator_note:
        blocks.append(Quote(label=say("preview-note"), words=theirs(card.facilitator_note)))
    blocks += [
        Paragraph(times(round)),
        *(Paragraph(text) for text in _fairness(round)),
        Paragraph(say("preview-policy", policy=names.policy(round.policy, reads_thread=round.reads_thread))),
        *(Paragraph(text) for text in who_sees_what(round)),
        Paragraph(say("preview-again")),
        Buttons((Button(plain("button-deal"), write(deal), primary=True),)),
    ]
    return Message(say("preview-heading"), tuple(blocks))


def welcome(facilitator_name: str) -> Message:
    """The first thing the bot ever says in a channel. The name may be empty."""
    ask = say("welcome-ask", name=Theirs(facilitator_name)) if facilitator_name else say("welcome-ask-anyone")
    return Message(
        say("welcome-heading"),
        (
            Heading(say("welcome-heading")),
            Paragraph(say("welcome-what")),
            Paragraph(say("welcome-how")),
            Paragraph(ask),
        ),
    )


def line(round: Round, said: Line, standing: Standing) -> Message:
    """One short line in the channel, at the last call or a change of phase."""
    link = names.to_round(round)
    match said:
        case Line.LAST_CALL:
            until = say("line-last-call", until=When(round.deadline))
            texts = (until, say("state-count", count=standing.writers), *_silent(round, standing))
            return names.note(say("line-last-call-summary"), join((*texts, (link,))))
        case Line.REVEALED:
            text = say("line-revealed", closes=When(round.closes_at), link=link)
            return names.note(say("line-revealed-summary"), text)
        case Line.TAKEN_BACK:
            return names.note(say("line-taken-back-summary"), say("line-taken-back", link=link))
        case Line.CLOSED_WITHOUT_RESULTS:
            summary = say("line-without-results-summary")
            return names.note(summary, say("line-without-results", link=link))
        case _:
            assert_never(said)


def _silent(round: Round, standing: Standing) -> tuple[Text, ...]:
    """The groups that the last call named and that are silent to this moment, in a sentence."""
    groups = tuple(group for group in round.unheard if group in standing.not_yet_heard)
    return (say("line-not-yet-heard", groups=names.groups(groups)),) if groups else ()


def notice(round: Round, said: Notice, standing: Standing) -> Message:
    """What the card's thread is told when something out of the ordinary happens."""
    match said:
        case Notice.REVEALED_EARLY:
            text = say("notice-revealed-early")
        case Notice.CLOSED_EARLY:
            text = say("notice-closed-early")
        case Notice.EXTENDED:
            return names.note(say("notice-extended-summary"), say("notice-extended"), times(round))
        case Notice.WAITING:
            summary = say("notice-extended-summary")
            return names.note(summary, say("notice-waiting"), *_silent(round, standing), times(round))
        case Notice.PAUSED:
            text = say("notice-paused")
        case Notice.RESUMED:
            return names.note(say("notice-resumed"), say("notice-resumed"), times(round))
        case Notice.TAKEN_BACK:
            text = say("board-taken-back")
        case Notice.CLOSED_WITHOUT_RESULTS:
            text = say("state-without-results")
        case _:
            assert_never(said)
    return names.note(say("notice-summary"), text)


def news(round: Round, told: News, reason: str = "") -> Message:
    """What one person is told privately. `reason` is what whoever paused wrote."""
    link = names.to_round(round)
    match told:
        case News.OPENED:
            buttons = (names.vote(round, primary=True),) if round.phase is Phase.VOTING else ()
            return names.note(say("news-opened-summary"), say("news-opened", link=link), buttons=buttons)
        case News.TAKEN_BACK:
            return names.note(say("news-taken-back"), say("news-taken-back"), say("news-taken-back-about"))
        case News.CLOSED_WITHOUT_RESULTS:
            summary = say("line-without-results-summary")
            return names.note(summary, say("news-without-results", link=link), say("state-without-results"))
        case News.PAUSED:
            blocks: list[Block] = [Paragraph(say("news-paused", link=link))]
            if reason:
                blocks.append(Quote(label=say("news-paused-reason"), words=theirs(reason)))
            if round.pause is not None:
                blocks += [Paragraph(say("news-paused-decide")), Buttons((names.resume(round),))]
            return Message(say("news-paused-summary"), tuple(blocks))
        case News.HELD:
            return held.told(round)
        case News.HARM_IN_THREAD:
            return held.harm_in_thread(round)
        case _:
            assert_never(told)


def _taken_back() -> Message:
    # Without its words: they may be the reason why it was taken back.
    return Message(
        say("board-taken-back-heading"),
        (Heading(say("board-taken-back-heading")), Paragraph(say("board-taken-back"))),
    )


def _heading(round: Round) -> Text:
    if round.phase is Phase.CLOSED:
        return say("board-closed")
    if round.pause is not None:
        return say("board-paused")
    if round.phase is Phase.VOTING:
        return say("board-voting")
    return say("board-open")


def _is_new(round: Round) -> bool:
    return round.phase is Phase.RESPONDING and round.pause is None


def _summary(round: Round) -> Text:
    # A pack's own name for a perspective may name a condition, and a notification must not.
    if round.phase is Phase.RESPONDING and round.pause is None and not round.card.perspective.name:
        return say("board-open-summary", shoes=names.shoes(round.card.perspective))
    return _heading(round)


def _state(round: Round) -> tuple[Text, ...]:
    """How the round stands, in words."""
    if round.ending is Ending.WITHOUT_RESULTS:
        return (say("state-without-results"),)
    if round.phase is Phase.CLOSED:
        return (say("state-closed", link=ToRound(plain("link-this-card"), round.id)),)
    if round.pause is not None:
        return (
            (say("state-paused"), say("state-paused-asked")) if round.pause.asked else (say("state-paused"),)
        )
    if round.policy is Policy.OPEN:
        # Only here everybody sees the responses come in anyway.
        return (times(round), say("state-count", count=round.responses))
    return (times(round),)


def _buttons(round: Round) -> tuple[Button, ...]:
    if round.phase is Phase.CLOSED:
        return ()
    if round.pause is not None:
        if not round.pause.asked:
            return ()
        without_results = Action(Verb.CLOSE_WITHOUT_RESULTS, round.id)
        return (
            names.resume(round),
            Button(plain("button-without-results"), write(without_results)),
        )
    if round.phase is Phase.VOTING:
        return (names.vote(round, primary=True), names.pledge(round), names.more(round))
    pass_on = Button(plain("button-pass"), write(Action(Verb.PASS, round.id)))
    respond = names.respond(round, primary=True)
    match round.policy:
        case Policy.TOGETHER:
            return (respond, pass_on, names.more(round))
        case Policy.AFTER_YOU:
            return (respond, pass_on, names.vote(round), names.more(round))
        case Policy.OPEN if not round.reads_thread and not round.pages:
            # What is sent with the form is posted at the last call: until then there is nothing to vote on.
            return (respond, pass_on, names.pledge(round), names.more(round))
        case Policy.OPEN:
            return (respond, pass_on, names.vote(round), names.pledge(round), names.more(round))
        case _:
            assert_never(round.policy)
