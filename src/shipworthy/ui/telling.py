"""What is told to everybody at the screen: messages, and errors that are never silent."""

import logging
import secrets
from collections.abc import Callable
from itertools import count
from typing import TypeVar

import traitlets

from shipworthy.errors import InputError, ShipworthyError
from shipworthy.store import StoreError

log = logging.getLogger(__name__)
T = TypeVar("T")

ACT, SAVING = "act", "saving"
"""What a message may be about: something that could not be done, which the next success makes old, or saving."""


class Telling(traitlets.HasTraits):
    """One message at a time, in ``notice``: a new one takes the old one's place."""

    notice = traitlets.Dict()

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        self._notices = count(1)

    def tell(self, text: str, kind: str = "info", copy: str = "", about: str = "") -> None:
        """A message for everybody at the screen; ``copy`` is the id of a decision that it offers to open."""
        self.notice = {"text": text, "kind": kind, "about": about, "copy": copy, "number": next(self._notices)}

    def failed(self, error: Exception) -> str:
        """A callback raised: one friendly sentence with an id, the traceback to the log. What the user sees is kept."""
        if isinstance(error, InputError | StoreError):
            self.tell(str(error), "error", about=ACT)
            return ""
        identity = secrets.token_hex(4)
        log.error("error %s", identity, exc_info=error)
        mine = str(error) if isinstance(error, ShipworthyError) else "Something went wrong on our side."
        text = f"{mine} Your answers are kept. If it happens again, tell us the error id {identity}."
        self.tell(text, "error", about=ACT)
        return identity

    def acted(self, act: Callable[[], T]) -> T:
        """Do what somebody asked for; when it succeeds, what an earlier act was told is old and goes."""
        before = self.notice
        result = act()
        if self.notice is before and before.get("about") == ACT:
            self.notice = {}
            self.settled()
        return result

    def settled(self) -> None:
        """An old message went: tell again what still holds."""

    def guard(self, act: Callable[[], object]) -> Callable[..., None]:
        """A button's callback that never fails silently."""

        def run(*_: object) -> None:
            try:
                self.acted(act)
            except Exception as error:
                self.failed(error)

        return run
