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
from shipworthy.ui.bridge import Bridge
from shipworthy.ui.clock import Later
from shipworthy.ui.pages import DecidePage, FramePage
from shipworthy.ui.panel import PLOTLY, Panel, box, mark
from shipworthy.ui.session import Session

log = logging.getLogger(__name__)

SEARCH_AFTER = 0.3
EXAMPLES = {
    "churn": ("Churn calls", "Nine in ten right, and still too late to call"),
    "recommender": ("Recommendations", "A good model, and a page that became slow"),
    "safety-rule": ("Safety rule", "A rule takes force in three months: build, buy, or both?"),
    "shopping-assistant": ("Shopping assistant", "Does a chat earn more than its tokens cost?"),
}


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
        self.header, self.rail, self.strip = self._header(), self._rail(), widgets.HTML()
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

    def _header(self) -> widgets.Box:
        self.title, self.saved = widgets.HTML(), widgets.HTML()
        self.saved.add_class("sw-saved")
        space = widgets.HTML()
        space.add_class("sw-space")
        acts: dict[str, tuple[str, Callable[[], None]]] = {
            "undo": ("Undo", lambda: self.session.undo()),
            "redo": ("Redo", lambda: self.session.redo()),
            "file": ("Download decision", self._download),
            "home": ("Start page", lambda: self.session.close()),
            "export": ("Export record", self._export),
        }
        self.buttons = {name: widgets.Button(description=text) for name, (text, _) in acts.items()}
        for name, button in self.buttons.items():
            button.on_click(self.session.guard(acts[name][1]))
        self.buttons["export"].add_class("sw-primary")
        self.mine = widgets.Button(description="Keep mine on top")
        self.theirs = widgets.Button(description="Show theirs, keep mine as a copy")
        self.mine.on_click(self.session.guard(lambda: self.session.keep_mine()))
        self.theirs.on_click(self.session.guard(lambda: self.session.take_theirs()))
        self.conflict = widgets.HTML()
        self.clash = box("sw-clash", [self.conflict, self.mine, self.theirs])
        self.clash.layout.display = "none"
        return box("sw-header", [self.title, space, self.saved, *self.buttons.values(), self.clash])

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
                made = DecidePage(self.session)
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
        session.observe(lambda change: self._steps(), "decision")
        session.before_assessing = self._draw_early

    def _arrange(self) -> None:
        """Start page or workbook, and the place in view."""
        session = self.session
        if session.decision is None:
            self.start_page.refresh()
            self._children([self.start_page, self.bridge])
            self.bridge.show_upload, self.bridge.decision, self.bridge.place = True, "", ""
            self.bridge.page_title = "Shipworthy"
            return
        self.bridge.decision = session.identity
        self.bridge.show_upload = False
        if session.place not in self.places:
            session.place = "frame"
        self.bridge.place = session.place
        for key, button in self.places.items():
            mark(button, "sw-current", key == session.place)
        shown = self.place(session.place)
        if self.main.children != (shown,):
            self.main.children = (shown,)
        parts = (
            [self.bridge, self.main, self.below]
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
        self.title.value = str(
            html.Markup('<h1>{}</h1><span class="sw-question">{}</span>').format(title, session.decision.frame.question)
        )
        self.strip.value = str(html.strip(assessment))
        self.tabs.refresh()
        for key, button in self.places.items():
            self._label(key, button)
        shown = self.place(session.place)
        shown.refresh()
        self.later.stop("search")
        if isinstance(shown, Panel):
            self.bridge.announce(shown.headline())
            if session.option != DO_NOTHING:
                self.later.start("search", shown.search(), SEARCH_AFTER)
        self._save_later()

    def _draw_early(self) -> None:
        shown = self.panels.get(self.session.place)
        if isinstance(shown, Panel):
            try:
                shown.draw_early()
            except Exception as error:  # it is drawn again with the rest, and told then
                log.info("the chart was not drawn early: %s", error)

    def _steps(self) -> None:
        session = self.session
        self.buttons["undo"].disabled, self.buttons["redo"].disabled = not session.can_undo, not session.can_redo

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
        session = self.session
        self.saved.value = str(html.escape(session.saved))
        self.bridge.unsaved = session.unsaved
        self.clash.layout.display = None if session.conflict else "none"
        self.conflict.value = str(html.escape(session.conflict))
        self._save_later()

    def _notify(self, notice: dict[str, Any]) -> None:
        if notice.get("text"):
            self.bridge.notify(notice["text"], notice.get("kind", "info"), notice.get("copy", ""))
        else:
            self.bridge.notice = {}

    # ---- hearing

    def _heard(self, message: dict[str, Any]) -> None:
        session, kind = self.session, message["type"]
        if kind == "hello":
            if message["id"] and session.decision is None:
                self._open(message["id"], message["place"])
            else:
                self.start_page.refresh()
        elif kind == "open" and message["id"] != session.identity:
            self._open(message["id"], message["place"]) if message["id"] else session.close()
        elif kind == "open" and message["place"] in self.places:
            session.place = message["place"]
        elif kind == "file":
            session.start_file(message["content"])
        elif kind == "undo":
            session.undo()
        elif kind == "redo":
            session.redo()
        elif kind == "leaving":
            session.flush(at_once=True)

    def _open(self, identity: str, place: str) -> None:
        try:
            with self.session.hold_trait_notifications():  # no page is built only to be left again
                self.session.open(identity)
                self.session.place = place if place in self.places else self.session.place
        except StoreError as problem:
            self.bridge.forget(identity)
            self.session.tell(str(problem), "error")
            self.start_page.refresh()

    def _download(self) -> None:
        self.bridge.download(self.session.file_name(".json"), self.session.document(), "application/json")

    def _export(self) -> None:
        self.bridge.download(self.session.file_name(".html"), self.session.record(), "text/html")


class OptionTabs(widgets.VBox):  # type: ignore[misc]
    """The options as tabs, with adding, renaming, copying and removing in place."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.tabs = [widgets.Button() for _ in range(6)]
        for number, button in enumerate(self.tabs):
            button.on_click(session.guard(partial(self._show, number)))
        self.edit = widgets.Button(description="Edit options…")
        self.edit.add_class("sw-link")
        self.edit.on_click(session.guard(self._toggle))
        self.name = widgets.Text(description="Name", continuous_update=True)
        acts = {
            "Rename": lambda: session.rename_option(session.option, self.name.value),
            "Add as new": lambda: session.add_option(self.name.value),
            "Copy this one": lambda: session.add_option(f"{self.name.value} (copy)"[:120], session.option),
            "Remove this one": lambda: session.remove_option(session.option),
            "Done": self._toggle,
        }
        made = [widgets.Button(description=text) for text in acts]
        for button, act in zip(made, acts.values(), strict=True):
            button.on_click(session.guard(act))
        self.editor = box("sw-tabs", [self.name, *made])
        self.editor.layout.display = "none"
        super().__init__([box("sw-tabs", [*self.tabs, self.edit]), self.editor])

    def refresh(self) -> None:
        """Show the options and which one is in view."""
        options = self.session.decision.options
        for button, option in zip(self.tabs, [*options, *[None] * 6], strict=False):
            button.layout.display = None if option else "none"
            if option is not None:
                button.description = option.name
                mark(button, "sw-on", option.key == self.session.option)
        name = self.session.decision.option(self.session.option).name
        if getattr(self, "_named", None) != (self.session.option, name):
            self._named = (self.session.option, name)
            self.name.value = name

    def _show(self, number: int) -> None:
        self.session.option = self.session.decision.options[number].key

    def _toggle(self) -> None:
        self.editor.layout.display = "none" if self.editor.layout.display is None else None


class StartPage(widgets.VBox):  # type: ignore[misc]
    """New, from an example, from a file, or on with what this browser had."""

    def __init__(self, session: Session, bridge: Bridge) -> None:
        self.session, self.bridge = session, bridge
        self.title = widgets.Text(placeholder="What is to be decided? A few words", description="Title")
        begin = widgets.Button(description="Start")
        begin.add_class("sw-primary")
        begin.on_click(session.guard(lambda: session.start_new(self.title.value)))
        self.title.on_msg(lambda _, said, __: begin.click() if said.get("event") == "submit" else None)
        cards = [
            _card("A new decision", [widgets.HBox([self.title, begin])]),
            _card("From an example", [self._example(key) for key in examples.keys()]),  # noqa: SIM118,
        ]
        self.rows = [self._row(number) for number in range(10)]
        self._sure = ""  # which one is deleted when asked again
        self.again = _card("Go on with what this browser had", [line for line, _, _ in self.rows])
        intro = html.Markup(
            "<h1>Will the product work?</h1><p class='sw-lead'>Most machine-learning products do not fail on their metric. Ask what "
            "makes or breaks yours before you build it: with ranges instead of certainties, and doing nothing among the options.</p>"
        )
        super().__init__([widgets.HTML(str(intro)), *cards, self.again])
        self.add_class("sw-start")

    def _example(self, key: str) -> widgets.Widget:
        name, about = EXAMPLES.get(key, (key.replace("-", " ").capitalize(), ""))
        button = widgets.Button(description=f"Open “{name}”", tooltip=key)
        button.on_click(self.session.guard(lambda: self.session.start_example(key)))
        return widgets.HBox([button, widgets.HTML(str(html.Markup("<span class='sw-soft'>{}</span>").format(about)))])

    def _row(self, number: int) -> tuple[widgets.Box, widgets.Button, widgets.Button]:
        opener, remover = widgets.Button(), widgets.Button()
        remover.add_class("sw-link")
        opener.on_click(self.session.guard(lambda: self.session.open(self._identity(number))))
        remover.on_click(self.session.guard(lambda: self._remove(number)))
        return widgets.HBox([opener, remover]), opener, remover

    def refresh(self) -> None:
        """Show what this browser remembers and the store still has."""
        wanted = list(self.bridge.remembered)
        try:
            self.titles = self.session.store.titles(wanted) if wanted else {}
        except StoreError as problem:
            self.titles = {}
            self.session.tell(str(problem), "error")
        known = [identity for identity in wanted if identity in self.titles]
        self.known = known
        for (line, opener, remover), identity in zip(self.rows, [*known, *[""] * 10], strict=False):
            line.layout.display = None if identity else "none"
            opener.description = self.titles.get(identity, "")[:80]
            remover.description = f"Delete “{opener.description[:40]}” for good…"
        self._sure = ""
        self.again.layout.display = None if known else "none"

    def _identity(self, number: int) -> str:
        return self.known[number]

    def _remove(self, number: int) -> None:
        identity, button = self._identity(number), self.rows[number][2]
        if self._sure != identity:
            self._sure = identity
            button.description = f"Really delete “{self.titles[identity][:40]}”? It cannot be undone"
            return
        self.session.store.delete(identity)
        self.bridge.forget(identity)
        self.refresh()


def _card(title: str, children: list[widgets.Widget]) -> widgets.Box:
    return box("sw-card", [widgets.HTML(str(html.Markup("<h2>{}</h2>").format(title))), *children], vertical=True)
