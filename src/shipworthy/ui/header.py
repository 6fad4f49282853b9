"""The header: what is decided, whether it is saved, undo and redo, files, and what to do when two pages saved."""

from collections.abc import Callable

import ipywidgets as widgets

from shipworthy.ui import html
from shipworthy.ui.bridge import Bridge
from shipworthy.ui.panel import box, button
from shipworthy.ui.session import Session


class Header(widgets.HBox):  # type: ignore[misc]
    """Stays in view; on a narrow screen its last lines do, which say whether what was typed is saved."""

    def __init__(self, session: Session, bridge: Bridge) -> None:
        self.session, self.bridge = session, bridge
        self.title, self.saved, self.conflict = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.title.add_class("sw-title")
        self.saved.add_class("sw-saved")
        acts: dict[str, tuple[str, Callable[[], None]]] = {
            "undo": ("Undo", lambda: session.undo()),
            "redo": ("Redo", lambda: session.redo()),
            "file": ("Download decision", self._download),
            "home": ("Start page", lambda: session.close()),
            "export": ("Export record", self._export),
        }
        self.buttons = {name: button(session, text, act) for name, (text, act) in acts.items()}
        self.buttons["export"].add_class("sw-primary")
        mine = button(session, "Keep mine on top", lambda: session.keep_mine())
        theirs = button(session, "Show theirs, keep mine as a copy", lambda: session.take_theirs())
        self.clash = box("sw-clash", [self.conflict, mine, theirs])
        state = box("sw-state", [self.saved, self.buttons["undo"], self.buttons["redo"]])
        files = box("sw-files", [self.buttons[name] for name in ("file", "home", "export")])
        super().__init__([self.title, state, files, self.clash])
        self.add_class("sw-header")
        session.observe(lambda change: self._saved(), ["saved", "conflict"])
        session.observe(lambda change: self._steps(), "decision")
        self._saved()

    def show(self, title: str, question: str) -> None:
        """Show what is decided."""
        made = html.Markup('<h1 title="{0}">{0}</h1><span class="sw-question">{1}</span>').format(title, question)
        self.title.value = str(made)

    def _saved(self) -> None:
        self.saved.value = str(html.escape(self.session.saved))
        self.conflict.value = str(html.escape(self.session.conflict))
        self.clash.layout.display = None if self.session.conflict else "none"

    def _steps(self) -> None:
        self.buttons["undo"].disabled = not self.session.can_undo
        self.buttons["redo"].disabled = not self.session.can_redo

    def _download(self) -> None:
        self.bridge.download(self.session.file_name(".json"), self.session.document(), "application/json")

    def _export(self) -> None:
        self.bridge.download(self.session.file_name(".html"), self.session.record(), "text/html")
