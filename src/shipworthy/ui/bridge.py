"""The browser bridge: the decision's id in the address, downloads and uploads, heartbeat, title and announcements."""

import logging
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

log = logging.getLogger(__name__)

Message = dict[str, Any]

#: Names this process: a kernel that was killed and restarted empty answers with another one.
INSTANCE = secrets.token_hex(8)
#: What the browser may tell, and nothing else is passed on. (Heartbeats are answered here.)
EVENTS = frozenset({"hello", "open", "file", "undo", "redo", "dismiss", "leaving", "show"})
REMEMBERED = 20


class Bridge(anywidget.AnyWidget):  # type: ignore[misc]
    """What the page around the panels needs from the browser. One a page; carries the stylesheet of all of them.

    Parameters
    ----------
    fragment : bool
        Whether the page is ours (Voila): the id is kept in its address as ``#d=ID``, a lost connection reloads it.
        In JupyterLab the address is left alone.
    decision : str
        Id of the decision in view; empty on the start page.
    place : str
        Which of its places is in view, kept in the address beside the id. A change of either that did not come from
        the address is a step that the browser's Back takes back.
    unsaved : bool
        Whether something cannot be saved just now: then the browser asks before the page is closed.
    page_title, announcement : str
        Title of the browser's tab, if any; text that a screen reader is told politely, at most one a second.
    notice : dict
        ``{text, kind, id, copy}``: a banner that can be dismissed; kind is info, ok or error; ``copy`` is the id of a
        decision to which it offers a link. Empty: none.
    show_upload : bool
        Whether this page takes files: a button where the bridge is displayed, and drag and drop anywhere.
    upload_label : str
        Text of that button.
    max_bytes : int
        Larger files are refused before they are read [bytes].
    beat_seconds : float
        Time between two heartbeats [s]; two without an answer block the page.

    Examples
    --------
    >>> bridge = Bridge(decision="abc")
    >>> bridge.remembered
    ['abc']
    """

    _esm = Path(__file__).with_name("bridge.js")
    _css = Path(__file__).with_name("style.css")

    fragment = traitlets.Bool(False).tag(sync=True)
    decision = traitlets.Unicode("").tag(sync=True)
    place = traitlets.Unicode("").tag(sync=True)
    unsaved = traitlets.Bool(False).tag(sync=True)
    page_title = traitlets.Unicode("").tag(sync=True)
    announcement = traitlets.Unicode("").tag(sync=True)
    notice = traitlets.Dict().tag(sync=True)
    show_upload = traitlets.Bool(False).tag(sync=True)
    upload_label = traitlets.Unicode("Open a file").tag(sync=True)
    max_bytes = traitlets.Int(8_000_000).tag(sync=True)
    beat_seconds = traitlets.Float(5.0).tag(sync=True)
    #: Ids that this browser has opened, newest first; the browser's own list arrives with "hello".
    remembered = traitlets.List(traitlets.Unicode())

    def __init__(self, **traits: Any) -> None:
        self._callback: Callable[[Message], object] | None = None
        self._on_error: Callable[[Exception, Message], object] | None = None
        self._notices = 0
        super().__init__(**traits)
        self._remember(self.decision)
        self.observe(lambda change: self._remember(change["new"]), "decision")
        self.on_msg(lambda _widget, content, buffers: self.receive(content, buffers))

    def on_event(self, callback: Callable[[Message], object]) -> None:
        """Call ``callback(message)`` for hello, open, file (with ``content`` in bytes), undo, redo, dismiss, leaving."""
        self._callback = callback

    def on_error(self, hook: Callable[[Exception, Message], object]) -> None:
        """Call ``hook(error, message)`` when the callback raises."""
        self._on_error = hook

    def download(self, name: str, content: str | bytes, mime: str = "application/octet-stream") -> None:
        """Hand a file to the browser, which saves it under ``name``."""
        data = content.encode() if isinstance(content, str) else content
        self.send({"type": "download", "name": name, "mime": mime}, buffers=[data])

    def go(self, decision: str, place: str) -> None:
        """Say what is in view, both parts at once: a step in the browser's history where that is new to it."""
        with self.hold_sync():
            self.decision, self.place = decision, place

    def forget(self, decision: str) -> None:
        """Take an id from what this browser remembers, and from the address if it stands there."""
        self.remembered = [known for known in self.remembered if known != decision]
        self.send({"type": "forget", "id": decision})

    def notify(self, text: str, kind: str = "info", copy: str = "") -> None:
        """Show a banner that stays until it is dismissed or replaced, with a link to a decision kept as a copy.

        One that is no error and has no link goes by itself after ten seconds.
        """
        self._notices += 1
        self.notice = {"text": text, "kind": kind, "id": self._notices, "copy": copy}

    def announce(self, text: str) -> None:
        """Tell a screen reader, politely."""
        self.announcement = text

    def receive(self, content: Any, buffers: Any = ()) -> None:
        """Handle one message of the browser."""
        kind = str(content.get("type")) if isinstance(content, dict) else ""
        if kind == "beat":
            self.send({"type": "beat", "n": content.get("n"), "instance": INSTANCE})
            return
        message = self._understood(content, buffers) if kind in EVENTS else None
        if message is None:
            log.warning("The bridge got a message that it does not know: %.200r", content)
            return
        try:
            if self._callback:
                self._callback(message)
        except Exception as error:
            if self._on_error is None:
                log.exception("A callback of the bridge failed")
            else:
                self._on_error(error, message)
        if isinstance(content.get("n"), int):  # the address was asked for: what is in view is in its traits by now
            self.send({"type": "there", "n": content["n"]})

    def _understood(self, content: Message, buffers: Any) -> Message | None:
        """The message with only what it may hold, each of the right type, or None."""
        kind = content["type"]
        if kind == "hello":
            known = content.get("remembered")
            ids = [entry for entry in known if isinstance(entry, str)] if isinstance(known, list) else []
            self.remembered = list(dict.fromkeys([*self.remembered, *ids]))[:REMEMBERED]
            return {**_address(content), "remembered": ids[:REMEMBERED]}
        if kind == "open":
            return _address(content)
        if kind == "show":
            return {name: str(content.get(name) or "") for name in ("type", "place", "option")}
        if kind == "file":
            data = bytes(buffers[0]) if buffers else None
            if data is None or len(data) > self.max_bytes:
                return None
            return {"type": kind, "name": str(content.get("name") or "file"), "content": data}
        if kind == "dismiss":
            self.notice = {}
        return {"type": kind}

    def _remember(self, decision: str) -> None:
        if decision:
            self.remembered = [decision, *(known for known in self.remembered if known != decision)][:REMEMBERED]


def _address(content: Message) -> Message:
    """What stands in the address: the decision's id and the place in it."""
    return {name: str(content.get(name) or "") for name in ("type", "id", "place")}
