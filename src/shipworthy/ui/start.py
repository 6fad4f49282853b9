"""The start page: a new decision, one from an example or a file, or on with what this browser had."""

import time
from collections.abc import Callable
from datetime import datetime

import ipywidgets as widgets

from shipworthy import examples
from shipworthy.store import StoreError
from shipworthy.ui import html
from shipworthy.ui.bridge import Bridge
from shipworthy.ui.panel import box
from shipworthy.ui.session import Session

EXAMPLES = {
    "churn": ("Churn calls", "Nine in ten right, and still too late to call"),
    "loan-decisions": ("Loan decisions", "A refusal must be explained, and the network cannot"),
    "object-recognition": ("Object recognition", "In the cloud, or on the device? Nobody asked"),
    "recommender": ("Recommendations", "A good model, and a page that became slow"),
    "safety-rule": ("Safety rule", "A rule takes force in three months: build, buy, or both?"),
    "sharegpt-assistant": ("An assistant tuned on shared conversations", "It performs well, and may not be shipped"),
    "shopping-assistant": ("Shopping assistant", "Does a chat earn more than its tokens cost?"),
}
ROWS = 10
SECOND_CLICK = 0.5
"""A click so soon after the one that asked belongs to a double-click [s]."""


class StartPage(widgets.VBox):  # type: ignore[misc]
    """New, from an example, from a file, or on with what this browser had.

    Parameters
    ----------
    session : Session
        What is opened goes there.
    bridge : Bridge
        Knows what this browser remembers.
    clock : callable
        Monotonic time [s].
    """

    def __init__(self, session: Session, bridge: Bridge, clock: Callable[[], float] = time.monotonic) -> None:
        self.session, self.bridge, self.clock = session, bridge, clock
        self.title = widgets.Text(placeholder="What is to be decided? A few words", description="Title")
        begin = widgets.Button(description="Start")
        begin.add_class("sw-primary")
        begin.on_click(session.guard(lambda: session.start_new(self.title.value)))
        self.title.on_msg(lambda _, said, __: begin.click() if said.get("event") == "submit" else None)
        cards = [
            _card("A new decision", [widgets.HBox([self.title, begin])]),
            _card("From an example", [self._example(key) for key in examples.keys()]),  # noqa: SIM118,
        ]
        self.rows: list[Kept] = []  # made when they are needed: every widget makes opening the page longer
        self.again = _card("Go on with what this browser had", [])
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

    def refresh(self) -> None:
        """Show what this browser remembers and the store still has."""
        try:
            known = self._known()
        except StoreError as problem:
            known = []
            self.session.failed(problem)
        said = [(title, _when(at)) for _, title, at in known]
        if len(known) > len(self.rows):
            self.rows += [Kept(self) for _ in known[len(self.rows) :]]
            self.again.children = (self.again.children[0], *self.rows)
        for number, row in enumerate(self.rows):
            if number >= len(known):
                row.show("", "", "")
                continue
            identity, title, _ = known[number]
            alike = f" · {identity[:4]}" if said.count(said[number]) > 1 else ""
            row.show(identity, title, f"saved {said[number][1]}{alike}")
        self.again.layout.display = None if known else "none"

    def _known(self) -> list[tuple[str, str, datetime]]:
        """Id, title and time of the newest revision, in the order in which this browser had them."""
        store, wanted = self.session.store, list(self.bridge.remembered)
        titles = store.titles(wanted) if wanted else {}
        known = [identity for identity in wanted if identity in titles][:ROWS]
        return [(identity, titles[identity], store.history(identity)[-1].saved_at) for identity in known]

    def forget(self, identity: str) -> None:
        """Delete a decision for good."""
        self.session.store.delete(identity)
        self.bridge.forget(identity)
        self.refresh()


class Kept(widgets.HBox):  # type: ignore[misc]
    """One decision that this browser had: open it, or delete it once that is confirmed in another place."""

    def __init__(self, page: StartPage) -> None:
        self.page, self.identity, self._asked_at = page, "", 0.0
        self.opener, self.about = widgets.Button(), widgets.HTML()
        self.asker, self.keeper, self.remover = widgets.Button(), widgets.Button(), widgets.Button()
        acts = {self.opener: self._open, self.asker: self._ask, self.keeper: self._keep, self.remover: self._remove}
        for button, act in acts.items():
            button.on_click(page.session.guard(act))
        self.asker.add_class("sw-link")
        self.remover.add_class("sw-danger")
        super().__init__([self.opener, self.about, self.asker, self.keeper, self.remover])

    def show(self, identity: str, title: str, about: str) -> None:
        """Show a decision, or nothing where there is no id."""
        self.identity = identity
        self.layout.display = None if identity else "none"
        self.opener.description = title[:80]
        self.about.value = str(html.Markup("<span class='sw-soft'>{}</span>").format(about))
        short = title if len(title) <= 40 else title[:39] + "…"
        self.asker.description = f"Delete “{short}” for good…"
        self.keeper.description = f"Keep “{short}”"
        self.remover.description = f"Really delete “{short}”: it cannot be undone"
        self._sure(False)

    def _sure(self, asked: bool) -> None:
        self.asker.layout.display = "none" if asked else None
        self.keeper.layout.display = self.remover.layout.display = None if asked else "none"

    def _open(self) -> None:
        self.page.session.open(self.identity)

    def _ask(self) -> None:
        self._asked_at = self.page.clock()
        self._sure(True)

    def _keep(self) -> None:
        if not self._too_soon():
            self._sure(False)

    def _remove(self) -> None:
        if not self._too_soon():
            self.page.forget(self.identity)

    def _too_soon(self) -> bool:
        return self.page.clock() - self._asked_at < SECOND_CLICK


def _when(at: datetime) -> str:
    at = at.astimezone()
    return f"{at.day} {at:%B %Y, %H:%M}"


def _card(title: str, children: list[widgets.Widget]) -> widgets.Box:
    return box("sw-card", [widgets.HTML(str(html.Markup("<h2>{}</h2>").format(title))), *children], vertical=True)
