"""The table of the gallery: every view in every state, by name, for whoever renders it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TypeAlias

from bot.actions import Action, Verb
from bot.game import refusals as why
from bot.game.calendar import fair_close
from bot.game.effects import Line, News, Notice
from bot.game.insight import Cell, Shown
from bot.game.model import (
    PERSPECTIVES,
    CardKind,
    ChannelId,
    Choice,
    Ending,
    Group,
    Hold,
    Media,
    Pause,
    PerspectiveId,
    Phase,
    PledgeId,
    PledgeState,
    Policy,
    ReplyId,
    ReplyKind,
    ResponseId,
    Round,
    Stance,
    Story,
    StoryId,
    StoryState,
    Voice,
)
from bot.game.moves import (
    CastVote,
    ChangeReply,
    CloseRound,
    CloseWithoutResults,
    CountAsResponse,
    DecideHeld,
    DeleteReply,
    Extend,
    GiveLightbulb,
    ItIsFine,
    JoinPledge,
    MakePledge,
    Move,
    OpenVoting,
    Pass,
    PauseRound,
    RemovePledge,
    Respond,
    ResumeRound,
    SettlePledge,
    TakeBack,
    TakeLightbulb,
    TakeSecondStance,
    TellMe,
    Withdraw,
    WriteReply,
)
from bot.game.refusals import MoveRefused
from bot.messages import Form, Message
from bot.views import (
    ballot,
    board,
    channel_settings,
    forms,
    guide,
    home,
    more,
    pledges,
    privacy,
    recap,
    receipts,
    refusals,
    responses,
    stories,
    trouble,
    waiting,
)
from tests.builders import (
    ADA,
    BEN,
    NOON,
    OWN_PERSPECTIVE,
    a_card,
    a_count,
    a_deck,
    a_pledge,
    a_reply,
    a_response,
    a_round,
    a_standing,
    counts,
    hours,
    some_cells,
)
from tests.gallery.campaign_views import CAMPAIGN, of_campaigns
from tests.gallery.privately_views import of_privately
from tests.gallery.prompt_views import of_prompts
from tests.gallery.safe_views import of_care
from tests.gallery.telling_views import of_tellings
from tests.gallery.week_views import of_weeks

View: TypeAlias = Callable[[], Message | Form]

TODAY = NOON.date()
WHEN_DONE = date(2027, 6, 30)

P1, P2, P3, P4 = (ResponseId(f"p{place}") for place in range(1, 5))

ASK_HIM = a_response("Please ask him first. He hears every word.", place=1)
LOOK_TIRED = a_response(
    "I am not being difficult. I have not slept since Sunday.",
    place=2,
    second_thoughts="Reading the others: they have not slept either.",
)
REMOVED = a_response("", place=3, removed=True)
A_CHAIR = a_response("A third chair would do more than a third leaflet.", place=4)
LAST_ONE = a_response("Tell us what happens next, even when nothing does.", place=5)
SIXTH = a_response("Ring when you say you will ring.", place=6)
LONG = a_response("We waited. " * 60, place=1)
NAMED = a_response("I sat there last week, on both sides.", author=ADA, author_name="Ada")
ONLY_SECOND = a_response("", second_thoughts="I would say it more kindly now.", place=1)
EXAMPLE = a_response("My mum would say: look at me when you talk.", place=2, example=True)
WRITTEN = a_standing(ASK_HIM, LOOK_TIRED, REMOVED, A_CHAIR, LAST_ONE, SIXTH)

RICH_CARD = a_card(
    plain="They talk about Dad. They do not talk to Dad. He is in the room.",
    content_note="this card is about being ignored in hospital.",
    facilitator_note="If nobody starts, ask who sat where.",
    media=Media(url="https://example.org/chairs.jpg", alt="Three chairs in a waiting room, one turned away"),
)
POEM = a_card(kind=CardKind.CREATIVE)

TOGETHER = a_round()
AFTER_YOU = a_round(policy=Policy.AFTER_YOU)
OPEN = a_round(policy=Policy.OPEN)
VOTING = a_round(phase=Phase.VOTING)
CLOSED = a_round(phase=Phase.CLOSED, ending=Ending.FINISHED)
PAUSED = a_round(pause=Pause(since=NOON))


EIGHT = NOON - hours(4)
FOUR_ZONES = ("Europe/London", "Asia/Kolkata", "Pacific/Auckland", "America/Los_Angeles")
MANY_ZONES = (*FOUR_ZONES, "Australia/Sydney", "Asia/Tokyo", "America/New_York")

DEAL = Action(Verb.DEAL, about="carer-waiting-room", value="together-1440-1440")

# --- the board, and the short notes around it --------------------------------------------

BOARDS = {
    "together responding": TOGETHER,
    "together voting": VOTING,
    "together closed": CLOSED,
    "after you responding": AFTER_YOU,
    "after you closed": replace(CLOSED, policy=Policy.AFTER_YOU),
    "open without responses": OPEN,
    "open with one response": replace(OPEN, responses=1),
    "open with responses": replace(OPEN, responses=7),
    "open where we cannot read the thread": replace(OPEN, reads_thread=False, responses=2),
    "open with a last call to come": replace(OPEN, last_call_at=NOON + hours(36)),
    "open with a last call where we cannot read the thread": replace(
        OPEN, reads_thread=False, last_call_at=NOON + hours(36)
    ),
    "open after the last call where we cannot read the thread": replace(
        OPEN, reads_thread=False, responses=2, pages=1
    ),
    "that does not wait for every time zone": replace(TOGETHER, fair=False),
    "open closed": replace(CLOSED, policy=Policy.OPEN),
    "paused": PAUSED,
    "paused for two days": replace(PAUSED, pause=Pause(since=NOON, asked=True)),
    "closed without results": replace(CLOSED, ending=Ending.WITHOUT_RESULTS),
    "taken back": replace(CLOSED, ending=Ending.TAKEN_BACK),
    "with everything on the card": replace(TOGETHER, card=RICH_CARD),
    "in two channels": replace(TOGETHER, channels=(ChannelId("c1"), ChannelId("c2"))),
    "in three channels": replace(TOGETHER, channels=tuple(map(ChannelId, ("c1", "c2", "c3")))),
    "of a pack's own perspective": replace(TOGETHER, card=a_card(perspective=OWN_PERSPECTIVE)),
    **{f"for {each.id}": replace(TOGETHER, card=a_card(perspective=each)) for each in PERSPECTIVES.values()},
}


def _boards() -> Iterator[tuple[str, View]]:
    for name, round in BOARDS.items():
        standing = WRITTEN if round.phase is Phase.CLOSED else a_standing()
        yield f"board {name}", partial(board.board, round, standing)
    for policy in Policy:
        yield f"preview {policy.value}", partial(board.preview, a_round(policy=policy), DEAL)
    unread = a_round(policy=Policy.OPEN, reads_thread=False)
    yield "preview open where we cannot read the thread", partial(board.preview, unread, DEAL)
    yield "preview of a full card", partial(board.preview, replace(TOGETHER, card=RICH_CARD), DEAL)
    yield "welcome", partial(board.welcome, "Ada")
    yield "welcome without a name", partial(board.welcome, "")
    for line in Line:
        yield f"line {line.value}", partial(board.line, VOTING, line, a_standing())
    for notice in Notice:
        yield f"notice {notice.value}", partial(board.notice, TOGETHER, notice, a_standing())
    called = replace(TOGETHER, responses=3, unheard=(Group.CARERS, Group.STAFF))
    one_heard = a_standing(writers=3, not_yet_heard=(Group.PEOPLE, Group.CARERS))
    yield "line last_call that names a group", partial(board.line, called, Line.LAST_CALL, one_heard)
    yield "notice waiting that names a group", partial(board.notice, called, Notice.WAITING, one_heard)
    yield "preview that does not wait for every time zone", partial(board.preview, a_round(fair=False), DEAL)
    yield "news opened", partial(board.news, VOTING, News.OPENED)
    yield "news opened at the close", partial(board.news, CLOSED, News.OPENED)
    yield "news taken back", partial(board.news, CLOSED, News.TAKEN_BACK)
    without_results = replace(CLOSED, ending=Ending.WITHOUT_RESULTS)
    yield "news without results", partial(board.news, without_results, News.CLOSED_WITHOUT_RESULTS)
    yield "news paused", partial(board.news, PAUSED, News.PAUSED, "Somebody here is grieving.")
    yield "news paused, and over", partial(board.news, TOGETHER, News.PAUSED)


# --- responses ---------------------------------------------------------------------------


def _responses() -> Iterator[tuple[str, View]]:
    yield "responses first page", partial(responses.page, VOTING, WRITTEN, 1)
    yield "responses last page", partial(responses.page, VOTING, WRITTEN, 2)
    taken_back = replace(CLOSED, ending=Ending.TAKEN_BACK)
    yield "responses taken back", partial(responses.page, taken_back, a_standing(), 1)
    yield "responses none", partial(responses.page, VOTING, a_standing(), 1)
    yield "responses of few writers", partial(responses.page, VOTING, a_standing(ASK_HIM, LOOK_TIRED), 1)
    yield (
        "responses of few writers in an open round",
        partial(responses.page, replace(CLOSED, policy=Policy.OPEN), a_standing(NAMED, ASK_HIM), 1),
    )
    yield (
        "responses long, second thoughts alone",
        partial(responses.page, VOTING, a_standing(LONG, replace(ONLY_SECOND, place=2), writers=9), 1),
    )
    yield (
        "responses of pretend players",
        partial(responses.page, VOTING, a_standing(ASK_HIM, EXAMPLE, writers=9), 1),
    )
    yield "own response", partial(responses.own, _after(TOGETHER, response=ASK_HIM, stance=Stance.YES))
    yield "own stance", partial(responses.own, _after(TOGETHER, stance=Stance.NOT_SURE, tell_me=True))
    yield "own response after you", partial(responses.own, _after(AFTER_YOU, response=LOOK_TIRED))
    yield "own response in the thread", partial(responses.own, _after(OPEN, response=NAMED))
    yield "own pass", partial(responses.own, _after(TOGETHER, passed=True))
    yield "own nothing", partial(responses.own, TOGETHER)
    yield "own response while voting", partial(responses.own, _after(VOTING, response=ASK_HIM))


# --- forms -------------------------------------------------------------------------------


def _respond_with_problems() -> Form:
    problems = {"words": refusals.too_long(length=612, limit=500), "stance": refusals.choose_one()}
    return forms.respond_form(TOGETHER, ask_role=False).again({"words": "On and on."}, problems)


def _pledge_with_problems() -> Form:
    problems = {"words": refusals.empty(), "by": refusals.unreadable_date()}
    values = {"words": "", "by": "soon"}
    return forms.pledge_form(VOTING, today=TODAY).again(values, problems)


def _pledge_in_the_past() -> Form:
    problems = {"by": refusals.date_in_past()}
    return forms.pledge_form(VOTING, today=TODAY).again({"by": "2027-01-01"}, problems)


def _forms() -> Iterator[tuple[str, View]]:
    respond = forms.respond_form
    leave_in = {"leave_in": refusals.leave_in()}
    yield "form respond", partial(respond, TOGETHER, ask_role=False)
    yield "form respond the first time", partial(respond, TOGETHER, ask_role=True)
    yield "form respond with few writers", partial(respond, TOGETHER, ask_role=False, few=True)
    yield (
        "form respond with details",
        lambda: respond(
            TOGETHER,
            ask_role=False,
            details=True,
        ).again({"stance": "yes", "words": "Ring me on 01632 960 001."}, leave_in),
    )
    yield "form respond with problems", _respond_with_problems
    changed = _after(TOGETHER, response=ASK_HIM, stance=Stance.YES)
    yield "form respond again", partial(respond, changed, ask_role=False)
    yield "form respond to a poem", partial(respond, a_round(card=POEM), ask_role=False)
    frozen = _after(AFTER_YOU, response=ASK_HIM, stance=Stance.NO)
    yield "form second thoughts", partial(respond, frozen, ask_role=False)
    took_back = _after(AFTER_YOU, took_back=True)
    yield "form second thoughts after taking back", partial(respond, took_back, ask_role=False)
    yield "form respond with a thread reply", partial(respond, _after(OPEN, response=NAMED), ask_role=False)
    own_perspective = a_round(card=a_card(perspective=OWN_PERSPECTIVE))
    yield "form respond to a pack's own perspective", partial(respond, own_perspective, ask_role=True)
    yield "form pledge", partial(forms.pledge_form, VOTING, today=TODAY, name="Ben")
    yield "form pledge with problems", _pledge_with_problems
    yield "form pledge in the past", _pledge_in_the_past
    yield "form pause", partial(forms.pause_form, TOGETHER)
    ring = {"words": "Ring her on 01632 960 001."}
    detailed = partial(forms.pledge_form, VOTING, today=TODAY, name="Ben", details=True)
    yield "form pledge with details", lambda: detailed().again(ring, leave_in)
    detailed_reply = partial(forms.reply_form, TOGETHER, name="Ben", details=True)
    yield "form reply with details", lambda: detailed_reply().again(ring, leave_in)
    yield "form extend", partial(forms.extend_form, TOGETHER)
    yield "form deal", partial(forms.deal_form, (a_deck(), a_deck("Living with dementia")))
    unread = partial(forms.deal_form, (a_deck(), a_deck("Living with dementia")), reads_thread=False)
    yield "form deal where we cannot read threads", unread
    yield "form deal from one deck", partial(forms.deal_form, (a_deck(),))
    short = {"respond": refusals.not_fair(fair_close(EIGHT, hours(12), FOUR_ZONES))}
    yield (
        "form deal that is too short for a time zone",
        lambda: forms.deal_form(
            (a_deck(),),
            settled="caring-for-somebody",
            offers={"respond": "Tuesday 8 June, 05:00 (London time)"},
        ).again({"respond": "soonest"}, short),
    )
    yield (
        "form extend that is too short for a time zone",
        lambda: forms.extend_form(OPEN).again({"hours": "1"}, {"hours": short["respond"]}),
    )
    yield "form reply", partial(forms.reply_form, TOGETHER, name="Ben")
    yield "form change reply", partial(forms.change_reply_form, TOGETHER, a_reply())


# --- receipts ----------------------------------------------------------------------------


def _after(round: Round, **mine: object) -> Round:
    """The round as a player leaves it who has done this."""
    return a_round(card=round.card, policy=round.policy, phase=round.phase, ending=round.ending, mine=mine)


def _replied(round: Round, kind: ReplyKind) -> Round:
    reply = a_reply(kind=kind)
    return replace(round, replies={reply.id: reply})


T1 = ReplyId("t1")
G1 = PledgeId("g1")
SENT = Respond(id=P1, words=ASK_HIM.words, stance=Stance.YES)
REPLY = WriteReply(id=T1, response=P1, words="I have been in that room.", name="Ben")
COUNTED = replace(NAMED, reply=T1)
UNPOSTED = replace(ASK_HIM, place=None)
PLEDGED = MakePledge(id=G1, words="sit down first", by=WHEN_DONE, name="Ben", today=TODAY)

RECEIPTS: dict[str, tuple[Round, Move]] = {
    "it is fine": (_after(TOGETHER, response=ASK_HIM), ItIsFine()),
    "decided": (TOGETHER, DecideHeld(response=P1, hold=Hold.KEPT)),
    "together": (_after(TOGETHER, response=ASK_HIM), SENT),
    "together, will be told": (_after(TOGETHER, response=ASK_HIM, tell_me=True), SENT),
    "after you": (_after(AFTER_YOU, response=ASK_HIM), SENT),
    "open": (_after(OPEN, response=UNPOSTED), SENT),
    "open where we cannot read the thread": (
        a_round(policy=Policy.OPEN, reads_thread=False, mine={"response": UNPOSTED}),
        SENT,
    ),
    "stance": (_after(TOGETHER, stance=Stance.NO), Respond(id=P1, stance=Stance.NO)),
    "open, at the last call": (_after(replace(OPEN, last_call_at=NOON + hours(36)), response=UNPOSTED), SENT),
    "open, posted": (_after(OPEN, response=ASK_HIM), SENT),
    "second thoughts": (
        _after(AFTER_YOU, response=LOOK_TIRED),
        Respond(id=P1, words=LOOK_TIRED.second_thoughts),
    ),
    "second thoughts alone": (
        _after(AFTER_YOU, response=ONLY_SECOND, took_back=True),
        Respond(id=P1, words=ONLY_SECOND.second_thoughts),
    ),
    "withdraw": (TOGETHER, Withdraw()),
    "withdraw with a stance": (_after(TOGETHER, stance=Stance.YES), Withdraw()),
    "withdraw after you": (_after(AFTER_YOU, took_back=True), Withdraw()),
    "pass": (_after(TOGETHER, passed=True), Pass()),
    "reply that counts": (_after(OPEN, response=COUNTED), REPLY),
    "reply early": (_replied(TOGETHER, ReplyKind.EARLY), REPLY),
    "reply comment": (_replied(VOTING, ReplyKind.COMMENT), REPLY),
    "reply afterthought": (_replied(CLOSED, ReplyKind.AFTERTHOUGHT), REPLY),
    "change reply": (_replied(VOTING, ReplyKind.COMMENT), ChangeReply(id=T1, response=P1, words="Twice.")),
    "delete reply": (VOTING, DeleteReply(id=T1, response=P1)),
    "count as response": (_after(OPEN, response=COUNTED), CountAsResponse(id=T1, response=P1)),
    "vote": (_after(VOTING, choices={P1: Choice.AGREE}), CastVote(response=P1, choice=Choice.AGREE)),
    "lightbulb": (_after(VOTING, lightbulbs=frozenset({P1, P2})), GiveLightbulb(response=P1)),
    "lightbulb, the last": (_after(VOTING, lightbulbs=frozenset({P1, P2, P4})), GiveLightbulb(response=P1)),
    "lightbulb back": (_after(VOTING, lightbulbs=frozenset({P2})), TakeLightbulb(response=P1)),
    "second stance": (_after(VOTING, second_stance=Stance.YES), TakeSecondStance(stance=Stance.YES)),
    "tell me": (_after(TOGETHER, response=ASK_HIM, tell_me=True), TellMe()),
    "do not tell": (_after(TOGETHER, response=ASK_HIM), TellMe(wanted=False)),
    "pledge": (VOTING, PLEDGED),
    "pledge after the close": (CLOSED, PLEDGED),
    "join pledge": (VOTING, JoinPledge(pledge=G1)),
    "remove pledge": (VOTING, RemovePledge(pledge=G1)),
    **{f"settle pledge {each.value}": (VOTING, SettlePledge(pledge=G1, state=each)) for each in PledgeState},
    "pause": (PAUSED, PauseRound(reason="It is too close to home.")),
    "resume": (TOGETHER, ResumeRound()),
    "close without results": (replace(CLOSED, ending=Ending.WITHOUT_RESULTS), CloseWithoutResults()),
    "reveal": (VOTING, OpenVoting()),
    "close": (CLOSED, CloseRound()),
    "extend": (TOGETHER, Extend(by=hours(24))),
    "take back": (replace(CLOSED, ending=Ending.TAKEN_BACK), TakeBack()),
}


def _receipts() -> Iterator[tuple[str, View]]:
    yield "receipt dealt", partial(receipts.dealt, TOGETHER)
    yield "receipt dealt first", partial(receipts.dealt, TOGETHER, first=True)
    for name, (round, move) in RECEIPTS.items():
        yield f"receipt {name}", partial(receipts.receipt, round, move)


# --- the ballot --------------------------------------------------------------------------


def _ballots() -> Iterator[tuple[str, View]]:
    one = ballot.ballot
    voted = _after(VOTING, choices={P1: Choice.NOT_SURE}, lightbulbs=frozenset({P1}))
    all_given = _after(VOTING, lightbulbs=frozenset({P2, P3, P4}))
    yield "ballot new", partial(one, VOTING, ASK_HIM, number=3, of=12, lightbulbs_left=3)
    yield "ballot chosen", partial(one, voted, ASK_HIM, number=3, of=12, lightbulbs_left=2)
    yield "ballot last lightbulb", partial(one, VOTING, LOOK_TIRED, number=4, of=12, lightbulbs_left=1)
    yield "ballot given, one left", partial(one, voted, ASK_HIM, number=4, of=12, lightbulbs_left=1)
    yield "ballot given, none left", partial(one, voted, ASK_HIM, number=4, of=12, lightbulbs_left=0)
    yield "ballot without lightbulbs", partial(one, all_given, ASK_HIM, number=5, of=12, lightbulbs_left=0)
    yield "ballot of a thread reply", partial(one, OPEN, NAMED, number=1, of=1, lightbulbs_left=3)
    unplaced = replace(ASK_HIM, place=None)
    yield "ballot after you", partial(one, AFTER_YOU, unplaced, number=1, of=2, lightbulbs_left=3)
    yield "ballot more or done", partial(ballot.more_or_done, VOTING, 5)
    yield "ballot one more or done", partial(ballot.more_or_done, VOTING, 1)
    yield "ballot second stance", partial(ballot.second_stance, VOTING)
    moved = _after(VOTING, stance=Stance.YES, second_stance=Stance.NOT_SURE)
    yield "ballot second stance again", partial(ballot.second_stance, moved)
    yield "ballot done", partial(ballot.ballot_done, VOTING)
    yield "ballot no others", partial(ballot.no_others, VOTING)


# --- pledges and more --------------------------------------------------------------------


def _pledges() -> Iterator[tuple[str, View]]:
    done = a_pledge("ask who would like a chair", state=PledgeState.DONE, owner_name="Ada", joined=(BEN,))
    dropped = a_pledge("change the form", state=PledgeState.DROPPED, owner_name="")
    joined = a_pledge(joined=(ADA, BEN))
    listed = pledges.pledges
    yield "pledges", partial(listed, VOTING, (done, dropped, joined))
    yield "pledges none", partial(listed, VOTING, ())
    yield "pledges eleven", partial(listed, VOTING, (done, *[a_pledge()] * 10))
    yield "pledges many", partial(listed, VOTING, (done, dropped, *[a_pledge()] * 10))
    yield "my pledge open", partial(pledges.my_pledge, CLOSED, joined)
    yield "my pledge done", partial(pledges.my_pledge, CLOSED, done)


def _more() -> Iterator[tuple[str, View]]:
    full = a_round(card=RICH_CARD)
    yield "more for a player", partial(more.more, full, facilitator=False)
    yield "more for the facilitator", partial(more.more, full, facilitator=True)
    yield "more for the facilitator while voting", partial(more.more, VOTING, facilitator=True)
    yield "more for the facilitator while paused", partial(more.more, PAUSED, facilitator=True)
    yield "more after pausing once", partial(more.more, _after(TOGETHER, paused=True), facilitator=False)
    yield "more after the close", partial(more.more, CLOSED, facilitator=True)
    yield "more sure to take back", partial(more.sure_take_back, TOGETHER)
    yield "plain version", partial(more.plain_version, full)
    yield "what is this", more.what_is_this


# --- refusals ----------------------------------------------------------------------------


def refused() -> Iterator[MoveRefused]:
    """One of each refusal there is."""
    told: dict[type[MoveRefused], MoveRefused] = {
        why.VotingNotOpen: why.VotingNotOpen(NOON + hours(24)),
        why.TooLong: why.TooLong(length=612, limit=500),
        why.TimesChanged: why.TimesChanged(NOON + hours(48)),
        why.NotFair: why.NotFair(fair_close(EIGHT, hours(12), FOUR_ZONES)),
    }
    for kind in MoveRefused.__subclasses__():
        yield told[kind] if kind in told else kind()


def _refusals() -> Iterator[tuple[str, View]]:
    for error in refused():
        yield f"refused {type(error).__name__}", partial(refusals.refusal, error)
    unfair = why.NotFair(fair_close(EIGHT, hours(1), MANY_ZONES))
    yield "refused NotFair to many zones", partial(refusals.refusal, unfair)
    yield "unknown button", refusals.unknown
    yield "restored", refusals.restored
    yield "pressed twice", refusals.twice


# --- the recap ---------------------------------------------------------------------------

PEOPLE = Cell(groups=(Group.PEOPLE,))
CARERS_AND_STAFF = Cell(groups=(Group.CARERS, Group.STAFF))
THREE = Cell(groups=(Group.CARERS, Group.STAFF, Group.DECIDERS))
UNDECLARED = Cell(undeclared=True)
DECIDERS_TOO = Cell(groups=(Group.DECIDERS,), undeclared=True)

LARGE = some_cells(
    PEOPLE,
    CARERS_AND_STAFF,
    DECIDERS_TOO,
    players=40,
    written=6,
    stance=Shown(total=counts(26, 6, 8), cells=(counts(19, 0, 1), counts(5, 5, 4), counts(2, 1, 3))),
    second_stance=Shown(total=None, cells=(counts(20, 0, 0), None, None)),
    responses=(
        a_count(P1, counts(20, 2, 3), counts(12, 1, 2), counts(8, 1, 1), None, lightbulbs=4),
        a_count(P2, counts(14, 1, 12), counts(10, 0, 2), counts(1, 0, 9), counts(3, 1, 3), lightbulbs=1),
        a_count(P3, counts(9, 0, 9), counts(9, 0, 0), counts(0, 0, 9), None, lightbulbs=2),
        a_count(P4, counts(10, 4, 10), counts(2, 1, 7), counts(4, 2, 3), counts(4, 1, 0)),
    ),
    not_yet_heard=(Group.DECIDERS,),
)
SMALL = some_cells(
    players=4,
    written=4,
    stance=Shown(total=counts(3, 1, 0)),
    second_stance=Shown(total=counts(2, 1, 1)),
    responses=(
        a_count(P1, counts(3, 0, 0), lightbulbs=1),
        a_count(P2, counts(1, 0, 1)),
    ),
)


def _recaps() -> Iterator[tuple[str, View]]:
    pledged = (a_pledge(), a_pledge("ask who wants a chair", owner_name="Ada", joined=(BEN,)))
    large = replace(WRITTEN, cells=LARGE, pledges=pledged)
    yield "recap large", partial(recap.recap, CLOSED, large)
    small = replace(a_standing(ASK_HIM, LOOK_TIRED, A_CHAIR, LAST_ONE), cells=SMALL)
    yield "recap small", partial(recap.recap, CLOSED, small)
    yield "recap small after you", partial(recap.recap, replace(CLOSED, policy=Policy.AFTER_YOU), small)
    named = replace(small, responses=(replace(NAMED, id=P1), LOOK_TIRED))
    yield "recap open", partial(recap.recap, replace(CLOSED, policy=Policy.OPEN), named)
    yield "recap empty", partial(recap.recap, CLOSED, a_standing(cells=some_cells()))
    stances = some_cells(players=12, stance=Shown(total=counts(12, 0, 0)))
    yield "recap of stances alone", partial(recap.recap, CLOSED, a_standing(cells=stances))
    one = some_cells(players=1, written=1, responses=(a_count(P1, counts(0, 0, 0)),))
    yield "recap of one", partial(recap.recap, CLOSED, a_standing(ASK_HIM, cells=one))
    merged = some_cells(
        THREE,
        UNDECLARED,
        players=12,
        written=1,
        stance=Shown(total=counts(6, 3, 3), cells=(counts(3, 2, 1), counts(3, 1, 2))),
    )
    yield "recap of merged groups", partial(recap.recap, CLOSED, a_standing(LONG, cells=merged))
    torn = some_cells(players=9, written=2, responses=(a_count(P1, counts(5, 0, 4), lightbulbs=1),))
    yield "recap of a long response", partial(recap.recap, CLOSED, a_standing(LONG, cells=torn))


# --- commands, App Home, trouble ---------------------------------------------------------

VOICES = (
    Voice(perspective=PERSPECTIVES[PerspectiveId("carer")], stance=Stance.YES, text="He hears every word."),
    Voice(perspective=PERSPECTIVES[PerspectiveId("frontline")], stance=None, text="I did not see him there."),
)


def _guide() -> Iterator[tuple[str, View]]:
    yield "help", guide.help
    yield "help for an unknown word", partial(guide.help, unknown=True)
    yield "no card here", guide.no_card
    two = [a_round(card=a_card(statement=words)) for words in ("They talk over his head.", "I wait. " * 30)]
    yield "which card", partial(guide.which_card, two)
    yield "recap later", partial(guide.recap_later, TOGETHER, earlier=None)
    yield "recap later, with one before", partial(guide.recap_later, TOGETHER, earlier=CLOSED)
    yield "recap of a paused card", partial(guide.recap_later, PAUSED, earlier=None)
    yield "no recap", guide.no_recap
    yield "me", partial(guide.me, PerspectiveId("carer"), zone="Asia/Kolkata", retention_days=90)
    yield "me without a role", partial(guide.me, None, retention_days=90)
    yield "form role", partial(guide.role_form, PerspectiveId("carer"))
    choose = {"own_role": refusals.choose_one()}
    yield "form role with a problem", partial(guide.role_form(None).again, problems=choose)
    yield "role set", guide.role_set
    yield "form zone", partial(guide.zone_form, "")
    typo, wrong = {"zone": "Lodnon"}, {"zone": refusals.unknown_zone()}
    yield "form zone with a problem", lambda: guide.zone_form("").again(typo, wrong)
    yield "form zone that is known", partial(guide.zone_form, "America/New_York")
    yield "zone set", partial(guide.zone_set, "America/New_York")
    yield "zone forgotten", partial(guide.zone_set, "")
    yield "form settings", partial(channel_settings.form, "London")
    yield "form settings with a problem", lambda: channel_settings.form("Moon").again(problems=wrong)
    yield "settings saved", partial(channel_settings.saved, "Asia/Kolkata", NOON)
    yield "privacy without a cookie", partial(privacy.privacy, retention_days=90, threshold=5, cookie=False)
    yield "try a card", partial(guide.try_card, a_card(voices=VOICES), voices=False)
    yield "try a card, its voices", partial(guide.try_card, a_card(voices=VOICES), voices=True)


def _home() -> Iterator[tuple[str, View]]:
    here = ChannelId("c1")
    cards = [
        home.OpenCard(_after(OPEN, response=NAMED), here, "general"),
        home.OpenCard(PAUSED, here, "general"),
        home.OpenCard(TOGETHER, here, "general"),
        home.OpenCard(VOTING, ChannelId("c2"), "ward 7"),
        home.OpenCard(_after(AFTER_YOU, passed=True), here, "general"),
    ]
    yield "home of somebody new", partial(home.home, (), ())
    yield "home", partial(home.home, cards, [home.DuePledge(TOGETHER.id, here, a_pledge())])
    yield "home where all is done", partial(home.home, cards[:1], ())
    series = [
        home.Series(here, "general", CAMPAIGN.id, CAMPAIGN.title),
        home.Series(ChannelId("c2"), "ward 7"),
    ]
    yield "home of an organiser", partial(home.home, (), (), series)
    unnamed = [home.OpenCard(TOGETHER, here, "")]
    yield "home with a channel whose name we do not know", partial(home.home, unnamed, ())


def _trouble() -> Iterator[tuple[str, View]]:
    here = ChannelId("c1")
    yield "trouble gone", partial(trouble.gone, "ward 4", here)
    yield "trouble not invited", partial(trouble.not_invited, "ward 4", here)
    yield "trouble not shown", partial(trouble.not_shown, "ward 4", "12.2")
    yield "trouble tried again", trouble.tried_again


A_STORY = Story(
    id=StoryId("s1"),
    channel=ChannelId("c1"),
    source=ReplyId("m1"),
    state=StoryState.OFFERED,
    words="Mum lit up when the new nurse asked about her garden, and not about her tablets.",
)
SHOWN_STORY = replace(A_STORY, id=StoryId("s2"), shoes=PerspectiveId("carer"), named=True, quoted=True)
ASKED_STORY = replace(A_STORY, id=StoryId("s3"), state=StoryState.ASKED, asker=BEN)


def _stories() -> Iterator[tuple[str, View]]:
    source, words = A_STORY.source, A_STORY.words
    yield "form story", partial(stories.form, source, words=words)
    problems = {"words": refusals.empty(), "named": refusals.choose_one(), "quoted": refusals.choose_one()}
    yield "form story with problems", lambda: stories.form(source).again(problems=problems)
    details = {"leave_in": refusals.leave_in()}
    yield (
        "form story with details",
        lambda: stories.form(source, details=True).again(
            {"words": "Ring me: 020 7946 0018", "shoes": "carer", "named": "no", "quoted": "yes"}, details
        ),
    )
    yield "story request", partial(stories.request, ASKED_STORY, "Ben")
    yield "story request by somebody without a name", partial(stories.request, ASKED_STORY, "")
    yield "story kept", stories.kept
    yield "story kept before", stories.kept_before
    yield "story asked", stories.asked
    yield "story declined", stories.declined
    yield "story gone", stories.gone
    yield "story no words", stories.no_words
    yield "story not of one writer", stories.not_one_writer
    yield "story of a private talk", stories.private_talk
    some = stories.Mine([ASKED_STORY, A_STORY, SHOWN_STORY], 0, 9)
    yield "my stories", partial(stories.my_stories, replace(some, before=3, total=6))
    yield "my stories, sure to take one back", partial(stories.sure, A_STORY)
    yield "my stories, none", partial(stories.my_stories, stories.Mine())
    yield "me with stories", partial(guide.me, None, retention_days=90, mine=some)
    yield "story taken back", partial(stories.taken_back, stories.Mine())
    yield "story taken back, others left", partial(stories.taken_back, some)


def _privacy() -> Iterator[tuple[str, View]]:
    yield "privacy", partial(privacy.privacy, retention_days=90, threshold=5)


def _waiting() -> Iterator[tuple[str, View]]:
    yield "waiting for a form", waiting.one_moment
    again = Action(Verb.DEAL, about="dementia-01", value="together-1440-1440")
    yield "waiting to be invited", partial(waiting.not_invited, again)
    yield "waiting where nobody may post", waiting.closed_here
    yield "waiting no reply", waiting.no_reply
    yield "waiting too slow", partial(waiting.too_slow, again)
    yield "waiting without a permission", partial(waiting.not_allowed, "Send Messages")


_ALL = [
    *_boards(),
    *_responses(),
    *_forms(),
    *_receipts(),
    *_ballots(),
    *_pledges(),
    *_more(),
    *_refusals(),
    *_recaps(),
    *_privacy(),
    *_guide(),
    *_home(),
    *_trouble(),
    *_waiting(),
    *_stories(),
    *of_campaigns(),
    *of_prompts(),
    *of_tellings(),
    *of_weeks(),
    *of_privately(),
    *of_care(),
]
VIEWS: dict[str, View] = dict(_ALL)
"""Every view by name: "board together responding" is `text/board-together-responding.txt`."""
assert len(VIEWS) == len(_ALL), "two views of the same name"
