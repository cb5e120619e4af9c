"""What the docs tell people to type and to press is there: commands, buttons, settings, permissions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from adapters.discord import invite
from adapters.slack import manifest
from bot import commands
from bot.__main__ import shoes
from bot.settings import PREFIX, SECRETS, Settings
from tests.test_architecture import ROOT

SLACK, DISCORD = ROOT / "docs" / "slack.md", ROOT / "docs" / "discord.md"
CAMPAIGNS = ROOT / "docs" / "campaigns.md"
EVERY = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
LONGEST = 20  # words in a sentence of a guide (spec: style of plain language)

OF_SLACK = {
    "Pick a workspace to develop your app",
    "Next",
    "Create",
    "Create New App",
    "From a manifest",
    "Basic Information",
    "App-Level Tokens",
    "Generate Token and Scopes",
    "Add Scope",
    "Generate",
    "Install App",
    "Install to Workspace",
    "Allow",
    "Bot User OAuth Token",
    "Request to Install",
}
"""What stands on Slack's own pages, which no test of ours can see."""

OF_DISCORD = {
    "New Application",
    "Create",
    "Bot",
    "Reset Token",
    "Privileged Gateway Intents",
    "Message Content Intent",
    "Save Changes",
    "Manage Server",
    "Add to Server",
    "Continue",
    "Authorize",
    "Installation",
    "Install Link",
    "None",
    "Public Bot",
    "Submit",
    "Edit Channel",
    "Permissions",
    "Apps",
    "Privacy Settings",
}
"""The same of Discord's."""

OF_BOTH = {"Submit", "Manage Channels"}
"""And what the guide for campaigns names of them."""

EACH = pytest.mark.parametrize(
    "guide, theirs",
    [(SLACK, OF_SLACK), (DISCORD, OF_DISCORD), (CAMPAIGNS, OF_BOTH)],
    ids=["slack", "discord", "campaigns"],
)
GUIDES = pytest.mark.parametrize(
    "guide, theirs", [(SLACK, OF_SLACK), (DISCORD, OF_DISCORD)], ids=["slack", "discord"]
)


def _code(file: Path) -> list[str]:
    """Everything that is printed as code: within a line, or in a block of its own."""
    text = file.read_text(encoding="utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, flags=re.S | re.M)
    within = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M))
    return [line.strip() for line in (*"".join(blocks).splitlines(), *within)]


def _words_of_ours() -> set[str]:
    """Every whole message of the locale."""
    said = set()
    for file in sorted((ROOT / "bot" / "locale" / "en").glob("*.ftl")):
        said |= {value for _, value in re.findall(r"^([\w-]+) = (.+)$", file.read_text("utf-8"), flags=re.M)}
    return said


@pytest.mark.parametrize("file", EVERY, ids=lambda file: file.name)
def test_every_make_target_that_a_doc_names_exists(file: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.M))

    named = {found[1] for each in _code(file) if (found := re.match(r"make ([a-z-]+)", each))}

    assert named <= targets


@pytest.mark.parametrize("file", EVERY, ids=lambda file: file.name)
def test_every_command_of_the_program_that_a_doc_names_exists(file: Path) -> None:
    for each in _code(file):
        found = re.match(r"(?:\.venv/bin/)?shoes ([a-z].*)", each)
        if found is None:
            continue
        command = get_command(shoes)
        for word in found[1].split():
            if word.startswith("--"):
                assert word in {option for each in command.params for option in each.opts}
            elif word.isascii() and hasattr(command, "commands"):
                assert word in command.commands, each
                command = command.commands[word]


@GUIDES
def test_every_command_in_the_chat_that_a_guide_names_exists(guide: Path, theirs: set[str]) -> None:
    known = {f"{manifest.COMMAND} {each.name}" for each in commands.COMMANDS}

    named = {each for each in _code(guide) if each.startswith(f"{manifest.COMMAND} ")}

    assert named == known, "and it names every one"


def test_every_command_in_the_chat_that_the_guide_for_campaigns_names_exists() -> None:
    known = {f"{manifest.COMMAND} {each.name}" for each in commands.COMMANDS}

    assert {each for each in _code(CAMPAIGNS) if each.startswith(f"{manifest.COMMAND} ")} <= known


@EACH
def test_every_button_that_a_guide_names_is_there(guide: Path, theirs: set[str]) -> None:
    text = guide.read_text(encoding="utf-8")
    bold = {" ".join(each.split()) for each in re.findall(r"\*\*(.+?)\*\*", text, flags=re.S)}
    headings = {" ".join(each.split()) for each in re.findall(r"^- \*\*(.+?)\*\*", text, flags=re.S | re.M)}

    assert bold - headings - theirs - _words_of_ours() == set()
    assert theirs <= bold, "and the list of theirs has nothing that it does not name"


@EACH
def test_no_sentence_of_a_guide_is_long(guide: Path, theirs: set[str]) -> None:
    text = re.sub(r"^```.*?^```|^\|.*?$|^#.*?$", "", guide.read_text("utf-8"), flags=re.S | re.M)
    sentences = re.split(r"(?<=[.?!:”])(?:\*\*)?\s+|\n\n|^\s*(?:-|\d+\.)\s", text, flags=re.M)

    assert [each for each in sentences if len(each.split()) > LONGEST] == []


def test_every_permission_in_the_manifest_is_explained() -> None:
    named = {each for each in _code(SLACK) if each in manifest.SCOPES}

    assert named == set(manifest.SCOPES)


def test_every_permission_of_the_invite_is_explained_and_no_other() -> None:
    table = re.findall(r"^\| \*\*(.+?)\*\* \|", DISCORD.read_text(encoding="utf-8"), flags=re.M)

    assert table == [invite.label(name) for name in invite.NEEDED]
    assert set(invite.SCOPES) <= set(_code(DISCORD))


@pytest.mark.parametrize("file", EVERY, ids=lambda file: file.name)
def test_every_setting_that_a_doc_names_exists(file: Path) -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    known |= {f"{PREFIX}{name}_FILE" for name in SECRETS}

    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", file.read_text(encoding="utf-8")))

    assert named <= known


@pytest.mark.parametrize("file", EVERY, ids=lambda file: file.name)
def test_every_file_that_a_doc_points_to_is_there(file: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", file.read_text(encoding="utf-8"))

    missing = [each for each in links if "://" not in each and not (file.parent / each).exists()]

    assert missing == []
