"""A page with a form over plain values that are not answers of a consideration."""

from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets

from shipworthy.considerations.questions import Question
from shipworthy.decision import Value
from shipworthy.errors import InputError
from shipworthy.ui import fields, html
from shipworthy.ui.form import QuestionForm
from shipworthy.ui.lines import Stated, Taken, Typed
from shipworthy.ui.session import Session

LONG = ("product", "baseline", "reasons", "users")
"""Texts of more than a line."""


class FormPage(widgets.VBox):  # type: ignore[misc]
    """A heading and a form. Built once; afterwards only traits change."""

    def __init__(self, session: Session, title: str, lead: str) -> None:
        self.session = session
        self._typed: dict[str, tuple[str, Typed]] = {}
        self.form = QuestionForm(option="")
        self.form.on_event(self._said)
        self.form.on_error(lambda error, message: self._broken(error))
        self.head = widgets.HTML(str(html.heading(title, lead)))
        super().__init__()

    def questions(self) -> tuple[Question, ...]:
        """What is asked."""
        raise NotImplementedError

    def lists(self) -> Mapping[str, Stated]:
        """The lists as the document has them, by the names of their questions: what is typed into them is kept as it was
        typed."""
        return {}

    def take(self, question: Question, value: Value | None) -> None:
        """Take what was said; InputError where it cannot be."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Show what stands in the document."""
        raise NotImplementedError

    def show(self, values: Mapping[str, Value | None]) -> None:
        """Show the values and the lists, and beside a question what was wrong with what was typed."""
        questions, lists = self.questions(), self.lists()
        answers = {each.key: self._as_shown(each, values.get(each.name), lists.get(each.name)) for each in questions}
        # first: a form that is built anew shows what it has
        self.form.patch({key: each for key, each in answers.items() if self.form.answers.get(key) != each})
        made = fields.grouped(questions, "", long=LONG)
        if self.form.sections != made:
            self.form.sections = made

    def _as_shown(self, question: Question, value: Value | None, stated: Stated | None) -> dict[str, Any]:
        """One answer as the form has it; what was refused as it was typed."""
        error, refused = self.session.problem(question.key)
        if stated is not None:
            typed = self._as_typed(question.name, stated)
            value, error = (typed.taken.rows, error or typed.taken.problem) if typed else (stated.rows, error)
        shared = refused if error and refused else fields.fields(question, value)
        return {
            "state": "plain",
            "differs": False,
            "shared": shared,
            "own": {},
            "error": error,
            "tag": "",
            "hidden": False,
        }

    def keep_typed(self, name: str, taken: Taken[Any], meant: tuple[Any, ...]) -> None:
        """Keep the lines of a list as they were typed, those that are not whole yet among them, while the document says
        of it what they meant."""
        self._typed[name] = self.session.identity, Typed(taken, meant)

    def stood(self, name: str) -> Mapping[str, Any]:
        """What the document says in each line of a list as it is shown, by the line's id."""
        stated = self.lists()[name]
        typed = self._as_typed(name, stated)
        if typed is not None:
            return typed.taken.by_row or {}
        return dict(zip((row.id for row in stated.rows), stated.things, strict=True))

    def _as_typed(self, name: str, stated: Stated) -> Typed | None:
        whose, typed = self._typed.get(name, ("", None))
        return stated.after(typed) if typed is not None and whose == self.session.identity else None

    def _said(self, message: dict[str, Any]) -> None:
        question = next((each for each in self.questions() if each.key == message.get("question")), None)
        if question is None or message.get("type") != "answer":
            return
        typed = message.get("fields") or {}
        self.session.errors.pop((question.key, ""), None)
        try:
            value = fields.parse(question, typed)
            self.session.acted(lambda: self.take(question, value))
        except InputError as problem:
            self.session.refuse(question.key, None, str(problem), typed)
        self.refresh()

    def _broken(self, error: Exception) -> None:
        self.session.failed(error)
