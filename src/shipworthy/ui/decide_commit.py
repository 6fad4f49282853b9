"""Commit: what was decided, why, under which conditions, and what would reopen it."""

from collections.abc import Callable, Sequence

import ipywidgets as widgets

from shipworthy.considerations.questions import Question
from shipworthy.decision import Value, now
from shipworthy.errors import InputError
from shipworthy.ui import html, outcome
from shipworthy.ui.bridge import Bridge
from shipworthy.ui.face import Face
from shipworthy.ui.panel import box, button
from shipworthy.ui.session import Session


class CommitFace(Face):
    """The outcome."""

    name = "Commit"

    def __init__(self, session: Session, bridge: Bridge) -> None:
        self.bridge = bridge
        lead = "Write it so that somebody who was not in the room understands it in a year."
        super().__init__(session, "What do we decide, and why?", lead)
        self.watch = widgets.HTML()
        propose = button(session, "Propose from the flip points", self._propose)
        keep = button(session, "Keep what we expect today", self._keep)
        acts = box("sw-tabs", [propose, keep])
        files = box("sw-tabs", [button(session, text, act) for text, act in self._files().items()])
        cards = ([self.watch, self.form, acts], [files])
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
        """Show the outcome, and why it should be looked at again."""
        assessment = self.session.assessment
        self.watch.value = str(_watched(outcome.reopening(assessment)))
        values, decided = outcome.values(assessment), self.session.decision.outcome
        self.show(self.with_typed(values, {name: getattr(decided, name) for name in values}))

    def take(self, question: Question, value: Value | None) -> None:
        """Change the outcome; a line that is not whole yet is told, the others count."""
        assessment = self.session.assessment
        changed, problem = outcome.changed(assessment, question.name, value, assessment.on)
        if question.kind == "rows" and question.name != "forecasts":
            self.keep_typed(question.name, getattr(changed, question.name), value)
        self.session.set_outcome(changed, f"{question.label.lower()} changed")
        if problem:
            raise InputError(problem)

    def _propose(self) -> None:
        self.session.set_outcome(outcome.proposed(self.session.assessment), "triggers proposed from the flip points")
        self.forget_typed("triggers")
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
