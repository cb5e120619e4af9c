"""Which prompt of a campaign goes out next in a channel, when, as Day how many, and when none does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NewType, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from bot.game.awareness import EventId
from bot.game.calendar import DAY, Break, local_date, moment_at, next_prompt_at, quiet
from bot.game.model import Card, ChannelId, PersonId, Policy

CampaignId = NewType("CampaignId", str)
PromptId = NewType("PromptId", str)

LATE = timedelta(hours=1)  # a prompt that is later than this says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """The card of one day.

    `on`: the local date it is meant for; None takes the next free one. A story `needs_approval`,
    and `approved_at` (UTC) is None until a moderator has said yes. `credit` is how its author
    wants to be named, "NAME, ROLE"; empty if not at all. `help`: hard enough to show where help is.
    """

    id: PromptId
    card: Card
    on: date | None = None
    needs_approval: bool = False
    approved_at: datetime | None = None
    author: PersonId | None = None
    credit: str = ""
    help: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A daily series of prompts, in the order in which they are to go out.

    `time` is what the clock shows in `zone`, the campaign's own; each channel has its own, too.
    Weekdays are numbered from Monday, 0. `start` and `end` are local dates, both included; without
    an `end` it goes on until somebody ends it. Nothing that was due at `since` (UTC: when it was
    set up, or went on after a pause) or earlier is posted any more. `contact`: who helps when a
    subject is hard. `closing_question`: in its organisers' words; empty for the usual one. `event`: the
    awareness week that it was made for.
    """

    id: CampaignId
    title: str
    zone: str
    time: time
    weekdays: frozenset[int]
    start: date
    since: datetime
    prompts: tuple[Prompt, ...]
    reserve: tuple[Prompt, ...] = ()
    breaks: tuple[Break, ...] = ()
    end: date | None = None
    round_up_on: int | None = None
    paused: bool = False
    policy: Policy = Policy.AFTER_YOU
    contact: str = ""
    closing_question: str = ""
    event: EventId | None = None

    def __post_init__(self) -> None:
        ids = [prompt.id for prompt in (*self.prompts, *self.reserve)]
        assert len(set(ids)) == len(ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignChannel:
    """A channel's part in a campaign: its zone (IANA name), its local posting time, its own pause.

    `since` as in `Campaign`: when the channel joined, or went on after a pause of its own.
    `own_zone`: chosen for this campaign; else `zone` is the community's, whatever that becomes.
    `why_paused`: in a word, while it is paused; empty if organisers wanted it.
    """

    id: ChannelId
    zone: str
    time: time
    since: datetime
    paused: bool = False
    own_zone: bool = False
    why_paused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A prompt that went out for the local date `on` as Day `day`; `at` is when, in UTC."""

    on: date
    at: datetime
    prompt: PromptId
    day: int
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakTold:
    """The channel was told of a break, and of the date of return (None: the campaign ends before)."""

    on: date
    at: datetime
    about: Break
    back_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingReady:
    """A prompt was due and there was none, not even in reserve: organisers are told."""

    on: date
    at: datetime


Entry: TypeAlias = Posted | BreakTold | NothingReady
"""What became of one local date in one channel. Storage holds one row per campaign, channel and date."""

Past: TypeAlias = Sequence[Entry]
"""What one channel has had of a campaign so far, in the order in which it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What a round is to its campaign: Day `day`. `corrected`: its card was, after it was posted."""

    campaign: CampaignId
    title: str
    day: int
    late: bool
    corrected: bool = False
    credit: str = ""
    help: bool = False


class RoundUpState(StrEnum):
    """How far a round-up has come. Its words may be edited until it is sent."""

    DRAFTED = "drafted"
    APPROVED = "approved"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Rung:
    """What an alarm brings now, if anything, and when to wake up again (UTC; None: not by itself)."""

    entry: Entry | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class RoundUp:
    """What the channel had since the last round-up."""

    posted: tuple[Posted, ...]
    breaks: tuple[BreakTold, ...]


def ring(campaign: Campaign, channel: CampaignChannel, past: Past, now: datetime) -> Rung:
    """What goes out in a channel at `now` (UTC), and when to ask again.

    It may be asked at any moment and any number of times: each local date has one entry at most,
    and the caller stores it together with what follows from it. What a prompt or a break notice
    missed of its own local date is over: after an outage one late prompt goes out at most, and the
    others, never taken from the queue, are still at its front. Out of quiet hours, unless the
    organisers chose an hour in them and it is still that hour.
    Source: spec/game.md §5.
    """
    if campaign.paused or channel.paused:
        return Rung(None, None)
    if used_up(campaign, past):
        return Rung(None, None)
    due = _due(campaign, channel, past, now)
    if due is None:
        return Rung(None, _next_at(campaign, channel, past, now))
    on, at = due
    waits_until = _waits_until(channel, at, now)
    if waits_until is None:
        entry = _entry(campaign, past, on, now, late=now - at > LATE)
        return Rung(entry, _next_at(campaign, channel, [*past, entry], now))
    if local_date(waits_until, channel.zone) == on:
        return Rung(None, waits_until)
    return Rung(None, _next_at(campaign, channel, past, now))


def ahead(
    campaign: Campaign, channel: CampaignChannel, past: Past, now: datetime, count: int
) -> tuple[Entry, ...]:
    """The next entries as they will come if nothing changes, `count` of them at most: the preview."""
    coming: list[Entry] = []
    moment: datetime | None = now
    while moment is not None and len(coming) < count:
        rung = ring(campaign, channel, [*past, *coming], moment)
        if rung.entry is not None:
            coming.append(rung.entry)
        moment = rung.next_at
    return tuple(coming)


def up_next(campaign: Campaign, past: Past, on: date) -> Prompt | None:
    """The prompt for a local date; None if there is nothing to post, not even in reserve.

    First the one meant for this date, then those that missed theirs (earliest first), then the
    others in their order, then the reserve. Stories not approved a day ahead wait.
    """
    had = {entry.prompt for entry in past if isinstance(entry, Posted)}
    day_ahead = approved_by(campaign, on)

    def ready(prompt: Prompt) -> bool:
        if prompt.id in had:
            return False
        if not prompt.needs_approval:
            return True
        return prompt.approved_at is not None and prompt.approved_at <= day_ahead

    waiting = [prompt for prompt in campaign.prompts if ready(prompt)]
    meant = [prompt for prompt in waiting if prompt.on == on]
    missed = [(prompt.on, prompt) for prompt in waiting if prompt.on is not None and prompt.on < on]
    queue = [prompt for prompt in waiting if prompt.on is None]
    reserve = [prompt for prompt in campaign.reserve if ready(prompt)]
    back_in_front = [prompt for _, prompt in sorted(missed, key=lambda each: each[0])]
    return next(iter([*meant, *back_in_front, *queue, *reserve]), None)


def is_day(campaign: Campaign, on: date) -> bool:
    """Whether a prompt may be meant for a local date: a weekday of the campaign, in no break."""
    if on.weekday() not in campaign.weekdays or on < campaign.start or _breaks_on(campaign, on):
        return False
    return campaign.end is None or on <= campaign.end


def approved_by(campaign: Campaign, on: date) -> datetime:
    """Until when (UTC) a story has to be approved that is to go out on a local date: a day ahead."""
    # The same moment in every channel, or one channel would have a story and the next its stand-in.
    return datetime.combine(on - DAY, campaign.time, tzinfo=ZoneInfo(campaign.zone)).astimezone(UTC)


def used_up(campaign: Campaign, past: Past) -> bool:
    """Whether a campaign without an end is over in a channel, because it has had the whole queue.

    Until a last day that organisers have set, the reserve goes out and then they hear that nothing is ready.
    """
    had = {entry.prompt for entry in past if isinstance(entry, Posted)}
    return campaign.end is None and bool(campaign.prompts) and had >= {each.id for each in campaign.prompts}


def is_over(campaign: Campaign, channel: CampaignChannel, past: Past, now: datetime) -> bool:
    """Whether nothing more goes out in a channel, paused or not, unless organisers change something."""
    if used_up(campaign, past):
        return True
    going, here = replace(campaign, paused=False), replace(channel, paused=False)
    return campaign.end is not None and ring(going, here, past, now) == Rung(None, None)


def next_day(past: Past) -> int:
    """The number of the next prompt: Day N counts what was posted in the channel, not dates."""
    return 1 + sum(isinstance(entry, Posted) for entry in past)


def stays_open_until(campaign: Campaign, channel: CampaignChannel, posted_at: datetime) -> datetime:
    """When a prompt closes that was posted at `posted_at`: when the second next one is due; in UTC.

    The last prompts of a campaign stay open as long as if it went on.
    Source: spec/game.md §3, "Default times".
    """
    at = posted_at
    for _ in range(2):
        at = _prompt_at(campaign, channel, at, campaign.breaks)
    return at


def round_up(
    campaign: Campaign, past: Past, on: date, *, last: datetime | None, now: datetime
) -> RoundUp | None:
    """What the round-up of the local date `on` lists: everything after the `last` one (UTC) up to `now`.

    None on other weekdays, in a break, in a pause, and if nothing was posted: the next one has it all.
    """
    if campaign.paused or on.weekday() != campaign.round_up_on or _breaks_on(campaign, on):
        return None
    found = listed(past, last=last, now=now)
    return found if found.posted else None


def listed(past: Past, *, last: datetime | None, now: datetime) -> RoundUp:
    """What came after the `last` round-up (UTC; None if there was none) and up to `now`."""
    since = [entry for entry in past if (last is None or entry.at > last) and entry.at <= now]
    return RoundUp(
        tuple(entry for entry in since if isinstance(entry, Posted)),
        tuple(entry for entry in since if isinstance(entry, BreakTold)),
    )


# --- what organisers do; each may be pressed twice, and none renumbers -----------------

Pausable = TypeVar("Pausable", Campaign, CampaignChannel)


def pause(what: Pausable) -> Pausable:
    """Nothing goes out until it is resumed: of the whole campaign, or in one channel."""
    return replace(what, paused=True)


def resume(what: Pausable, now: datetime) -> Pausable:
    """Go on with the next prompt that is due after `now` (UTC); the queue has waited."""
    return replace(what, paused=False, since=now) if what.paused else what


def extend(campaign: Campaign, last: date, now: datetime) -> Campaign:
    """Let a campaign end later, after its end, too; an earlier `last` changes nothing. `now` in UTC."""
    if campaign.end is None or last <= campaign.end:
        return campaign
    # After the end it goes on like a pause does: the days between were not missed.
    over = local_date(now, campaign.zone) > campaign.end
    return replace(campaign, end=last, since=now if over else campaign.since)


def end(campaign: Campaign, last: date) -> Campaign:
    """Let a campaign end after the local date `last`; a later one than planned changes nothing."""
    return replace(campaign, end=last if campaign.end is None else min(last, campaign.end))


def breaks_left(campaign: Campaign, today: date) -> tuple[Break, ...]:
    """The breaks that are not over on the local date `today`, the earliest first."""
    left = (each for each in campaign.breaks if each.last >= today)
    return tuple(sorted(left, key=lambda each: (each.first, each.last)))


def take_out(campaign: Campaign, about: Break) -> Campaign:
    """Have no such break; one that is not there changes nothing.

    Where the channel was told of it already, that post stands as it is, and no second one calls it
    off: what the channel sees is the next card, from the next date that has no entry yet. The date
    of the notice has one, so no card comes for it. A round-up still lists what was told.
    """
    return replace(campaign, breaks=tuple(each for each in campaign.breaks if each != about))


# --- one local date --------------------------------------------------------------------


def _due(
    campaign: Campaign, channel: CampaignChannel, past: Past, now: datetime
) -> tuple[date, datetime] | None:
    """The local date that something is still due for, and since when (UTC)."""
    today = local_date(now, channel.zone)
    # Yesterday only so that a prompt of 23:59 is not lost to a busy minute.
    for on in (today, today - DAY):
        at = moment_at(on, channel.time, channel.zone)
        if at is None or not _since(campaign, channel) < at <= now:
            continue
        if (on == today or now - at <= LATE) and _is_open(campaign, past, on):
            return on, at
    return None


def _is_open(campaign: Campaign, past: Past, on: date) -> bool:
    """Whether something may be posted for a local date: a prompt, or the notice of a break."""
    if on.weekday() not in campaign.weekdays or on < campaign.start:
        return False
    if campaign.end is not None and on > campaign.end:
        return False
    if any(on in each for each in _told(campaign, past)):
        return False
    # Dates only go forward: in a channel that moves west, one that its people have had does not come again.
    return all(entry.on < on for entry in past)


def _waits_until(channel: CampaignChannel, due: datetime, now: datetime) -> datetime | None:
    """When what was due at `due` may be posted (UTC); None if it may now."""
    if now - due <= LATE and quiet(due, channel.zone) is not None:
        return None  # an hour that the organisers chose
    return quiet(now, channel.zone)


def _entry(campaign: Campaign, past: Past, on: date, now: datetime, *, late: bool) -> Entry:
    for each in _breaks_on(campaign, on):
        return BreakTold(on=on, at=now, about=each, back_on=back_on(campaign, on))
    prompt = up_next(campaign, past, on)
    if prompt is None:
        return NothingReady(on=on, at=now)
    return Posted(on=on, at=now, prompt=prompt.id, day=next_day(past), late=late)


def _next_at(campaign: Campaign, channel: CampaignChannel, past: Past, now: datetime) -> datetime | None:
    """When the next entry is due (UTC); None if the campaign ends before."""
    at = now
    while True:
        # Breaks are left to _is_open: one that the channel does not know of has an entry, too, its notice.
        at = _prompt_at(campaign, channel, at, ())
        on = local_date(at, channel.zone)
        if campaign.end is not None and on > campaign.end:
            return None
        if _is_open(campaign, past, on):
            return at


def _prompt_at(
    campaign: Campaign, channel: CampaignChannel, after: datetime, breaks: Iterable[Break]
) -> datetime:
    return next_prompt_at(
        after, zone=channel.zone, time=channel.time, weekdays=campaign.weekdays, breaks=breaks
    )


def _since(campaign: Campaign, channel: CampaignChannel) -> datetime:
    return max(campaign.since, channel.since)


def _breaks_on(campaign: Campaign, on: date) -> list[Break]:
    return [each for each in campaign.breaks if on in each]


def _told(campaign: Campaign, past: Past) -> list[Break]:
    """The breaks that the channel knows of. One that was moved since is told anew."""
    told = {entry.about for entry in past if isinstance(entry, BreakTold)}
    return [each for each in campaign.breaks if each in told]


def back_on(campaign: Campaign, on: date) -> date | None:
    """The first local date with a prompt after `on`, a date in a break."""
    day = on + DAY
    while day.weekday() not in campaign.weekdays or _breaks_on(campaign, day):
        day += DAY
    return None if campaign.end is not None and day > campaign.end else day
