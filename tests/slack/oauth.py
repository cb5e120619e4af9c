"""Add to Slack: somebody agrees, a code becomes a token, and a token that expires becomes the next one."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.slack.methods import Refusal
from tests.slack.record import App, Clock, Json, Workspace

CODE_SECONDS = 600.0  # Installing with OAuth, "Exchanging a temporary authorization code"
TOKEN_SECONDS = 43_200  # Using token rotation: 12 hours


@dataclass(frozen=True, slots=True)
class Agreed:
    """Somebody of a workspace agreed: to which scopes, until when the code is good, for which address."""

    workspace: Workspace
    scopes: frozenset[str]
    until: float
    redirect: str


@dataclass(eq=False)
class OAuth:
    """What was agreed to, and every token that came of it. A code is good once, and so is a refresh token."""

    clock: Clock
    codes: dict[str, Agreed] = field(default_factory=dict)
    refreshes: dict[str, Workspace] = field(default_factory=dict)
    tokens: dict[str, tuple[Workspace, float]] = field(default_factory=dict)

    def agree(
        self, app: App, workspace: Workspace, address: str, scopes: tuple[str, ...] | None = None
    ) -> str:
        """Somebody presses Allow on the page at `address`; the address they are sent to. `scopes`: fewer."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        if asked["client_id"] != app.client_id:
            raise ValueError("this page is about another app")
        granted = frozenset(scopes if scopes is not None else asked["scope"].split(","))
        code = secrets.token_urlsafe(16)
        redirect = asked["redirect_uri"]
        self.codes[code] = Agreed(workspace, granted, self.clock() + CODE_SECONDS, redirect)
        return f"{redirect}?{urlencode({'code': code, 'state': asked['state']})}"

    def access(self, app: App | None, args: Mapping[str, str]) -> Json:
        """oauth.v2.access. Raises Refusal."""
        if app is None:
            raise Refusal("bad_client_secret")
        if args.get("grant_type") == "refresh_token":
            workspace = self.refreshes.pop(args.get("refresh_token", ""), None)
            if workspace is None or workspace.refuses:
                raise Refusal("invalid_refresh_token")
            return self._issued(app, workspace)
        agreed = self.codes.pop(args.get("code", ""), None)
        if agreed is None or agreed.until < self.clock():
            raise Refusal("invalid_code")
        if args.get("redirect_uri") != agreed.redirect:
            raise Refusal("bad_redirect_uri")
        # Added again, it is another install: what was had before is good no longer.
        self.forget(agreed.workspace)
        agreed.workspace.scopes = set(agreed.scopes)
        agreed.workspace.refuses = ""
        return self._issued(app, agreed.workspace)

    def _issued(self, app: App, workspace: Workspace) -> Json:
        prefix = "xoxe.xoxb-1-" if app.rotates else f"xoxb-{workspace.id}-"
        token = prefix + secrets.token_urlsafe(120)  # rotated ones are long
        workspace.token = token
        rotated: Json = {}
        until = float("inf")
        if app.rotates:
            refresh = "xoxe-1-" + secrets.token_urlsafe(120)
            self.refreshes[refresh] = workspace
            until = self.clock() + TOKEN_SECONDS
            rotated = {"refresh_token": refresh, "expires_in": TOKEN_SECONDS}
        self.tokens[token] = workspace, until
        return {
            "ok": True,
            "app_id": app.id,
            "authed_user": {"id": "U1"},
            "scope": ",".join(sorted(workspace.scopes)),
            "token_type": "bot",
            "access_token": token,
            "bot_user_id": workspace.bot.id,
            "team": {"id": workspace.id, "name": workspace.name},
            "enterprise": None,
            "is_enterprise_install": False,
            **rotated,
        }

    def forget(self, workspace: Workspace) -> None:
        """All tokens of a workspace are good no longer."""
        self.tokens = {token: of for token, of in self.tokens.items() if of[0] is not workspace}
        self.refreshes = {token: of for token, of in self.refreshes.items() if of is not workspace}

    def whose(self, token: str) -> Workspace | None:
        """The workspace of a token; None if it is none of these. Raises Refusal for one that has expired."""
        if token not in self.tokens:
            return None
        workspace, until = self.tokens[token]
        if until <= self.clock():
            raise Refusal("token_expired")
        return workspace


def client_of(authorization: str, args: Mapping[str, str]) -> tuple[str, str]:
    """Which app asks, and its secret: in the header, or in the arguments."""
    if authorization.startswith("Basic "):
        id, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        return id, secret
    return args.get("client_id", ""), args.get("client_secret", "")
