"""What moves it: the answers that move the result most, and the values at which another option leads."""

import weakref
from collections.abc import Callable, Iterator
from functools import partial

import ipywidgets as widgets

from shipworthy._moving_words import Told, told
from shipworthy.assess import Assessment
from shipworthy.decision import DO_NOTHING
from shipworthy.moving import Movements, Moving
from shipworthy.moving_figures import bars
from shipworthy.turning import Searched, Turning
from shipworthy.ui import html
from shipworthy.ui.chart import Chart
from shipworthy.ui.face import Face, send
from shipworthy.ui.panel import HEIGHT, box, chart_source, mark
from shipworthy.ui.session import Session


class MovesFace(Face):
    """The leading option, or its lead over the next best, with one answer at a time at its low and high value."""

    name = "What moves it"

    def __init__(self, session: Session) -> None:
        lead = "One answer at a time at its low and at its high value, all others as uncertain as they are."
        super().__init__(session, "What moves the result, and what would change our mind?", lead)
        self.finding, self.notes, self.table = (widgets.HTML() for _ in range(3))
        self.chart = Chart(source=chart_source(), height=HEIGHT)
        self.which = [widgets.Button(description=each) for each in ("What it pays", "Its lead over the next best")]
        for number, button in enumerate(self.which):
            button.on_click(session.guard(partial(self._choose, number)))
        self._chosen: int | None = None
        self._of: Callable[[], Assessment | None] = lambda: None  # weakly: each holds some 10 MB
        self._searched: tuple[list[Searched], int] | None = None
        self.picks = box("sw-tabs", self.which)
        self.card = box("sw-card", [self.picks, self.chart, self.notes], vertical=True)
        self.rest = box("sw-card", [self.table], vertical=True)
        self.children = [self.head, box("sw-card", [self.finding], vertical=True), self.card, self.rest]
        self.add_class("sw-stack")

    def refresh(self) -> None:
        """Show what moves the result; what would change the recommendation joins it when it is found."""
        assessment = self.session.assessment
        if self._of() is not assessment:
            self._of, self._searched = weakref.ref(assessment), None
        if not assessment.comparable:
            self._show_nothing()
            return
        moving = self._moving(Movements(assessment))
        said = self._say(moving)
        figure = bars(moving, said, assessment.currency())
        self.card.layout.display = None if figure is not None or self.picks.layout.display is None else "none"
        self.chart.layout.display = self.notes.layout.display = None if figure is not None else "none"
        self.rest.layout.display = None
        if figure is not None:
            self.notes.value = str(send(self.chart, figure))

    def _moving(self, found: Movements) -> Moving:
        """The view that was chosen: what the leading option pays, or its lead."""
        leading, other = self.session.assessment.recommended, found.next_best
        number = self._chosen if self._chosen is not None else int(leading == DO_NOTHING)
        number = number if other else 0
        self.picks.layout.display = None if other else "none"
        for place, button in enumerate(self.which):
            mark(button, "sw-on", place == number)
        return found.of(leading, other if number else "")

    def _say(self, moving: Moving) -> Told:
        """Show the words, with what was searched as far as it is known."""
        searched, others = self._searched or (None, None)
        said = told(moving, self.session.assessment, searched, others)
        self.finding.value = str(_finding(said))
        self.table.value = str(_turns(said, searched is not None))
        return said

    def _show_nothing(self) -> None:
        self.finding.value = str(html.paragraph("Nothing can be compared yet: what the options bring is not known."))
        self.card.layout.display = self.rest.layout.display = "none"

    def _choose(self, number: int) -> None:
        self._chosen = number
        self.refresh()

    def search(self) -> Iterator[object]:
        """Search the leading answers for values at which another option leads, and show them."""
        assessment = self.session.assessment
        if not assessment.comparable or self._searched is not None:
            return
        movements = Movements(assessment)
        turning, found = Turning(assessment, movements), list[Searched]()
        yield None
        for each in turning.search():
            if each is not None:
                found.append(each)
            yield None
        if self.session.assessment is not assessment:  # closed meanwhile, or answered
            return
        self._searched = found, turning.others
        self._say(self._moving(movements))


def _finding(said: Told) -> html.Markup:
    first, *rest = said.finding
    return html.Markup('<h3 class="sw-verdict">{}</h3>{}').format(first, _lines(rest, ""))


def _turns(said: Told, over: bool) -> html.Markup:
    heading = html.Markup("<h3>What would change the recommendation</h3>")
    if not over:
        return heading + html.paragraph("Looking for the values at which another option leads …")
    found = html.Markup("<div class='sw-sentences'>{}</div>").format(html.table(said.turns_head, said.turns))
    return heading + (found if said.turns else "") + _lines(said.rest)


def _lines(texts: list[str] | tuple[str, ...], style: str = "sw-soft") -> html.Markup:
    return html.Markup("").join(html.Markup('<p class="{}">{}</p>').format(style, each) for each in texts)
