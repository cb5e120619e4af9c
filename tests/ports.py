"""Free ports of this machine."""

from __future__ import annotations

import random
import socket


def a_port() -> int:
    """A free port of this machine, below those that the system gives to outgoing connections."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
