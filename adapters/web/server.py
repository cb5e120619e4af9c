"""uvicorn beside other tasks: our own signals, our own end, and exit code 0."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator, Mapping

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["ASGIApp", "PortTaken", "WebServer", "by_path"]

GRACE_SECONDS = 5  # for answers that are under way


class PortTaken(Exception):
    """Another program listens there already."""


def by_path(others: Mapping[str, ASGIApp], pages: ASGIApp) -> ASGIApp:
    """One application of several: what has exactly one of these paths is theirs, all else the pages'."""

    async def chosen(scope: Scope, receive: Receive, send: Send) -> None:
        here = others.get(scope["path"], pages) if scope["type"] == "http" else pages
        await here(scope, receive, send)

    return chosen if others else pages


class _Server(uvicorn.Server):
    """uvicorn's own signal handling would end the process before anything else could finish."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the app."""
        yield


class WebServer:
    """The pages on a socket."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        self._socket = _listen(host, port)
        number = self._socket.getsockname()[1]
        name = f"[{host}]" if ":" in host else host
        self.address = f"http://{name}:{number}"
        self._server = _Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Answer requests until the block is left."""
        task = asyncio.create_task(self._server.serve(sockets=[self._socket]), name="web")
        try:
            yield
        finally:
            self._server.should_exit = True
            await task
            self._socket.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise PortTaken(
            f"Port {port} is taken. Stop what is using it, or set SHOES_WEB_PORT to another number."
        ) from None
    listening.listen(128)
    return listening
