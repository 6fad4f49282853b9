"""A page with a form over plain values that are not answers of a consideration."""

from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets

from shipworthy.considerations.questions import Question
from shipworthy.decision import Value
from shipworthy.errors import InputError
from shipworthy.ui import fields, html
from shipworthy.ui.form import QuestionForm
from shipworthy.ui.session import Session

LONG = ("product", "baseline", "reasons", "users")
"""Texts of more than a line."""


class FormPage(widgets.VBox):  # type: ignore[misc]
    """A heading and a form. Built once; afterwards only traits change."""

    def __init__(self, session: Session, title: str, lead: str) -> None:
        self.session = session
        self._typed: dict[str, tuple[object, object, Value | None]] = {}
        self.form = QuestionForm(option="")
        self.form.on_event(self._said)
        self.form.on_error(lambda error, message: self._broken(error))
        self.head = widgets.HTML(str(html.heading(title, lead)))
        super().__init__()

    def questions(self) -> tuple[Question, ...]:
        """What is asked."""
        raise NotImplementedError

    def take(self, question: Question, value: Value | None) -> None:
        """Take what was said; InputError where it cannot be."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Show what stands in the document."""
        raise NotImplementedError

    def show(self, values: Mapping[str, Value | None]) -> None:
        """Show the values, and beside a question what was wrong with what was typed."""
        questions, errors = self.questions(), self.session.errors
        made = fields.grouped(questions, "", long=LONG)
        if self.form.sections != made:
            self.form.sections = made
        answers = {
            question.key: {"state": "plain", "differs": False, "shared": fields.fields(question, values.get(question.name)),
                           "own": {}, "error": errors.get((question.key, ""), ""), "tag": "", "hidden": False}
            for question in questions
        }  # fmt: skip
        self.form.patch({key: each for key, each in answers.items() if self.form.answers.get(key) != each})

    def keep_typed(self, name: str, meant: object, value: Value | None) -> None:
        """Keep the lines of a list as they were typed, those that are not whole yet among them, while the document says
        of it what they meant."""
        self._typed[name] = (self.session.identity, meant, value)

    def forget_typed(self, name: str) -> None:
        """Show a list as the document has it."""
        self._typed.pop(name, None)

    def with_typed(self, values: Mapping[str, Value | None], meant: Mapping[str, object]) -> dict[str, Value | None]:
        """The values, with lists as they were typed where the document still says what was meant by them."""
        found, identity = dict(values), self.session.identity
        for name, (whose, then, value) in self._typed.items():
            if whose == identity and meant.get(name) == then:
                found[name] = value
        return found

    def _said(self, message: dict[str, Any]) -> None:
        question = next((each for each in self.questions() if each.key == message.get("question")), None)
        if question is None or message.get("type") != "answer":
            return
        where = (question.key, "")
        try:
            value = fields.parse(question, message.get("fields") or {})
            self.session.acted(lambda: self.take(question, value))
        except InputError as problem:
            self.session.errors[where] = str(problem)
        else:
            self.session.errors.pop(where, None)
        self.refresh()

    def _broken(self, error: Exception) -> None:
        self.session.failed(error)
