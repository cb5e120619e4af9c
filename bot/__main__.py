"""The `shoes` command: play, run, migrate, check-content. Errors are a sentence with the remedy."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from adapters.discord import invite
from adapters.discord.client import DiscordRefused, application_id
from adapters.slack import manifest
from adapters.slack.client import SlackRefused
from adapters.web.server import PortTaken
from bot import logs
from bot.app import App
from bot.settings import Settings, WrongSetting, keep_secrets, next_secret, secrets_of
from bot.settings import load as load_settings
from content.check import check
from content.findings import ContentRefused
from content.lists import check_lists
from content.packs import SHIPPED_PACKS
from storage.database import DatabaseUnavailable, address_of, open_database
from storage.keys import Keyring
from storage.migrate import SchemaTooNew, migrate
from storage.rekey import rekey

shoes = typer.Typer(
    name="shoes",
    help="In My Shoes: a card game for teams. See a situation from somebody else's shoes, and talk about it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

KNOWN_TROUBLE = (
    WrongSetting,
    DatabaseUnavailable,
    SchemaTooNew,
    ContentRefused,
    PortTaken,
    SlackRefused,
    DiscordRefused,
)


@shoes.callback()
def options(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error came from.")] = False,
) -> None:
    """See a situation from somebody else's shoes, and talk about it."""
    context.obj = debug


@shoes.command()
def play(
    browser: Annotated[bool, typer.Option(help="Open the page in your browser.")] = True,
) -> None:
    """Open the practice room in your browser. Needs no account and no token.

    Play a whole round with pretend players in about a minute. Stop it with Ctrl+C;
    the room is kept in ./data and is there again next time.
    """
    _start(practice=True, browser=browser)


@shoes.command()
def run() -> None:
    """Start the bot: the browser rooms, and every platform that the settings name."""
    _start(practice=False, browser=False)


@shoes.command(name="migrate")
def migrate_command() -> None:
    """Bring the database to this version of the program. `play` and `run` do it too."""
    settings = load_settings()
    database = open_database(settings.database_url)
    try:
        migrate(database.engine)
    finally:
        asyncio.run(database.close())
    typer.echo("The database is up to date.")


@shoes.command(name="check-content")
def check_content(
    path: Annotated[
        Path | None, typer.Argument(help="A pack, or a folder of packs. The shipped ones, if left out.")
    ] = None,
) -> None:
    """Check decks: their shape, their ids, their plain language, and the marks in what people read.

    Prints each finding with its file and line, and ends with exit code 1 if there are any.
    """
    findings = check([path]) if path is not None else [*check([SHIPPED_PACKS]), *check_lists()]
    for finding in findings:
        typer.echo(str(finding))
    if findings:
        typer.echo(f"{len(findings)} to look at.", err=True)
        raise typer.Exit(1)
    typer.echo("All content is in order.")


slack_commands = typer.Typer(help="Connect the bot to Slack.", no_args_is_help=True)
shoes.add_typer(slack_commands, name="slack")


@slack_commands.command(name="manifest")
def slack_manifest(
    link: Annotated[
        bool, typer.Option("--link", help="Print only the address that opens Slack's page for a new app.")
    ] = False,
) -> None:
    """Print what Slack makes the app from, and an address that makes it.

    Open the address, choose your workspace and press Create. Or copy the text into
    "Create New App", "From a manifest". docs/slack.md shows every step.

    With SHOES_PUBLIC_URL it is for HTTP: Slack calls the bot at that address, and other
    workspaces can add it (docs/slack-many.md). Without one it is for Socket Mode.
    """
    public_url = load_settings().public_url
    if not link:
        typer.echo(json.dumps(manifest.manifest(public_url), indent=2))
    typer.echo(manifest.link(public_url), err=not link)


keys_commands = typer.Typer(help="The secret that encrypts what is kept.", no_args_is_help=True)
shoes.add_typer(keys_commands, name="keys")


@keys_commands.command(name="rotate")
def keys_rotate() -> None:
    """Encrypt everything that is kept with a new secret. Stop the bot first.

    Where the program made the secret itself, it makes the new one too. Where SHOES_SECRET_KEY
    holds it: put the new secret on a line before the old one, run this, then take the old line away.
    """
    settings = load_settings()
    folder = _folder(settings)
    held = secrets_of(settings, folder)
    if settings.secret_key is not None and len(held) == 1:
        raise WrongSetting(
            "SHOES_SECRET_KEY has one line. Please put the new secret on a line of its own before the old"
            " one, and run this again."
        )
    database = open_database(settings.database_url, exclusive=True)
    migrate(database.engine)
    if settings.secret_key is None:
        held = next_secret(folder, held)

    async def encrypt() -> int:
        try:
            done = await database.write(lambda tx: rekey(tx, Keyring(*held)))
            await database.scrub()
            return done
        finally:
            await database.close()

    done = asyncio.run(encrypt())
    if settings.secret_key is None:
        keep_secrets(folder, held[:1])
        typer.echo(f"Encrypted {done} things anew. The old secret is gone.")
    else:
        typer.echo(f"Encrypted {done} things anew. You can take the old line out of SHOES_SECRET_KEY.")


discord_commands = typer.Typer(help="Connect the bot to Discord.", no_args_is_help=True)
shoes.add_typer(discord_commands, name="discord")


@discord_commands.command(name="invite")
def discord_invite(
    application: Annotated[
        int | None,
        typer.Option("--application-id", min=1, help="Your app's number. Discord is asked, if left out."),
    ] = None,
) -> None:
    """Print the address that adds the bot to a server, with the fewest permissions it needs.

    Open it in your browser, and choose the server. docs/discord.md shows every step.
    """
    if application is None:
        settings = load_settings()
        if settings.discord_token is None:
            raise WrongSetting(
                "SHOES_DISCORD_TOKEN is missing: set it, or use --application-id with your app's number."
            )
        token = settings.discord_token.get_secret_value()
        application = asyncio.run(application_id(token, settings.discord_api_url))
    typer.echo(invite.link(application))


def _start(*, practice: bool, browser: bool) -> None:
    settings = load_settings()
    logs.configure(settings.log_level, settings.log_format)

    def started(address: str) -> None:
        typer.echo(f"In My Shoes is open at {address}")
        typer.echo("Press Ctrl+C to stop.")
        if browser and (os.environ.get("DISPLAY") or sys.platform in {"darwin", "win32"}):
            webbrowser.open(address)

    asyncio.run(_run(settings, practice, started))


async def _run(settings: Settings, practice: bool, started: Callable[[str], None]) -> None:
    app = App(settings, practice=practice, folder=_folder(settings))
    await app.run(started)


def _folder(settings: Settings) -> Path:
    """Where the program keeps its own files: beside the SQLite file, else ./data."""
    url = address_of(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(url.database).parent
    return Path("data")


def main() -> None:
    """The entry point. What can go wrong in an ordinary way is one sentence, not a traceback."""
    try:
        shoes()
    except KNOWN_TROUBLE as trouble:
        if "--debug" in sys.argv:
            raise
        typer.echo(str(trouble), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
