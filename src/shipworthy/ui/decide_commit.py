"""Commit: what was decided, why, under which conditions, and what would reopen it."""

from collections.abc import Callable, Mapping, Sequence

import ipywidgets as widgets

from shipworthy.considerations.questions import Question
from shipworthy.decision import Value, now
from shipworthy.ui import deciding as looks
from shipworthy.ui import html, outcome
from shipworthy.ui.bridge import Bridge
from shipworthy.ui.face import Face
from shipworthy.ui.lines import Stated
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

    def lists(self) -> Mapping[str, Stated]:
        """The outcome's."""
        return outcome.lists(self.session.decision)

    def refresh(self) -> None:
        """Show the outcome, and why it should be looked at again."""
        assessment = self.session.assessment
        self.watch.value = str(looks.chosen(assessment) + _watched(outcome.reopening(assessment)))
        self.show(outcome.values(self.session.decision.outcome))

    def take(self, question: Question, value: Value | None) -> None:
        """Change the outcome; a line that is not whole yet is told, the others count."""
        assessment = self.session.assessment
        if question.kind == "rows":
            changed, taken = outcome.typed(assessment, question.name, value, self.stood(question.name), assessment.on)
            self.keep_typed(question.name, taken, getattr(changed, question.name))
        else:
            changed = outcome.changed(assessment, question.name, value)
        self.session.set_outcome(changed, f"{question.label.lower()} changed")

    def _propose(self) -> None:
        self.session.set_outcome(outcome.proposed(self.session.assessment), "triggers proposed from the flip points")
        self.refresh()

    def _keep(self) -> None:
        """What is expected is kept, which is told: it stands in a part of the form that may be folded."""
        made = outcome.expected_now(self.session.assessment)
        self.session.set_outcome(made, "kept what is expected today")
        self.refresh()
        self.session.tell(outcome.kept_words(self.session.decision), "ok")
        self.form.unfold(outcome.CAME)


def _watched(reasons: Sequence[str]) -> html.Markup:
    """Why the decision should be looked at again, or nothing."""
    if not reasons:
        return html.Markup("")
    lines = html.Markup("").join(html.Markup("<li>{}</li>").format(each) for each in reasons)
    return html.Markup("<p><b>Look at it again:</b></p><ul>{}</ul>").format(lines)
