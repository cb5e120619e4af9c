"""SIGTERM and SIGINT: what is in hand is finished, event streams end, and the exit code is 0."""

from __future__ import annotations

import signal
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import httpx
import pytest

from tests.crash.players import Player
from tests.crash.world import World
from tests.patience import PATIENCE

STREAMS = 5
PRESSES = 10

Opened = Callable[[], Player]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_with_open_event_streams_it_ends_at_once(
    world: World, player: Opened, number: signal.Signals
) -> None:
    ada = player()
    ada.start_room("Ward 4", "Ada")
    with ExitStack() as open_pages:
        streams = [open_pages.enter_context(ada.listening()) for _ in range(STREAMS)]

        assert world.stop(number) == 0

        for lines in streams:
            # Ended properly, with nothing more to tell: a broken stream would raise here.
            assert [line for line in lines if line.startswith("event")] == []
    assert sorted(each.name for each in world.folder.iterdir()) == [
        "clock",
        "log",
        "secret.key",
        "shoes.db",
        "shoes.db.lock",
    ]
    assert world.log() == ""

    world.start()
    assert ada.page().forms


def test_a_press_that_is_in_hand_is_finished_first(world: World, player: Opened) -> None:
    ada = player()
    ada.start_room("Ward 4", "Ada")
    ada.deal(policy="open")
    presses = [ada.page_with("reply.", {"words": f"Reply {number}."}) for number in range(PRESSES)]
    world.settled()

    # Somebody else holds the file for writing, so that every press has to wait in the program.
    with closing(sqlite3.connect(world.folder / "shoes.db", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        sent = [ada.begin(press) for press in presses]
        for _ in range(2):  # the program reads in order: once it has answered these, it has the presses
            ada.get("/privacy")
        world.signal(signal.SIGTERM)
        holder.execute("ROLLBACK")
        answers = [answer() for answer in sent]

    assert world.ended() == 0
    assert answers == [303] * PRESSES
    assert {words for (words,) in world.stored.rows("SELECT words FROM replies")} == {
        f"Reply {number}." for number in range(PRESSES)
    }


def test_stopped_under_load_it_keeps_what_it_acknowledged(world: World, player: Opened) -> None:
    ada = player()
    ada.start_room("Ward 4", "Ada")
    ada.deal(policy="open")
    form = ada.page_with("reply.", {"words": ""})
    enough = threading.Event()

    def write(writer: int) -> list[str]:
        acknowledged: list[str] = []
        while True:
            words = f"Reply {len(acknowledged)} of writer {writer}."
            try:
                ada.press({**form, "words": words, "event": words})
            except httpx.TransportError:
                return acknowledged
            acknowledged.append(words)
            if len(acknowledged) == 5:
                enough.set()

    with ThreadPoolExecutor(STREAMS) as hands:
        writers = [hands.submit(write, number) for number in range(STREAMS)]
        assert enough.wait(PATIENCE)
        assert world.stop() == 0
        acknowledged = [words for writer in writers for words in writer.result()]

    stored = [words for (words,) in world.stored.rows("SELECT words FROM replies")]
    assert len(stored) == len(set(stored))
    assert set(acknowledged) <= set(stored)
    world.start()
    assert world.settled().replies.total() == len(stored)
