"""Settings: the environment or `.env`, secrets also as files. A wrong one stops the start with a sentence."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "SHOES_"
SECRETS = (
    "SECRET_KEY",
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_CLIENT_SECRET",
    "DISCORD_TOKEN",
)  # may also be given as SHOES_..._FILE

SECRET_LENGTH = 32  # characters, at least
SECRET_FILE = "secret.key"  # noqa: S105 - its name


class WrongSetting(Exception):
    """A setting that stops the start: its name, what it is and what it should be, in one sentence each."""


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("a time zone such as Europe/London")
    return name


def _address(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.netloc):
        raise ValueError("an address such as https://shoes.example.org")
    return url.rstrip("/")


class Settings(BaseSettings):
    """Every setting, by its name without SHOES_. Names and defaults are fixed (spec: operate)."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    database_url: str = "sqlite:///data/shoes.db"
    secret_key: SecretStr | None = None
    web_host: str = "127.0.0.1"
    web_port: Annotated[int, Field(ge=0, le=65535)] = 8787
    public_url: Annotated[str, AfterValidator(_address)] = ""
    content_paths: str = ""  # folders of packs, with a colon between them
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str = ""
    slack_client_secret: SecretStr | None = None
    slack_mode: Literal["socket", "http"] | None = None
    slack_api_url: Annotated[str, AfterValidator(_address)] = "https://slack.com/api"
    discord_token: SecretStr | None = None
    discord_api_url: Annotated[str, AfterValidator(_address)] = ""
    discord_gateway_url: str = ""
    discord_read_threads: bool = False
    time_zone: Annotated[str, AfterValidator(_zone)] = "Europe/London"
    language: Literal["en"] = "en"
    retention_days: Annotated[int, Field(ge=7, le=365)] = 90
    threshold: Annotated[int, Field(ge=3, le=10)] = 5
    log_format: Literal["text", "json"] | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def packs(self) -> tuple[Path, ...]:
        """More folders of packs, beside the shipped ones."""
        return tuple(Path(each) for each in self.content_paths.split(os.pathsep) if each)

    @property
    def slack_by(self) -> Literal["socket", "http"] | None:
        """How Slack is connected; None if it is not. An app token is for Socket Mode alone."""
        tokens = (self.slack_bot_token, self.slack_app_token, self.slack_signing_secret)
        if not any(tokens) and not self.slack_client_id:
            return None
        if self.slack_signing_secret is None and not self.slack_client_id and self.slack_mode is None:
            return "socket"  # which needs less: whoever has one token of the two is told of the other
        return self.slack_mode or ("socket" if self.slack_app_token is not None else "http")


_SHOULD_BE = {
    "slack_mode": "socket or http",
    "web_port": "a number from 0 to 65535",
    "retention_days": "a number of days from 7 to 365",
    "threshold": "a number from 3 to 10",
    "log_format": "text or json",
    "log_level": "DEBUG, INFO, WARNING or ERROR",
    "language": "en",
}


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this environment. Raises WrongSetting; never shows the value of a secret."""
    given: dict[str, str] = {}
    for name in SECRETS:
        file = environment.get(f"{PREFIX}{name}_FILE")
        if file:
            try:
                given[name.lower()] = Path(file).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                raise WrongSetting(f"{PREFIX}{name}_FILE names {file}, which cannot be read.") from None
    try:
        settings = Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise WrongSetting("\n".join(_sentence(dict(each)) for each in error.errors())) from None
    wrong = _of_slack(settings)
    if wrong:
        raise WrongSetting(wrong)
    held = _lines(settings.secret_key.get_secret_value()) if settings.secret_key is not None else None
    if held is not None and min(map(len, held), default=0) < SECRET_LENGTH:
        raise WrongSetting(f"{PREFIX}SECRET_KEY is too short: it needs {SECRET_LENGTH} characters or more.")
    return settings


def _of_slack(settings: Settings) -> str:
    """What Slack still needs; empty if it is whole, or not wanted."""
    if settings.slack_by == "socket":
        if settings.slack_bot_token is None or settings.slack_app_token is None:
            missing = "BOT" if settings.slack_bot_token is None else "APP"
            return f"{PREFIX}SLACK_{missing}_TOKEN is missing: Slack needs both tokens."
    elif settings.slack_by == "http":
        if settings.slack_signing_secret is None:
            return (
                f"{PREFIX}SLACK_SIGNING_SECRET is missing: without it nobody can tell whether a request comes"
                ' from Slack. It stands on the page "Basic Information" of your app.'
            )
        if bool(settings.slack_client_id) is not (settings.slack_client_secret is not None):
            missing = "SECRET" if settings.slack_client_id else "ID"
            return f"{PREFIX}SLACK_CLIENT_{missing} is missing: to be added to workspaces, Slack needs both."
        if settings.slack_client_id and not settings.public_url:
            return f"{PREFIX}PUBLIC_URL is missing: Slack sends people back to it who add the bot."
        if settings.slack_bot_token is None and not settings.slack_client_id:
            return (
                f"{PREFIX}SLACK_BOT_TOKEN is missing, for one workspace; or {PREFIX}SLACK_CLIENT_ID, for as"
                " many as add the bot by themselves."
            )
    return ""


def _sentence(error: Mapping[str, object]) -> str:
    location = error["loc"]
    assert isinstance(location, tuple)
    name = str(location[0])
    context = error.get("ctx")
    told = context.get("error") if isinstance(context, dict) else None
    should = _SHOULD_BE.get(name) or (str(told) if told else "something else")
    value = "" if name.upper() in SECRETS else f' is "{error["input"]}". It'
    return f"{PREFIX}{name.upper()}{value} should be {should}."


def secrets_of(settings: Settings, folder: Path) -> tuple[bytes, ...]:
    """The secret key, and behind it those it takes the place of: one on each line.

    Made at the first start, in a file that only its owner may read.
    """
    if settings.secret_key is not None:
        return _lines(settings.secret_key.get_secret_value())
    file = folder / SECRET_FILE
    folder.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        _make_secret(file)
    if file.stat().st_mode & 0o077:
        raise WrongSetting(f"{file} can be read by others. Please run: chmod 600 {file}")
    return _lines(file.read_text(encoding="utf-8"))


def next_secret(folder: Path, held: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """A new secret before those that are held, in the file. Both open what is there: nothing is lost yet."""
    after = (secrets.token_urlsafe(48).encode(), *held)
    keep_secrets(folder, after)
    return after


def keep_secrets(folder: Path, held: tuple[bytes, ...]) -> None:
    """Put these secrets into the file, all of them or none."""
    made = _written(folder, b"\n".join(held).decode())
    made.replace(folder / SECRET_FILE)


def _lines(secret: str) -> tuple[bytes, ...]:
    return tuple(each.strip().encode() for each in secret.splitlines() if each.strip())


def _make_secret(file: Path) -> None:
    """Make the file whole or not at all: a start that was cut off must not leave an empty key."""
    made = _written(file.parent, secrets.token_urlsafe(48))
    try:
        with suppress(FileExistsError):  # another process was quicker: its key is the one
            file.hardlink_to(made)
    finally:
        made.unlink()


def _written(folder: Path, secret: str) -> Path:
    """A file for its owner alone, durable."""
    handle, name = tempfile.mkstemp(dir=folder, prefix="secret.")
    made = Path(name)
    try:
        with os.fdopen(handle, "w") as writing:
            writing.write(secret)
            writing.flush()
            os.fsync(writing.fileno())
    except BaseException:
        made.unlink()
        raise
    return made
