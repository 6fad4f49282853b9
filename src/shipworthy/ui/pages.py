"""The pages around the considerations: start, frame, decide."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import ipywidgets as widgets

from shipworthy.considerations.questions import Question
from shipworthy.decision import Condition, Outcome, Row, Signature, Value, now
from shipworthy.errors import InputError
from shipworthy.ui import fields, html
from shipworthy.ui.form import QuestionForm
from shipworthy.ui.panel import box
from shipworthy.ui.session import Session

KINDS = {
    "feature": "A feature in a product",
    "application": "An application around a model",
    "model": "The model itself",
}

MOST_ROWS = 50
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


def _outcome_questions(names: Mapping[str, str]) -> tuple[Question, ...]:
    text = {"kind": "text"}
    return (
        Question("outcome", "chosen", "What was decided", "choice", "Chosen option", choices=names),
        Question("outcome", "reasons", "What was decided", "text", "Why", help="In the words of those who decide."),
        Question(
            "outcome", "conditions", "What was decided", "rows", "Conditions that must come true",
            columns=({"key": "text", "label": "Condition", **text}, {"key": "owner", "label": "Who sees to it", **text}, {"key": "by", "label": "By", "kind": "date"}),
        ),
        Question("outcome", "reopen", "What was decided", "rows", "Reopen when", columns=({"key": "text", "label": "What would reopen it", **text},)),
        Question(
            "outcome", "signatures", "Who answers for it", "rows", "Signed by",
            columns=({"key": "who", "label": "Name", **text}, {"key": "role", "label": "Role", **text}),
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
            day = _day(value)
            self.session.set_as_of(day) if question.name == "as_of" else self.session.set_frame(decide_by=day)
        else:
            self.session.set_frame(**{question.name: value or ("feature" if question.kind == "choice" else "")})


class DecidePage(_Page):
    """The options compared, and what was decided."""

    def __init__(self, session: Session) -> None:
        lead = "The options side by side on the same draws, doing nothing among them."
        super().__init__(session, "What do we decide, and why?", lead)
        self._typed: dict[str, tuple[object, Value | None]] = {}  # rows as typed, empty ones among them
        self.matrix, self.money, self.unknown = widgets.HTML(), widgets.HTML(), widgets.HTML()
        cards = ([self.matrix, self.unknown], [self.money], [self.form])
        self.children = [self.head, *(box("sw-card", card, vertical=True) for card in cards)]
        self.add_class("sw-stack")

    def questions(self) -> tuple[Question, ...]:
        """The outcome's."""
        return _outcome_questions({each.key: each.name for each in self.session.decision.options})

    def refresh(self) -> None:
        """Show the comparison and the outcome."""
        assessment = self.session.assessment
        self.matrix.value = str(html.comparison(assessment))
        self.money.value = str(html.ledger(assessment))
        labels = [assessment.world.question(key).label for key in assessment.missing]
        said = html.Markup("<p><b>Provisional.</b> Not known yet: {}.</p>").format(", ".join(labels))
        self.unknown.value = str(said) if labels else ""
        outcome, identity = self.session.decision.outcome, self.session.identity
        meant = {name: (identity, getattr(outcome, name)) for name in self._typed}
        typed = {name: value for name, (kept, value) in self._typed.items() if kept == meant[name]}
        self.show({**_outcome_values(outcome), **typed})

    def take(self, question: Question, value: Value | None) -> None:
        """Change the outcome."""
        outcome = _with(self.session.decision.outcome, question.name, value)
        if question.kind == "rows":
            self._typed[question.name] = ((self.session.identity, getattr(outcome, question.name)), value)
        self.session.set_outcome(outcome, f"{question.label.lower()} changed")


def _outcome_values(outcome: Outcome) -> dict[str, Value | None]:
    def rows(things: Sequence[Any], names: Sequence[str]) -> tuple[Row, ...]:
        made = []
        for number, thing in enumerate(things, start=1):
            cells = {name: str(getattr(thing, name) or "") for name in names}
            made.append(Row(id=f"r{number}", cells={name: cell for name, cell in cells.items() if cell}))
        return tuple(made)

    reopen = tuple(Row(id=f"r{number}", cells={"text": text}) for number, text in enumerate(outcome.reopen, start=1))
    return {
        "chosen": outcome.chosen, "reasons": outcome.reasons or None, "reopen": reopen,
        "conditions": rows(outcome.conditions, ("text", "owner", "by")), "signatures": rows(outcome.signatures, ("who", "role")),
    }  # fmt: skip


def _with(outcome: Outcome, name: str, value: Value | None) -> Outcome:
    cells = [dict(row.cells) for row in value if isinstance(row, Row)] if isinstance(value, tuple) else []
    if len(cells) > MOST_ROWS:
        raise InputError(f"{len(cells)} lines are too many: keep the {MOST_ROWS} that matter")
    changed: Any = value
    if name == "conditions":
        made = [
            Condition(text=str(cell.get("text", "")), owner=str(cell.get("owner", ""))[:300], by=_day(cell.get("by")))
            for cell in cells
            if cell
        ]
        changed = tuple(made)
    elif name == "reopen":
        changed = tuple(str(cell.get("text", ""))[:300] for cell in cells if cell.get("text"))
    elif name == "signatures":
        known = {each.who: each for each in outcome.signatures}
        changed = tuple(
            known[who].model_copy(update={"role": role}) if who in known else Signature(who=who, role=role, at=now())
            for who, role in ((str(cell.get("who", ""))[:300], str(cell.get("role", ""))[:300]) for cell in cells)
            if who
        )
    elif name == "reasons":
        changed = value or ""
    decided = (outcome.decided_at or now()) if name == "chosen" and value else outcome.decided_at
    return outcome.model_copy(update={name: changed, "decided_at": decided if changed or name != "chosen" else None})


def _day(text: object) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise InputError(f"“{str(text)[:20]}” is not a date: type one like 2026-11-20") from None
