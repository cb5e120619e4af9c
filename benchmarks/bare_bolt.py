"""A Bolt app that stores nothing: acknowledges, opens a form, sends a receipt. What ours stands beside."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

ACKNOWLEDGES, ACKNOWLEDGES_AFTER, ANSWERS = "acknowledges", "acknowledges-after", "answers"
"""What it does: only acknowledge, with Bolt's defaults; the same after the listener; open and send."""


def bare(what: str, client: AsyncWebClient, said: dict[str, Any]) -> AsyncApp:
    """The app. `said` holds the form and the receipt that ours sent: `view` and `blocks`."""
    app = AsyncApp(
        client=client,
        process_before_response=what != ACKNOWLEDGES,
        signing_secret=os.environ.get("SHOES_SLACK_SIGNING_SECRET", ""),
    )

    async def press(ack: Any, body: dict[str, Any], respond: Any) -> None:
        if what != ANSWERS:
            await ack()
        elif body["actions"][0]["action_id"].startswith("respond."):
            await client.views_open(trigger_id=body["trigger_id"], view=said["view"])
            await ack()
        else:
            await ack()
            await respond(text="A receipt", blocks=said["blocks"], replace_original=True)

    app.action(re.compile(""))(press)
    return app


async def main() -> None:
    """Connect, and run until a polite kill. Arguments: what it does, and a file with what it says."""
    what, file = sys.argv[1:]
    said = json.loads(await asyncio.to_thread(Path(file).read_text, encoding="utf-8"))
    client = AsyncWebClient(os.environ["SHOES_SLACK_BOT_TOKEN"], base_url=os.environ["SHOES_SLACK_API_URL"])
    app = bare(what, client, said)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    if os.environ.get("SHOES_SLACK_MODE") == "http":
        # Bolt's own web server; its start() would keep the event loop for itself.
        served = web.AppRunner(app.web_app("/slack/events"), access_log=None)
        await served.setup()
        await web.TCPSite(served, "127.0.0.1", int(os.environ["SHOES_WEB_PORT"])).start()
        await stop.wait()
        await served.cleanup()
        return
    handler = AsyncSocketModeHandler(app, os.environ["SHOES_SLACK_APP_TOKEN"], web_client=client)
    await handler.connect_async()  # type: ignore[no-untyped-call] # slack-bolt has no types here
    await stop.wait()
    await handler.close_async()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    asyncio.run(main())
