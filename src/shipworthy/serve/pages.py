"""The pages: the workbook, the single notebooks, the token page and the sentences said when something is not there."""

import asyncio
import html
import re
import secrets
from collections.abc import AsyncIterator
from http.client import responses
from typing import Any
from urllib.parse import urlencode

import tornado.web
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from voila.handler import VoilaHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler

PLACEHOLDER = f"nonce-{secrets.token_hex(16)}"
GRACE, PATIENCE = 0.5, 10.0
HEARTBEAT = "<script>window.voila_heartbeat()</script>"

_PLAIN_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title} · Shipworthy</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<style>body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }}</style>
</head><body><main><h1>{title}</h1>{body}</main></body></html>
"""

_SENTENCES = {
    403: "This address may not be opened that way. Use the link that the server printed when it started.",
    404: 'There is no such page here. <a href="/">Open the workbook</a>.',
}

_TOKEN_FORM = """<p>This workbook asks for a token. Whoever started it has the link, or the token alone.</p>
<form method="get" action="/"><label>Token <input name="token" type="password" autocomplete="off" required></label>
<button>Open the workbook</button></form>"""


def content_security_policy(nonce: str, host: str) -> str:
    """What a page may load and run: its own scripts and what they make themselves, nothing from elsewhere.

    Examples
    --------
    >>> "'nonce-abc'" in content_security_policy("abc", "127.0.0.1:8866")
    True
    >>> "evil" in content_security_policy("abc", "evil.example; script-src *")
    False
    """
    sockets = f" ws://{host} wss://{host}" if re.fullmatch(r"[\w.\-]+(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?", host) else ""
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' blob: 'nonce-{nonce}'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self'{sockets}",
            "frame-ancestors 'self'",
            "form-action 'self'",
            "object-src 'none'",
            "base-uri 'self'",
        ]
    )


class Page(JupyterHandler):
    """What all pages share: headers, a nonce of their own, errors in plain words."""

    @property
    def nonce(self) -> str:
        if not hasattr(self, "_nonce"):
            self._nonce = secrets.token_urlsafe(16)
        return self._nonce

    @property
    def content_security_policy(self) -> str:
        return content_security_policy(self.nonce, self.request.host)

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cross-Origin-Opener-Policy", "same-origin")
        self.set_header("Cache-Control", "no-store")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        sentence = _SENTENCES.get(status_code, "Something went wrong on the server; its log says what. Try again.")
        title = responses.get(status_code, "Error")
        self.finish(_PLAIN_PAGE.format(title=html.escape(title), body=f"<p>{sentence}</p>"))


class NotFoundPage(Page):
    """Any address that is nothing."""

    @allow_unauthenticated
    def get(self) -> None:
        raise tornado.web.HTTPError(404)


class TokenPage(Page):
    """Asks for the token; what is typed goes to the workbook, which keeps it in a cookie."""

    @allow_unauthenticated
    def get(self) -> None:
        self.set_status(401)
        self.finish(_PLAIN_PAGE.format(title="Token needed", body=_TOKEN_FORM))


class ReadyPage(Page):
    """200 once a preheated workbook waits for its visitor, 503 until then. Takes no kernel."""

    @allow_unauthenticated
    def get(self) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        ready = self.settings["shipworthy_ready"]()
        self.set_status(200 if ready else 503)
        self.finish("ready\n" if ready else "starting\n")


class NotebookPage(Page, VoilaHandler):
    """A notebook as a page. The workbook comes from the preheated pool, the others start cold.

    Voila's own way for a preheated page hands the address of one visitor to the kernel of the next; this one does not.
    """

    def initialize(self, **kwargs: Any) -> None:
        self.notebooks: frozenset[str] = kwargs.pop("notebooks", frozenset())
        self.preheated: str = kwargs.pop("preheated", "")
        super().initialize(**kwargs)

    @tornado.web.authenticated
    async def get(self, name: str = "") -> None:
        notebook = self.preheated or (name if name.endswith(".ipynb") else f"{name}.ipynb")
        if not self.preheated and notebook not in self.notebooks:
            raise tornado.web.HTTPError(404)
        if self.get_query_arguments("token"):  # known by its cookie from now on: out of the address bar with it
            rest = [(key, self.get_query_arguments(key)) for key in self.request.query_arguments if key != "token"]
            query = urlencode(rest, doseq=True)
            self.redirect(self.request.path + (f"?{query}" if query else ""))
            return
        _ = self.xsrf_token  # sets the cookie that the page needs to end its kernel when it is closed
        async for piece in self.pieces(notebook):
            fresh = "<!-- still opening -->" if piece.strip() == HEARTBEAT else piece.replace(PLACEHOLDER, self.nonce)
            self.write(fresh)
            await self.flush()

    async def pieces(self, notebook: str) -> AsyncIterator[str]:
        """The page's HTML, as far as it is ready each time."""
        manager: Any = self.kernel_manager  # Voila's, with a pool
        if self.preheated and manager.get_pool_size(notebook):
            try:
                task, _cache, kernel = await manager.get_rendered_notebook(notebook_name=notebook)
            except Exception:
                self.log.exception("A preheated kernel could not be used; starting another.")
                manager.fill_if_needed(notebook_name=notebook)
            else:
                rendered, rest = await task
                self.log.debug("preheated kernel %s handed over", kernel)
                yield "".join(rendered)
                async for piece, _resources in rest:
                    yield piece
                return
        async for piece in self.get_generator(path=notebook):  # Voila's own way, kept from looking for a pool
            yield piece

    def should_use_rendered_notebook(self, *args: Any, **kwargs: Any) -> bool:
        return False


class ClosingPage(VoilaShutdownKernelHandler):
    """A page was left: its kernel ends once it has heard and saved what was typed last."""

    async def post(self, kernel_id: str) -> None:
        waited = 0.0
        while waited < GRACE or (waited < PATIENCE and self._busy(kernel_id)):
            await asyncio.sleep(0.1)
            waited += 0.1
        await super().post(kernel_id)

    def _busy(self, kernel_id: str) -> bool:
        manager: Any = self.kernel_manager
        return kernel_id in manager and getattr(manager.get_kernel(kernel_id), "execution_state", "idle") == "busy"
