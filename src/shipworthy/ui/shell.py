"""The workbook: start page, header, rail, one place at a time, and the strip that compares the options."""

import logging
import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import ipywidgets as widgets

from shipworthy import examples
from shipworthy.considerations import registry
from shipworthy.considerations.show import signed
from shipworthy.decision import DO_NOTHING, MAX_BYTES
from shipworthy.store import Store, StoreError
from shipworthy.ui import html
from shipworthy.ui._light import give_back
from shipworthy.ui.bridge import Bridge
from shipworthy.ui.clock import Later
from shipworthy.ui.decide import DecidePage
from shipworthy.ui.header import Header
from shipworthy.ui.options import OptionTabs
from shipworthy.ui.pages import FramePage
from shipworthy.ui.panel import PLOTLY, Panel, box, mark
from shipworthy.ui.session import Session
from shipworthy.ui.start import StartPage

log = logging.getLogger(__name__)

SEARCH_AFTER = 0.3


class Workbook(widgets.VBox):  # type: ignore[misc]
    """The whole page over one session.

    Parameters
    ----------
    session : Session, optional
        Its state; a new one over the default store otherwise.
    start : str, optional
        Key of an example, or path-free id of a saved decision, to open at once (in JupyterLab, where the first cell
        names the decision).
    only : str, optional
        Key of the one consideration to show, without rail and start page.
    """

    def __init__(self, session: Session | None = None, *, start: str = "", only: str = "") -> None:
        self.session = session if session is not None else Session(Store())
        self.later = Later(self.session.failed)
        self.only = only
        in_voila = PLOTLY in os.environ
        self.bridge = Bridge(fragment=in_voila and not only, show_upload=not only, max_bytes=MAX_BYTES)
        self.bridge.upload_label = "Open a decision or a record from a file"
        self.bridge.add_class("sw-bridge")
        self.bridge.on_event(self._heard)
        self.bridge.on_error(lambda error, message: self.session.failed(error))
        self.tabs = OptionTabs(self.session)
        self.panels: dict[str, Panel | FramePage | DecidePage] = {}
        self.start_page = StartPage(self.session, self.bridge)
        self.header = Header(self.session, self.bridge)
        self.rail, self.strip = self._rail(), widgets.HTML()
        self.main = box("sw-main", [], vertical=True)
        self.below = box("sw-strip", [self.strip])
        super().__init__([])
        self.add_class("sw-app")
        if only:
            self.add_class("sw-only")
        self._observe()
        if start:
            known = start in examples.keys()  # noqa: SIM118
            self.session.start_example(start) if known else self.session.open(start)
        if only:
            self.session.place = only
        self._arrange()

    # ---- parts

    def _rail(self) -> widgets.Box:
        places = {"frame": "Frame", **{key: each.name for key, each in registry().items()}, "decide": "Decide"}
        self.places = {key: widgets.Button(description=name, tooltip=name) for key, name in places.items()}
        for key, button in self.places.items():
            button.on_click(self.session.guard(partial(setattr, self.session, "place", key)))
        return box("sw-rail", list(self.places.values()), vertical=True)

    def place(self, key: str) -> Panel | FramePage | DecidePage:
        """A place, built when it is first opened."""
        if key not in self.panels:
            made: Panel | FramePage | DecidePage
            if key == "frame":
                made = FramePage(self.session)
            elif key == "decide":
                made = DecidePage(self.session, self.bridge, self._search)
            else:
                made = Panel(self.session, registry()[key], self.tabs)
            self.panels[key] = made
        return self.panels[key]

    # ---- following the session

    def _observe(self) -> None:
        session = self.session
        session.observe(lambda change: self._moved(), ["assessment", "option"])
        session.observe(lambda change: self._arrange(), ["place", "identity"])
        session.observe(lambda change: self._notify(change["new"]), "notice")
        session.observe(lambda change: self._saved(), ["saved", "unsaved", "conflict"])
        session.before_assessing = self._draw_early

    def _arrange(self) -> None:
        """Start page or workbook, and the place in view."""
        session = self.session
        if session.decision is None:
            self.later.stop("search")
            self.start_page.refresh()
            self._children([self.start_page, self.bridge])
            self.bridge.show_upload = True
            self.bridge.go("", "")
            self.bridge.page_title = "Shipworthy"
            return
        self.bridge.show_upload = False
        if session.place not in self.places:
            session.place = "frame"
        self.bridge.go(session.identity, session.place)
        for key, button in self.places.items():
            mark(button, "sw-current", key == session.place)
        shown = self.place(session.place)
        if self.main.children != (shown,):
            self.main.children = (shown,)
        parts = (
            [self.bridge, self.header.clash, self.main, self.below]
            if self.only
            else [self.bridge, self.header, self.rail, self.main, self.below]
        )
        self._children(parts)
        self._moved()

    def _children(self, parts: list[widgets.Widget]) -> None:
        if tuple(self.children) != tuple(parts):  # type: ignore[has-type]
            self.children = tuple(parts)

    def _moved(self) -> None:
        """Statuses, numbers, the strip and the place in view, at once; flip points follow."""
        session = self.session
        assessment = session.assessment
        if assessment is None or session.decision is None or not session.identity:
            return
        title = session.decision.frame.title
        self.bridge.page_title = f"{title} · Shipworthy"
        self.header.show(title, session.decision.frame.question)
        self.strip.value = str(html.strip(assessment))
        self.tabs.refresh()
        for key, button in self.places.items():
            self._label(key, button)
        shown = self.place(session.place)
        shown.refresh()
        if isinstance(shown, Panel):
            self.bridge.announce(shown.headline())
        self._search()
        self._save_later()

    def _search(self) -> None:
        """What may follow a little later, for the place in view: flip points, and whatever a face of Decide adds."""
        self.later.stop("search")
        shown = self.panels.get(self.session.place)
        if isinstance(shown, DecidePage) or (isinstance(shown, Panel) and self.session.option != DO_NOTHING):
            self.later.start("search", _and_then_rest(shown.search()), SEARCH_AFTER)

    def _draw_early(self) -> None:
        shown = self.panels.get(self.session.place)
        if isinstance(shown, Panel):
            try:
                shown.draw_early()
            except Exception as error:  # it is drawn again with the rest, and told then
                log.info("the chart was not drawn early: %s", error)

    def _label(self, key: str, button: widgets.Button) -> None:
        if key not in registry():
            if key == "decide":
                count = len(self.session.assessment.missing)
                button.description = "Decide" + (f"\n{count} open" if count else "")
            return
        status = self.session.assessment.options[self.session.option].findings[key].status
        text = f"{registry()[key].name}\n{signed(status)}"
        if button.description != text:
            button.description = text
            for each, style in html.STYLES.items():
                mark(button, style, each == status)

    def _save_later(self) -> None:
        saver = self.session.saver
        due = None if saver is None else saver.due_in()
        if due is not None:
            self.later.start("save", self._saving(), due)

    def _saving(self) -> Iterator[None]:
        self.session.flush()
        yield None
        self._save_later()

    def _saved(self) -> None:
        self.bridge.unsaved = self.session.unsaved
        self._save_later()

    def _notify(self, notice: dict[str, Any]) -> None:
        if notice.get("text"):
            self.bridge.notify(notice["text"], notice.get("kind", "info"), notice.get("copy", ""))
        else:
            self.bridge.notice = {}

    # ---- hearing

    def _heard(self, message: dict[str, Any]) -> None:
        """What the browser says."""
        session, kind = self.session, message["type"]
        if kind == "hello":
            if message["id"] and session.decision is None:
                self._open(message["id"], message["place"])
            else:
                self.start_page.refresh()
        elif kind == "leaving":
            session.flush(at_once=True)
        else:
            acts: dict[str, Callable[[], None]] = {
                "open": lambda: self._go(message["id"], message["place"]),
                "file": lambda: session.start_file(message["content"]),
                "undo": session.undo,
                "redo": session.redo,
                "show": lambda: self._show(message["place"], message["option"]),
            }
            session.acted(acts.get(kind, lambda: None))

    def _go(self, identity: str, place: str) -> None:
        """Where the address leads, when somebody went back or forward."""
        if identity != self.session.identity:
            self._open(identity, place) if identity else self.session.close()
        elif place in self.places:
            self.session.place = place

    def _show(self, place: str, option: str) -> None:
        """A finding that was clicked: its place, for its option."""
        with self.session.hold_trait_notifications():
            if option in self.session.assessment.options:
                self.session.option = option
            if place in self.places:
                self.session.place = place

    def _open(self, identity: str, place: str) -> None:
        try:
            with self.session.hold_trait_notifications():  # no page is built only to be left again
                self.session.open(identity)
                self.session.place = place if place in self.places else self.session.place
        except StoreError as problem:
            self.bridge.forget(identity)
            self.session.failed(problem)
            self.start_page.refresh()


def _and_then_rest(work: Iterator[object]) -> Iterator[object]:
    """Work bit by bit; when all is done and nobody types, memory goes back."""
    yield from work
    give_back()
