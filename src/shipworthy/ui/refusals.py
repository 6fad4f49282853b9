"""Answers that were refused: why, and what was typed; it stays on the screen, and findings say that they do not know of it."""

from collections.abc import Mapping
from typing import Any

import traitlets

from shipworthy.considerations import registry


class Refusals(traitlets.HasTraits):
    """What was refused, by question and option; an empty option where all share the answer."""

    option = traitlets.Unicode("")

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.errors: dict[tuple[str, str], str] = {}
        self._refused: dict[tuple[str, str], Mapping[str, Any]] = {}

    def refuse(self, key: str, option: str | None, why: str, typed: Mapping[str, Any]) -> None:
        """What was typed cannot be an answer."""
        self.errors[key, option or ""], self._refused[key, option or ""] = why, dict(typed)

    def problem(self, key: str) -> tuple[str, Mapping[str, Any] | None]:
        """Why what was typed for the option in view was refused, and what that was; an empty text where nothing was."""
        where = (key, self.option) if (key, self.option) in self.errors else (key, "")
        return (self.errors[where], self._refused.get(where)) if where in self.errors else ("", None)

    def stands_on_earlier(self, consideration: str) -> str:
        """What a finding does not know of: an answer that was refused, so that it stands on the one before."""
        for question in registry()[consideration].questions.values():
            if error := self.problem(question.key)[0]:
                return f"This stands on what was there before your last change of “{question.label}” ({error})."
        return ""

    def _forgive(self, key: str) -> None:
        """What was refused before is settled."""
        self.errors = {where: text for where, text in self.errors.items() if where[0] != key}
