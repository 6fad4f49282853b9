"""Find out first: what is worth knowing before the choice, how it would be found out, and what of that is left."""

import weakref
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import ipywidgets as widgets

from shipworthy import edits, inquiries
from shipworthy._inquiry_words import told
from shipworthy.considerations.questions import Question
from shipworthy.decision import Inquiry, Value
from shipworthy.inquiries import FindingOut, Inquired
from shipworthy.inquiry_figures import over_cases
from shipworthy.ui import html, inquiring
from shipworthy.ui.chart import Chart
from shipworthy.ui.face import Face, send
from shipworthy.ui.lines import Stated
from shipworthy.ui.panel import HEIGHT, box, button, chart_source, mark
from shipworthy.ui.session import Session

_CHARTS = 4
"""Pilots and measurements that can be looked at, the best first."""


class FindOutFace(Face):
    """What to find out first."""

    name = "Find out first"

    def __init__(self, session: Session) -> None:
        lead = (
            "Knowing more is worth something only where it could change what is chosen, and only before it is chosen."
        )
        super().__init__(session, "What is worth knowing before we choose?", lead)
        self.finding, self.notes = widgets.HTML(), widgets.HTML()
        self.chart = Chart(source=chart_source(), height=HEIGHT)
        self.which = [widgets.Button() for _ in range(_CHARTS)]
        for number, each in enumerate(self.which):
            each.on_click(session.guard(partial(self._choose, number)))
        self._last: tuple[Callable[[], object], FindingOut | None] = (lambda: None, None)
        self._sampled: tuple[Inquired, ...] = ()
        self._shown = ""
        self.answers: inquiring.Answers | None = None
        self.card = box("sw-card", [box("sw-tabs", self.which), self.chart, self.notes], vertical=True)
        self.card.layout.display = "none"  # until there is something to show
        begin = box("sw-tabs", [button(session, "Begin with what is worth most", self._begin)])
        ways = box("sw-card", [self.form, begin], vertical=True)
        self.children = [self.head, box("sw-card", [self.finding], vertical=True), self.card, ways]
        self.add_class("sw-stack")

    def questions(self) -> tuple[Question, ...]:
        """The list of ways to find out."""
        return inquiring.questions(self._answers())

    def lists(self) -> Mapping[str, Stated]:
        """The ways to find out."""
        known = self.session.decision.inquiries
        return {"inquiries": Stated(inquiring.rows(known, self._answers()), known)}

    def refresh(self) -> None:
        """Show the answers that are worth knowing and the list; what the inquiries bring follows."""
        self.answers = inquiring.Answers(self.session.assessment)
        self.show({})
        self._show(self._counted() or next(inquiries.step_by_step(self.session.assessment)))

    def search(self) -> Iterator[object]:
        """Work out what each inquiry brings, and show it."""
        assessment = self.session.assessment
        found: FindingOut | None = None
        if not self.session.decision.inquiries or self._counted() is not None:
            return
        for step in inquiries.step_by_step(assessment):
            found = step
            yield None
            if self.session.assessment is not assessment:  # closed meanwhile, or answered
                return
        if found is not None:
            self._last = weakref.ref(assessment), found
            self._show(found)

    def _counted(self) -> FindingOut | None:
        """What was found for the assessment in view, where that was counted to its end."""
        whose, found = self._last
        return found if whose() is self.session.assessment else None

    def take(self, question: Question, value: Value | None) -> None:
        """Change the ways to find out; a line that is not whole yet is told, the others count."""
        found = inquiring.taken(value, self._answers(), self.stood("inquiries"))
        self.keep_typed("inquiries", found, found.things)
        self._change(found.things, "ways to find out changed")

    def _answers(self) -> inquiring.Answers:
        if self.answers is None:
            self.answers = inquiring.Answers(self.session.assessment)
        return self.answers

    def _change(self, found: tuple[Inquiry, ...], what: str) -> None:
        decision = self.session.decision
        if found != decision.inquiries:
            self.session.change(edits.logged(edits.with_inquiries(decision, found), "Find out first", what))

    def _begin(self) -> None:
        found = inquiries.begun(self.session.assessment)
        self._change(found, "begun with what is worth most")
        self.refresh()

    # ---- showing

    def _show(self, found: FindingOut) -> None:
        said = told(found, self.session.assessment)
        more = html.Markup("").join(html.Markup("<p>{}</p>").format(each) for each in said.more)
        parts = [html.Markup('<h3 class="sw-verdict">{}</h3>{}').format(said.finding, more)]
        parts += [html.table(said.head, said.rows)] if said.rows else []
        parts += [html.paragraph(each) for each in said.notes]
        if said.every:
            every = html.table(said.every_head, said.every)
            folded = "<details><summary>Every uncertain answer ({})</summary>{}</details>"
            parts.append(html.Markup(folded).format(len(said.every), every))
        self.finding.value = str(html.Markup("").join(parts))
        if found.whole:
            self._sampled = tuple(each for each in found.asked if each.telling.curve is not None)[:_CHARTS]
            self._draw()

    def _draw(self) -> None:
        made = self._sampled if self.session.assessment.comparable else ()
        self.card.layout.display = None if made else "none"
        names = [each.inquiry.name for each in made]
        self._shown = self._shown if self._shown in names else next(iter(names), "")
        for number, each in enumerate(self.which):
            each.layout.display = None if number < len(made) > 1 else "none"
            each.description = names[number] if number < len(names) else ""
            mark(each, "sw-on", number < len(names) and names[number] == self._shown)
        if made:
            figure = over_cases(made[names.index(self._shown)], self.session.assessment.currency())
            if figure is not None:
                self.notes.value = str(send(self.chart, figure))

    def _choose(self, number: int) -> None:
        self._shown = self._sampled[number].inquiry.name
        self._draw()
