"""A consideration's panel: its chart is as high as its rows need."""

import gc
import weakref

import pytest
from screen import press

from shipworthy.ui.panel import HEIGHT, Panel
from shipworthy.ui.shell import Workbook


@pytest.mark.parametrize(
    ("key", "place", "titles"),
    [
        ("recommender", "value_stream", ("From the uplift to what is left", "Who gets through")),
        ("churn", "lead_time", ()),
    ],
)
def test_the_chart_is_as_high_as_it_says(book: Workbook, key: str, place: str, titles: tuple[str, ...]) -> None:
    book.session.start_example(key)
    panel = book.panels[place]
    assert isinstance(panel, Panel)
    assert panel.chart.height == panel.chart.figure["layout"].get("height", HEIGHT)
    for title in titles:
        press(panel, title)
        assert panel.chart.height == panel.chart.figure["layout"]["height"] != HEIGHT


def test_an_option_in_turn_has_no_button_for_a_plan_of_its_own(book: Workbook) -> None:
    book.session.start_example("safety-rule")
    panel = book.panels["deadline"]
    assert isinstance(panel, Panel)
    session = book.session
    session.option = "own_model"
    press(panel, "The plan, with its ranges")
    session.option = "service_then_own"
    assert [each.description for each in panel.which if each.layout.display is None] == []
    assert panel.chart.figure["layout"]["yaxis"]["tickformat"] == ".0%"  # when it is live
    session.option = "ready_made"
    assert len([each for each in panel.which if each.layout.display is None]) == 2


def test_places_that_were_looked_at_hold_no_assessment_of_the_past(book: Workbook) -> None:
    book.session.start_example("churn")
    for place in ("value_stream", "cost", "lead_time", "decide", "deployment"):
        book.session.place = place
    book.later.finish()
    past = weakref.ref(book.session.assessment)
    book.session.answer("value_stream.value", None, {"likely": "900"})
    book.later.finish()
    gc.collect()
    assert past() is None
