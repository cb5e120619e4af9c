"""A discord.py bot that stores nothing and answers each press with "wait". What ours stands beside."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Any

import discord
from discord.http import Route
from yarl import URL


class Bare(discord.AutoShardedClient):
    """The bot, made as ours is, with one listener."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Every press."""
        await interaction.response.defer()


async def main() -> None:
    """Connect, and run until a polite kill."""
    Route.BASE = os.environ["SHOES_DISCORD_API_URL"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = URL(os.environ["SHOES_DISCORD_GATEWAY_URL"])
    bot = Bare()
    running = asyncio.create_task(bot.start(os.environ["SHOES_DISCORD_TOKEN"]))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    await bot.close()
    await asyncio.wait([running])


if __name__ == "__main__":
    asyncio.run(main())
