"""What the pages of a test do that they should not: errors on the console, requests that leave the machine."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass
class Watch:
    """What the pages of one test did that they should not."""

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """Console errors that match are part of the test (a killed kernel, a refused upload)."""
        self.expected.append(pattern)

    def console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in LOOPBACK:
            self.outside.append(url)

    def follow(self, context: BrowserContext) -> None:
        context.on("console", self.console)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("request", lambda request: self.request(request.url))
        context.on("page", lambda page: page.on("websocket", lambda socket: self.request(socket.url)))

    def verdict(self) -> None:
        unexpected = [one for one in self.errors if not any(re.search(pattern, one) for pattern in self.expected)]
        assert not self.outside, f"requests left the machine: {self.outside}"
        assert not unexpected, f"console errors: {unexpected}"
