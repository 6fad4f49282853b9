"""The pages around the considerations: start, frame, decide."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets

from shipworthy._deciding_words import told
from shipworthy.considerations.questions import Question
from shipworthy.deciding import deciding
from shipworthy.decision import Value, now
from shipworthy.errors import InputError
from shipworthy.ui import deciding as looks
from shipworthy.ui import fields, html, outcome
from shipworthy.ui.bridge import Bridge
from shipworthy.ui.form import QuestionForm
from shipworthy.ui.panel import box, button
from shipworthy.ui.session import Session

KINDS = {
    "feature": "A feature in a product",
    "application": "An application around a model",
    "model": "The model itself",
}

LONG = ("product", "baseline", "reasons", "users")
"""Texts of more than a line."""

FRAME = (
    Question("frame", "title", "What is decided", "text", "Title", help="A few words by which everybody knows it."),
    Question(
        "frame",
        "question",
        "What is decided",
        "text",
        "The decision to be made",
        help="As a question: should we …, and how?",
    ),
    Question("frame", "product", "What is decided", "text", "Product", help="What users get, in a sentence or two."),
    Question("frame", "kind", "What is decided", "choice", "What is being built?", choices=KINDS),
    Question("frame", "users", "Who and when", "text", "Users", help="Who uses it, and how many."),
    Question(
        "frame",
        "baseline",
        "Who and when",
        "text",
        "What happens today",
        help="Without it: the simplest rule, a person, nothing.",
    ),
    Question("frame", "decider", "Who and when", "text", "Who decides"),
    Question("frame", "decide_by", "Who and when", "date", "Decided by"),
    Question(
        "frame", "as_of", "Which day counts", "date", "Prices and rules as of",
        help="Price lists, reference tables and rules are read as of this day. Empty: as of today.",
    ),
)  # fmt: skip


class _Page(widgets.VBox):  # type: ignore[misc]
    """A page with a form over plain values that are not answers of a consideration."""

    def __init__(self, session: Session, title: str, lead: str) -> None:
        self.session = session
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


class FramePage(_Page):
    """What the decision is about."""

    def __init__(self, session: Session) -> None:
        lead = "Say it so that somebody who was not in the room understands it in a year."
        super().__init__(session, "What is to be decided?", lead)
        self.children = [self.head, box("sw-card", [self.form], vertical=True)]

    def questions(self) -> tuple[Question, ...]:
        """The frame's."""
        return FRAME

    def refresh(self) -> None:
        """Show the frame."""
        decision = self.session.decision
        values = {name: value for name, value in decision.frame.model_dump(mode="json").items() if value}
        self.show({**values, "as_of": decision.as_of.isoformat() if decision.as_of else None})

    def take(self, question: Question, value: Value | None) -> None:
        """Change the frame, or the day that counts."""
        if question.name == "title" and not value:
            raise InputError("a title is needed: a few words")
        if question.name in ("title", "question", "decider") and len(str(value or "")) > 200:
            raise InputError("at most 200 characters")
        if question.kind == "date":
            day = outcome.typed_day(value)
            self.session.set_as_of(day) if question.name == "as_of" else self.session.set_frame(decide_by=day)
        else:
            self.session.set_frame(**{question.name: value or ("feature" if question.kind == "choice" else "")})


class DecidePage(_Page):
    """The options compared, and what was decided."""

    def __init__(self, session: Session, bridge: Bridge) -> None:
        self.bridge = bridge
        lead = "The options side by side on the same draws, doing nothing among them."
        super().__init__(session, "What do we decide, and why?", lead)
        self._typed: dict[str, tuple[object, Value | None]] = {}  # rows as typed, empty ones among them
        self.matrix, self.money, self.unknown, self.watch = (widgets.HTML() for _ in range(4))
        self.first, self.views = widgets.HTML(), widgets.HTML()
        propose = button(session, "Propose from the flip points", self._propose)
        keep = button(session, "Keep what we expect today", self._keep)
        acts = box("sw-tabs", [propose, keep])
        files = box("sw-tabs", [button(session, text, act) for text, act in self._files().items()])
        cards = (
            [self.matrix, self.unknown], [self.first], [self.views], [self.money], [self.watch, self.form, acts], [files]
        )  # fmt: skip
        self.children = [self.head, *(box("sw-card", card, vertical=True) for card in cards)]
        self.add_class("sw-stack")

    def _files(self) -> dict[str, Callable[[], None]]:
        """The decision in other forms, each by the button that hands it over."""
        return {"Download as a note (Markdown)": self._note, "Download the answers (CSV)": self._answers}

    def _note(self) -> None:
        from shipworthy.exports import markdown
        from shipworthy.record.findings import all_flips

        assessment = self.session.assessment
        text = markdown(assessment, made_at=now(), flips=all_flips(assessment))
        self._hand_over(".md", text, "text/markdown")

    def _answers(self) -> None:
        from shipworthy.exports import answers

        self._hand_over(".csv", answers(self.session.assessment), "text/csv")

    def _hand_over(self, ending: str, text: str, mime: str) -> None:
        self.bridge.download(self.session.file_name(ending), text, mime)

    def questions(self) -> tuple[Question, ...]:
        """The outcome's."""
        return outcome.questions(self.session.assessment)

    def refresh(self) -> None:
        """Show the comparison and the outcome."""
        assessment = self.session.assessment
        self.matrix.value = str(html.comparison(assessment))
        self.money.value = str(html.ledger(assessment))
        beside = told(deciding(assessment), assessment)
        self.first.value = str(looks.find_out(beside)) if assessment.comparable else ""
        self.views.value = str(looks.views(beside)) if assessment.comparable else ""
        labels = [assessment.world.question(key).label for key in assessment.missing]
        said = html.Markup("<p><b>Provisional.</b> Not known yet: {}.</p>").format(", ".join(labels))
        self.unknown.value = str(said) if labels else ""
        self.watch.value = str(_watched(outcome.reopening(assessment)))
        now, identity = self.session.decision.outcome, self.session.identity
        meant = {name: (identity, getattr(now, name)) for name in self._typed}
        typed = {name: value for name, (kept, value) in self._typed.items() if kept == meant[name]}
        self.show({**outcome.values(assessment), **typed})

    def take(self, question: Question, value: Value | None) -> None:
        """Change the outcome; a line that is not whole yet is told, the others count."""
        assessment = self.session.assessment
        changed, problem = outcome.changed(assessment, question.name, value, assessment.on)
        if question.kind == "rows" and question.name != "forecasts":
            self._typed[question.name] = ((self.session.identity, getattr(changed, question.name)), value)
        self.session.set_outcome(changed, f"{question.label.lower()} changed")
        if problem:
            raise InputError(problem)

    def _propose(self) -> None:
        self.session.set_outcome(outcome.proposed(self.session.assessment), "triggers proposed from the flip points")
        self._typed.pop("triggers", None)
        self.refresh()

    def _keep(self) -> None:
        self.session.set_outcome(outcome.expected_now(self.session.assessment), "kept what is expected today")
        self.refresh()


def _watched(reasons: Sequence[str]) -> html.Markup:
    """Why the decision should be looked at again, or nothing."""
    if not reasons:
        return html.Markup("")
    lines = html.Markup("").join(html.Markup("<li>{}</li>").format(each) for each in reasons)
    return html.Markup("<p><b>Look at it again:</b></p><ul>{}</ul>").format(lines)
