"""The Decide page beside the matrix: what to find out first, and other attitudes, in words."""

from decisions import ON, PLAIN, decision, own, rng

from shipworthy import _deciding_words as words
from shipworthy.assess import assess
from shipworthy.deciding import deciding
from shipworthy.decision import Answer, Option
from shipworthy.ui import deciding as looks
from shipworthy.ui.decide import DecidePage
from shipworthy.ui.decide_compare import CompareFace
from shipworthy.ui.shell import Workbook
from shipworthy.words import total

OPTIONS = (Option(key="a", name="<b>A</b>"), Option(key="b", name="B"))
RISKY = {**PLAIN, "value_stream.effect": own(a=rng(-0.2, 0.2, 0.6), b=0.1)}


def told(answers: dict[str, object]) -> tuple[str, str]:
    assessment = assess(decision(OPTIONS, answers), on=ON)
    said = words.told(deciding(assessment), assessment)
    return str(looks.find_out(said)), str(looks.views(said))


def test_what_is_worth_finding_out_stands_with_its_price_and_names_are_no_markup() -> None:
    assessment = assess(decision(OPTIONS, RISKY), on=ON)
    found = deciding(assessment)
    first, views = told(RISKY)
    assert "Effect of a use" in first
    assert total(found.measurable[0].worth.value) in first
    assert f"Knowing everything would be worth {total(found.everything)} USD." in first
    assert "&lt;b&gt;A&lt;/b&gt;" in views
    assert "<b>A</b>" not in views
    assert "They do not all agree: what is recommended, “&lt;b&gt;A&lt;/b&gt;”, is the highest expected payoff" in views


def test_where_nothing_would_change_the_choice_it_says_so() -> None:
    first, views = told({**PLAIN, "value_stream.effect": own(a=0.12, b=0.1), "value_stream.value": rng(40, 50, 60)})
    assert "No answer by itself is worth finding out" in first
    assert "All of them agree." in views
    assert "No answer is uncertain." in told(dict(PLAIN))[0]


def test_what_is_not_known_comes_first_without_a_figure() -> None:
    first, _ = told({**RISKY, "value_stream.running": Answer(state="unknown")})
    assert first.index("Not known at all yet, so without a figure: “Running cost”") < first.index("Effect of a use")


def test_the_page_shows_it_and_follows_an_answer(book: Workbook) -> None:
    book.session.start_example("recommender")
    book.session.place = "decide"
    page = book.panels["decide"]
    assert isinstance(page, DecidePage)
    face = page.face(CompareFace)
    assert isinstance(face, CompareFace)
    assert "They do not all agree" in face.views.value
    before = face.views.value, face.finding.value, face.chart.figure
    book.session.answer("value_stream.value", None, {"low": "1", "likely": "14", "high": "90"})
    after = face.views.value, face.finding.value, face.chart.figure
    assert all(now != then for now, then in zip(after, before, strict=True))
    book.session.start_new("Empty")
    book.session.place = "decide"
    assert (face.views.value, face.card.layout.display) == ("", "none")  # nothing can be compared yet
    assert "Nothing can be compared yet" in face.finding.value
