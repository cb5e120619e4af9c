"""From folders on a disk to read files: which pack is where, and what does not belong there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from content.findings import Finding, printable
from content.yaml_source import Source, read_file

PACK_FILE = "pack.yaml"
DECKS = "decks"
CAMPAIGNS = "campaigns"


@dataclass(frozen=True, slots=True)
class PackFolder:
    """The files of one pack as read, decks and campaigns each in the order of their file names."""

    pack: Source
    decks: tuple[Source, ...]
    campaigns: tuple[Source, ...]


def open_folders(paths: Iterable[Path]) -> tuple[list[PackFolder], list[Finding]]:
    """Every pack in these folders, and what is wrong with the folders themselves.

    A path names a folder of packs, or one pack. Findings about the content of a file are
    in its `Source`. Files are called by their way from the folder of packs:
    `packs/starter/decks/dementia.yaml`.
    """
    search = _Search()
    for path in paths:
        search.look_into(path)
    return search.packs, search.findings


class _Search:
    # os.path asks "is there a file?" and hears no where pathlib raises: a folder may be closed to us.

    def __init__(self) -> None:
        self.packs: list[PackFolder] = []
        self.findings: list[Finding] = []
        self.seen: set[Path] = set()
        self.called: dict[str, Path] = {}  # first part of a file's name -> where it is
        self.root = Path()  # the real folder that nothing may lead out of
        self.above = Path()  # what the names of files leave away

    def look_into(self, path: Path) -> None:
        try:
            self.root = path.resolve(strict=True)
        except (OSError, RuntimeError, ValueError):  # RuntimeError: links in a circle, before Python 3.13
            self.findings.append(Finding(printable(str(path)), None, "", "I cannot find this folder"))
            return
        is_pack = any(os.path.lexists(self.root / name) for name in (PACK_FILE, DECKS, CAMPAIGNS))
        self.above = self.root.parent.parent if is_pack else self.root.parent
        top = self.root.relative_to(self.above).parts[:1]
        if self.called.setdefault("".join(top), self.above) != self.above:
            self.above = Path(self.root.anchor)  # two folders of one name: their full paths tell them apart
        if not os.path.isdir(self.root):
            self._find(self.root, "please name a folder here: one pack, or a folder of packs")
            return
        inside = [self.root] if is_pack else [*self._inside(self.root)]
        folders = [each for each in inside if self._stays(each) and os.path.isdir(each)]
        if not folders:
            self._find(self.root, "there is no pack in this folder")
        for folder in folders:
            self._pack(folder)

    def _pack(self, folder: Path) -> None:
        real = folder.resolve()
        if real in self.seen:  # named twice, or once by itself and once with its neighbours
            return
        self.seen.add(real)
        file = folder / PACK_FILE
        # Without a pack.yaml its decks are read all the same: every problem is told at once.
        pack = Source(self._name(file), None, {}, frozenset(), ())
        if not os.path.lexists(file):
            self._find(folder, f"please add a {PACK_FILE}, with an id, a title and a line about the pack")
        elif self._is_file(file):
            pack = read_file(file, self._name(file))
        if not any(self._holds(folder / name) for name in (DECKS, CAMPAIGNS)):
            self._find(folder / DECKS, "please put at least one deck into this folder")
        decks, campaigns = (tuple(self._files(folder / name, name)) for name in (DECKS, CAMPAIGNS))
        self.packs.append(PackFolder(pack, decks, campaigns))

    def _holds(self, folder: Path) -> bool:
        """Whether there is something in a folder. One that we may not open is named when it is read."""
        try:
            return any(not entry.name.startswith(".") for entry in folder.iterdir())
        except OSError:
            return os.path.lexists(folder)

    def _files(self, folder: Path, what: str) -> Iterator[Source]:
        if not os.path.lexists(folder) or not self._stays(folder):
            return
        for file in self._inside(folder):
            if file.suffix.lower() != ".yaml":
                self._find(file, f"only {what} belong in this folder, in files that end in .yaml")
            elif self._is_file(file):
                yield read_file(file, self._name(file))

    def _inside(self, folder: Path) -> Iterator[Path]:
        """What a folder holds, by name; hidden files are nobody's content."""
        try:
            entries = sorted(folder.iterdir())
        except OSError as error:
            self._find(folder, f"I cannot open this folder ({error.strerror})")
            return
        yield from (entry for entry in entries if not entry.name.startswith("."))

    def _is_file(self, path: Path) -> bool:
        if not self._stays(path):
            return False
        if not os.path.isfile(path):  # a folder, a pipe, a device: reading it might never end
            self._find(path, "this is not a file that I can read")
            return False
        return True

    def _stays(self, path: Path) -> bool:
        """Whether the path, with all links followed, is still inside the named folder."""
        try:
            stays = path.resolve().is_relative_to(self.root)
        except (OSError, RuntimeError):
            stays = False
        if not stays:
            self._find(path, "this link leads out of the folder; please put the file itself here")
        return stays

    def _find(self, path: Path, sentence: str) -> None:
        self.findings.append(Finding(self._name(path), None, "", sentence))

    def _name(self, path: Path) -> str:
        return printable(path.relative_to(self.above).as_posix())
