"""One of the faces of the Decide page: a question, a finding, a chart."""

from collections.abc import Iterator
from typing import ClassVar

from shipworthy.considerations.base import Figure
from shipworthy.considerations.questions import Question
from shipworthy.decision import Value
from shipworthy.ui import html
from shipworthy.ui.chart import Chart
from shipworthy.ui.form_page import FormPage
from shipworthy.ui.panel import HEIGHT
from shipworthy.ui.session import Session


class Face(FormPage):
    """One part of the Decide page; built when it is first opened, refreshed while it is in view."""

    name: ClassVar[str]
    """On the button that opens it."""

    def __init__(self, session: Session, title: str = "", lead: str = "") -> None:
        super().__init__(session, title or self.name, lead)

    def questions(self) -> tuple[Question, ...]:
        """What is asked: nothing, unless a face says otherwise."""
        return ()

    def take(self, question: Question, value: Value | None) -> None:
        """Take what was said."""
        raise NotImplementedError

    def search(self) -> Iterator[object]:
        """What may follow within half a second of an answer, bit by bit."""
        return iter(())


def send(chart: Chart, figure: Figure) -> html.Markup:
    """Show a figure in a chart; gives its caption and its table."""
    with chart.hold_sync():
        chart.height = figure.plotly["layout"].get("height", HEIGHT)
        chart.alt, chart.figure = figure.alt, figure.plotly
    return html.figure_notes(figure)
