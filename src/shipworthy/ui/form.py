"""The question form: a consideration's questions as real HTML, one message an answer.

The form knows no units, bounds or numbers: every field is a string as the user sees it. Who formats and parses is
behind :meth:`QuestionForm.on_event`, which gets each message and gives back what changed.
"""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

log = logging.getLogger(__name__)

Message = dict[str, Any]
Patch = Mapping[str, Mapping[str, Any]]

#: What the form may tell, and nothing else is passed on.
EVENTS = frozenset({"answer", "unknown", "confirm", "reset", "differs", "evidence", "goto", "copy"})


class QuestionForm(anywidget.AnyWidget):  # type: ignore[misc]
    """Questions in sections, for the option in view.

    Parameters
    ----------
    sections : list of dict
        ``{key, legend, help, questions: [{key, kind, label, unit, help, choices, columns, per_option, placeholder,
        multiline}]}``: what is asked; a column may be ``read_only``. Kinds: estimate, money, share, spread, number, chance,
        requirement, date, text, choice, choices, rows.
    options : list of dict
        ``{key, name}`` of each option.
    option : str
        Key of the option in view.
    answers : dict
        Question key to ``{state, differs, shared, own, by_option, evidence, tag, error, read_only, shown_from,
        hidden, can_reset, copies}``. Fields are strings: ``shared`` holds those of all options, ``own`` those of each option
        that has its own. ``by_option`` may override any of the rest (tag, error, state, evidence) for one option.

    Examples
    --------
    >>> form = QuestionForm(sections=[], answers={"gap": {"state": "empty"}})
    >>> form.on_event(lambda message: {message["question"]: {"state": "unknown"}})
    >>> form.receive({"type": "unknown", "question": "gap", "option": None, "seq": 1})
    >>> form.answers["gap"]["state"]
    'unknown'
    """

    _esm = Path(__file__).with_name("form.js")

    sections = traitlets.List(traitlets.Dict()).tag(sync=True)
    options = traitlets.List(traitlets.Dict()).tag(sync=True)
    option = traitlets.Unicode("").tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        self._quiet = self._heard = False
        self._callback: Callable[[Message], Patch | None] | None = None
        self._on_error: Callable[[Exception, Message], Patch | None] | None = None
        super().__init__(**traits)
        self.on_msg(lambda _widget, content, _buffers: self.receive(content))

    def on_event(self, callback: Callable[[Message], Patch | None]) -> None:
        """Call ``callback(message)`` for everything that the user does; it returns the answers that changed."""
        self._callback = callback

    def on_error(self, hook: Callable[[Exception, Message], Patch | None]) -> None:
        """Call ``hook(error, message)`` when the callback raises; it may return the answers to show."""
        self._on_error = hook

    def patch(self, answers: Patch) -> None:
        """Show changed answers (question key to the whole answer) without building the form anew.

        Until the browser has been heard, nobody may be there to take a patch: then the whole trait goes.
        """
        if not self._heard:
            self.answers = {**self.answers, **{key: dict(answer) for key, answer in answers.items()}}
            return
        self._keep(answers)
        self.send({"type": "patch", "patch": dict(answers)})

    def unfold(self, section: str) -> None:
        """Unfold a section and bring it into view."""
        self.send({"type": "unfold", "section": section})

    def receive(self, content: Any) -> None:
        """Handle one message of the browser: pass it on, then acknowledge it with what changed."""
        if not isinstance(content, dict) or str(content.get("type")) not in EVENTS:
            log.warning("The question form got a message that it does not know: %.200r", content)
            return
        self._heard = True
        patch: Patch = {}
        try:
            patch = (self._callback and self._callback(content)) or {}
        except Exception as error:
            patch = self._failed(error, content) or {}
        finally:  # unacknowledged, the browser would take the session for dead
            self._keep(patch)
            self.send({"type": "ack", "seq": content.get("seq"), "patch": dict(patch)})

    def _failed(self, error: Exception, content: Message) -> Patch | None:
        if self._on_error is None:
            log.exception("A callback of the question form failed")
            return None
        try:
            return self._on_error(error, content)
        except Exception:
            log.exception("The error hook of the question form failed")
            return None

    def _keep(self, patch: Patch) -> None:
        """Update the trait without sending all of it: the browser gets the patch alone."""
        if not patch:
            return
        self._quiet = True
        try:
            self.answers = {**self.answers, **{key: dict(answer) for key, answer in patch.items()}}
        finally:
            self._quiet = False

    def _should_send_property(self, key: str, value: Any) -> bool:
        if key == "answers" and self._quiet:
            return False
        return bool(super()._should_send_property(key, value))
