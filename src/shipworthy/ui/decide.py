"""The Decide page: its faces, one in view at a time."""

from collections.abc import Callable, Iterator
from functools import partial

import ipywidgets as widgets

from shipworthy.decision import Outcome
from shipworthy.ui.bridge import Bridge
from shipworthy.ui.decide_commit import CommitFace
from shipworthy.ui.decide_compare import CompareFace
from shipworthy.ui.decide_find_out import FindOutFace
from shipworthy.ui.decide_moves import MovesFace
from shipworthy.ui.decide_what_if import WhatIfFace
from shipworthy.ui.face import Face
from shipworthy.ui.panel import box, mark
from shipworthy.ui.session import Session


class DecidePage(widgets.VBox):  # type: ignore[misc]
    """The options compared, what moves the result, what to find out, and what was decided.

    Parameters
    ----------
    session : Session
        Its state.
    bridge : Bridge
        Hands files over.
    follow : callable
        Called when another face came into view: what may follow later (:meth:`search`) is to be begun.
    """

    FACES: tuple[type[Face], ...] = (CompareFace, MovesFace, WhatIfFace, FindOutFace, CommitFace)

    def __init__(self, session: Session, bridge: Bridge, follow: Callable[[], object] = lambda: None) -> None:
        self.session, self.bridge, self._follow = session, bridge, follow
        self.faces: dict[type[Face], Face] = {}
        self.buttons = {each: widgets.Button(description=each.name) for each in self.FACES}
        for kind, button in self.buttons.items():
            button.on_click(session.guard(partial(self.bring, kind)))
        self.shown: type[Face] = CompareFace if session.decision.outcome == Outcome() else CommitFace
        tabs = box("sw-tabs", list(self.buttons.values()))
        tabs.add_class("sw-faces")
        self.body = box("sw-stack", [], vertical=True)
        super().__init__([tabs, self.body])
        self.add_class("sw-stack")

    def face(self, kind: type[Face]) -> Face:
        """A face, built when it is first opened."""
        if kind not in self.faces:
            self.faces[kind] = kind(self.session) if kind is not CommitFace else CommitFace(self.session, self.bridge)
        return self.faces[kind]

    def bring(self, kind: type[Face]) -> None:
        """Bring a face into view."""
        self.shown = kind
        self.refresh()
        self._follow()

    def refresh(self) -> None:
        """Show the face in view as the assessment has it."""
        for kind, button in self.buttons.items():
            mark(button, "sw-on", kind is self.shown)
        face = self.face(self.shown)
        face.refresh()
        if self.body.children != (face,):
            self.body.children = (face,)

    def search(self) -> Iterator[object]:
        """What the face in view may add later."""
        return self.face(self.shown).search()
