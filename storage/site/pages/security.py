"""Headers of every answer: nothing from elsewhere, no frame around us, no script but Datasette's own."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any

SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
App = Callable[[Any, Any, Any], Awaitable[None]]


def policy() -> str:
    """The content policy. Datasette has scripts in its pages: they are allowed by what they say, and no other is. It writes ``style``
    attributes and elements whose words differ from page to page, so styles in a page are allowed; they can fetch nothing."""
    scripts = " ".join(f"'sha256-{_digest(script)}'" for script in own_scripts())
    return (
        f"default-src 'self'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'"
    )


def own_scripts() -> list[str]:
    """The scripts that Datasette's pages hold, read from its own templates."""
    templates = files("datasette").joinpath("templates")
    found = ["DATASETTE_ALLOW_FACET = true;", "DATASETTE_ALLOW_FACET = false;"]
    return found + SCRIPT.findall(templates.joinpath("_codemirror_foot.html").read_text("utf-8"))


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def wrapped(app: App) -> App:
    """``app`` with these headers on each answer that does not bring its own."""
    ours = {
        b"content-security-policy": policy().encode(),
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"no-referrer",
        b"cross-origin-opener-policy": b"same-origin",
        b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
    }

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        async def with_headers(event: Any) -> None:
            if event["type"] == "http.response.start":
                given = {name.lower() for name, _ in event.get("headers", [])}
                event = {**event, "headers": [*event.get("headers", []), *((k, v) for k, v in ours.items() if k not in given)]}
            await send(event)

        await app(scope, receive, with_headers)

    return guarded
