"""Compare: the matrix of findings, what each option pays, what each misses, and the choice under other attitudes."""

from functools import partial

import ipywidgets as widgets

from shipworthy import _deciding_words as deciding_words
from shipworthy._comparing_words import Told
from shipworthy._comparing_words import told as compared
from shipworthy._inquiry_words import delayed
from shipworthy.assess import Assessment
from shipworthy.comparing import comparing
from shipworthy.comparing_figures import figures
from shipworthy.considerations.base import Figure
from shipworthy.deciding import deciding
from shipworthy.ui import deciding as looks
from shipworthy.ui import html
from shipworthy.ui.chart import Chart
from shipworthy.ui.face import Face, send
from shipworthy.ui.panel import HEIGHT, box, chart_source, mark
from shipworthy.ui.session import Session


class CompareFace(Face):
    """The options side by side on the same draws, doing nothing among them."""

    name = "Compare"

    def __init__(self, session: Session) -> None:
        lead = "The options side by side in the same states of the world, doing nothing among them."
        super().__init__(session, "Which option, and how sure is that?", lead)
        self.finding, self.matrix, self.notes, self.missed, self.views, self.money = (widgets.HTML() for _ in range(6))
        self.chart = Chart(source=chart_source(), height=HEIGHT)
        self.which = [widgets.Button() for _ in range(2)]
        for number, button in enumerate(self.which):
            button.on_click(session.guard(partial(self._choose, number)))
        self._figure = 0
        self.card = box("sw-card", [box("sw-tabs", self.which), self.chart, self.notes], vertical=True)
        first = box("sw-card", [self.finding, self.matrix], vertical=True)
        rest = (box("sw-card", [each], vertical=True) for each in (self.missed, self.views, self.money))
        self.children = [self.head, first, self.card, *rest]
        self.add_class("sw-stack")

    def refresh(self) -> None:
        """Show the comparison."""
        assessment = self.session.assessment
        found = comparing(assessment)
        said = compared(found, assessment)
        self.finding.value = str(_finding(said, assessment))
        self.matrix.value = str(html.comparison(assessment) + html.findings(assessment))
        self.missed.value = str(_missed(said)) if assessment.comparable else ""
        self.money.value = str(html.ledger(assessment))
        beside = deciding_words.told(deciding(assessment), assessment) if assessment.comparable else None
        self.views.value = "" if beside is None else str(looks.views(beside))
        for each in (self.missed, self.views):
            each.layout.display = None if each.value else "none"
        self._draw(list(figures(found, assessment)) if assessment.comparable else [])

    def _draw(self, made: list[Figure]) -> None:
        self.card.layout.display = None if made else "none"
        self._figure = min(self._figure, max(len(made) - 1, 0))
        for number, button in enumerate(self.which):
            button.layout.display = None if number < len(made) > 1 else "none"
            button.description = made[number].title if number < len(made) else ""
            mark(button, "sw-on", number == self._figure)
        if made:
            self.notes.value = str(send(self.chart, made[self._figure]))

    def _choose(self, number: int) -> None:
        self._figure = number
        self.refresh()


def _finding(said: Told, assessment: Assessment) -> html.Markup:
    provisional = [assessment.world.question(key).label for key in assessment.missing]
    told = (*said.finding[1:], *([delayed(assessment)] if assessment.decision.delay else []))
    lines = html.Markup("").join(html.Markup("<p>{}</p>").format(each) for each in told if each)
    open_ = html.Markup("<p><b>Provisional.</b> Not known yet: {}.</p>").format(", ".join(provisional))
    return html.Markup('<h3 class="sw-verdict">{}</h3>{}{}').format(
        said.finding[0], lines, open_ if provisional else ""
    )


def _missed(said: Told) -> html.Markup:
    heading = html.Markup("<h3>What is missed, and how often</h3>")
    table = html.table(said.missed_head, said.missed) if said.missed else html.Markup("")
    return html.Markup("").join([heading, table, html.paragraph(said.rest)]) if said.missed or said.rest else heading
