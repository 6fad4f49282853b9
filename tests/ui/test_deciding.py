"""The Decide page beside the matrix: other attitudes, in words."""

from decisions import ON, PLAIN, decision, own, rng

from shipworthy import _deciding_words as words
from shipworthy import edits
from shipworthy.assess import assess
from shipworthy.deciding import deciding
from shipworthy.decision import Option, Outcome
from shipworthy.ui import deciding as looks
from shipworthy.ui.decide import DecidePage
from shipworthy.ui.decide_commit import CommitFace
from shipworthy.ui.decide_compare import CompareFace
from shipworthy.ui.shell import Workbook

OPTIONS = (Option(key="a", name="<b>A</b>"), Option(key="b", name="B"))
RISKY = {**PLAIN, "value_stream.effect": own(a=rng(-0.2, 0.2, 0.6), b=0.1)}


def told(answers: dict[str, object]) -> str:
    assessment = assess(decision(OPTIONS, answers), on=ON)
    return str(looks.views(words.told(deciding(assessment), assessment)))


def test_attitudes_that_disagree_are_named_and_names_are_no_markup() -> None:
    views = told(RISKY)
    assert "&lt;b&gt;A&lt;/b&gt;" in views
    assert "<b>A</b>" not in views
    assert "They do not all agree: what is recommended, “&lt;b&gt;A&lt;/b&gt;”, is the highest expected payoff" in views


def test_attitudes_that_agree() -> None:
    views = told({**PLAIN, "value_stream.effect": own(a=0.12, b=0.1), "value_stream.value": rng(40, 50, 60)})
    assert "All of them agree." in views


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


def test_committing_to_another_option_says_what_the_figures_say(book: Workbook) -> None:
    book.session.start_example("sharegpt-assistant")
    book.session.place = "decide"
    page = book.panels["decide"]
    assert isinstance(page, DecidePage)
    page.bring(CommitFace)
    face = page.face(CommitFace)
    assert isinstance(face, CommitFace)
    assert face.watch.value == ""
    book.session.set_outcome(Outcome(chosen="ship"), "chosen")
    assert "The highest expected payoff has “Use the hosted assistant”" in face.watch.value
    assert "Data licences fails: " in face.watch.value
    book.session.set_outcome(Outcome(chosen="hosted"), "chosen")
    assert "The highest expected payoff" not in face.watch.value


def test_what_is_done_first_is_said_beside_the_comparison(book: Workbook) -> None:
    book.session.start_example("churn")
    book.session.place = "decide"
    page = book.panels["decide"]
    assert isinstance(page, DecidePage)
    face = page.face(CompareFace)
    assert isinstance(face, CompareFace)
    assert "All launches" not in face.finding.value
    first, *rest = book.session.decision.inquiries
    later = first.model_copy(update={"first": True, "days": 40.0})
    book.session.change(edits.with_inquiries(book.session.decision, (later, *rest)))
    assert "All launches are 40 days later, because “Listen to recorded calls” is done first" in face.finding.value
