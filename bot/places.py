"""Communities and channels by the platforms' own names: found, stored when they are new, remembered."""

from __future__ import annotations

from datetime import datetime

from bot.game.calendar import is_zone
from bot.game.model import ChannelId, CommunityId, RoundId
from bot.recent import Recent
from bot.tools import Tools
from storage import communities
from storage.communities import Channel, NoSuchChannel
from storage.database import Database, Transaction


class Places:
    """Looks places up, and stores them; their ids never change, so they are remembered."""

    def __init__(self, database: Database, tools: Tools) -> None:
        self._database = database
        self._tools = tools
        self._places: Recent[tuple[str, str, str], Channel] = Recent()
        self._communities: Recent[tuple[str, str], CommunityId] = Recent()
        self._reads_threads: dict[tuple[str, str], bool] = {}

    async def place(self, platform: str, community_ref: str, channel_ref: str) -> Channel | None:
        """A channel by the platform's own names; None if nobody has dealt there yet.

        Its ids never change, so it is remembered; names and the like may be older than what is stored.
        """
        refs = (platform, community_ref, channel_ref)
        known = self._places.get(refs)
        if known is None:
            known = await self._database.read(lambda tx: communities.find_channel(tx, *refs))
        return self._places.keep(refs, known) if known is not None else None

    async def found_place(
        self,
        platform: str,
        community_ref: str,
        community_name: str,
        channel_ref: str,
        channel_name: str,
        time_zone: str,
        now: datetime,
    ) -> Channel:
        """The same; a place that is new to us is stored. As often as you like, also two at once."""
        zone = time_zone if is_zone(time_zone) else self._tools.terms.time_zone
        found = await self._database.write(
            lambda tx: communities.found_channel(
                tx,
                community=CommunityId(self._tools.chance.id()),
                channel=ChannelId(self._tools.chance.id()),
                platform=platform,
                community_ref=community_ref,
                community_name=community_name,
                channel_ref=channel_ref,
                channel_name=channel_name,
                threshold=self._tools.terms.threshold,
                time_zone=zone,
                language=self._tools.terms.language,
                reads_threads=self._reads_threads.get((platform, community_ref), True),
                now=now,
            )
        )
        return self._places.keep((platform, community_ref, channel_ref), found)

    async def found_community(
        self, platform: str, ref: str, name: str, time_zone: str, now: datetime
    ) -> CommunityId:
        """A community by the platform's own name; stored if it is new to us."""
        zone = time_zone if is_zone(time_zone) else self._tools.terms.time_zone
        found = await self._database.write(
            lambda tx: communities.found_community(
                tx,
                id=CommunityId(self._tools.chance.id()),
                platform=platform,
                ref=ref,
                name=name,
                threshold=self._tools.terms.threshold,
                time_zone=zone,
                language=self._tools.terms.language,
                reads_threads=self._reads_threads.get((platform, ref), True),
                now=now,
            )
        )
        return self._communities.keep((platform, ref), found)

    async def reads_threads(self, platform: str, community_ref: str, reads: bool) -> None:
        """Whether replies in a community's threads reach us: true for every card dealt from now on.

        A community that is not stored yet begins with it.
        """
        self._reads_threads[platform, community_ref] = reads
        await self._database.write(
            lambda tx: communities.set_reads_threads(tx, platform, community_ref, reads)
        )

    async def community(self, platform: str, ref: str) -> CommunityId | None:
        """A community by the platform's own name; None if nobody has dealt there yet."""
        known = self._communities.get((platform, ref))
        if known is None:
            known = await self._database.read(lambda tx: communities.find_community(tx, platform, ref))
        return self._communities.keep((platform, ref), known) if known is not None else None

    async def community_of(self, channel: ChannelId) -> CommunityId | None:
        """Where one of our channels is."""
        try:
            place = await self._database.read(lambda tx: communities.channel(tx, channel, None))
        except NoSuchChannel:
            return None
        return place.community.id

    async def place_of_round(self, round: str, platform: str, user: str) -> ChannelId:
        """The channel of a card that somebody plays on this platform; empty if they know no such card.

        For a press in a direct message, which says of itself in which community it is about.
        """

        def transaction(tx: Transaction) -> ChannelId | None:
            return communities.channel_of_round(tx, RoundId(round), platform, user)

        return await self._database.read(transaction) or ChannelId("")
