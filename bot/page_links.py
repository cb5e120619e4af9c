"""Links to pages: each is made for one player, works once, and opens its page for one browser for a while."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from bot.game.model import ChannelId, CommunityId, PlayerId
from bot.tools import Tools
from storage import communities, links
from storage.communities import Channel, NoSuchChannel
from storage.database import Transaction

WAITS = timedelta(minutes=10)  # how long a link waits to be used
READING = timedelta(minutes=30)  # how long a page stays open after that


def make(tx: Transaction, tools: Tools, page: str, player: PlayerId, now: datetime) -> str:
    """The address of a page for one player. `page` names it: no spaces."""
    assert " " not in page
    token = secrets.token_urlsafe(24)
    about = " ".join((page, player.platform, player.community, player.user))
    links.make(tx, token, about, now + WAITS)
    return f"{tools.terms.address}/pages/{token}"


def is_there(tx: Transaction, token: str, now: datetime) -> bool:
    """Whether a link can be used. Uses nothing up."""
    return links.find(tx, token, now) is not None


def use(tx: Transaction, token: str, session: bytes, now: datetime) -> str | None:
    """Use a link up: which page is open to this browser from now on; None if the link does not work."""
    about = links.use(tx, token, session, now, now + READING)
    return about.split(" ")[0] if about is not None else None


def reader(tx: Transaction, session: bytes, page: str, now: datetime) -> PlayerId | None:
    """For whom a page is open in this browser just now; None for everybody else."""
    about = links.opened(tx, session, f"{page} ", now)
    if about is None:
        return None
    _page, platform, community, user = about.split(" ", 3)
    return PlayerId(platform, CommunityId(community), user)


def place(tx: Transaction, session: bytes, page: str, channel: str, now: datetime) -> Channel | None:
    """The channel that an open page is about; None if it is not open, or the channel is not its reader's."""
    player = reader(tx, session, page, now)
    if player is None:
        return None
    try:
        return communities.channel(tx, ChannelId(channel), player.community)
    except NoSuchChannel:
        return None
