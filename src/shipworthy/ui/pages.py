"""The page before the considerations: the frame."""

from shipworthy.considerations.questions import Question
from shipworthy.decision import Value
from shipworthy.errors import InputError
from shipworthy.ui.days import typed_day
from shipworthy.ui.form_page import FormPage
from shipworthy.ui.panel import box
from shipworthy.ui.session import Session

KINDS = {
    "feature": "A feature in a product",
    "application": "An application around a model",
    "model": "The model itself",
}

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


class FramePage(FormPage):
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
            day = typed_day(value)
            self.session.set_as_of(day) if question.name == "as_of" else self.session.set_frame(decide_by=day)
        else:
            self.session.set_frame(**{question.name: value or ("feature" if question.kind == "choice" else "")})
