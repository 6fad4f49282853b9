"""What moves it: the face follows an answer, its flips join it later, and its two views."""

import pytest

from shipworthy.turning import Turning
from shipworthy.ui.decide import DecidePage
from shipworthy.ui.decide_moves import MovesFace
from shipworthy.ui.shell import Workbook


def opened(book: Workbook, key: str) -> MovesFace:
    book.session.start_example(key)
    book.session.place = "decide"
    page = book.panels["decide"]
    assert isinstance(page, DecidePage)
    page.bring(MovesFace)
    face = page.face(MovesFace)
    assert isinstance(face, MovesFace)
    return face


def test_the_first_answer_is_named_at_once_and_what_would_change_the_recommendation_later(book: Workbook) -> None:
    face = opened(book, "churn")
    assert "hangs most on “Success of an intervention”" in face.finding.value
    assert "leads instead of" not in face.finding.value
    assert "Looking for the values" in face.table.value
    book.later.finish()
    assert "leads instead of “Three-month gap”" in face.finding.value
    assert "answers were searched" in face.table.value
    assert "Looking for" not in face.table.value


def test_it_follows_an_answer_and_searches_anew(book: Workbook) -> None:
    face = opened(book, "churn")
    book.later.finish()
    before = face.finding.value, face.table.value, face.chart.figure
    book.session.answer("value_stream.value", None, {"low": "100", "likely": "2500", "high": "9000"})
    after = face.finding.value, face.table.value, face.chart.figure
    assert all(now != then for now, then in zip(after, before, strict=True))
    assert "“Value of one effect”" in face.finding.value
    assert "leads instead of" not in face.finding.value
    book.later.finish()
    assert "leads instead of" in face.finding.value


def test_the_two_views_and_what_was_found_stays(book: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    face = opened(book, "loan-decisions")
    book.later.finish()
    pays, lead = face.which
    assert "is expected to pay hangs most on" in face.finding.value
    searched = face.table.value.count("Additive")
    monkeypatch.setattr(Turning, "search", lambda self: pytest.fail("searched again"))
    lead.click()
    assert "more than" in face.finding.value
    assert "behind at" in face.finding.value
    assert "leads instead of" in face.finding.value
    assert ("sw-on" in lead._dom_classes, "sw-on" in pays._dom_classes) == (True, False)
    pays.click()
    assert face.table.value.count("Additive") == searched


def test_nothing_compares_yet_and_nothing_is_uncertain(book: Workbook) -> None:
    face = opened(book, "churn")
    book.session.start_new("Empty")
    book.session.place = "decide"
    page = book.panels["decide"]
    assert isinstance(page, DecidePage)
    page.bring(MovesFace)
    book.later.finish()
    assert "Nothing can be compared yet" in face.finding.value
    assert (face.card.layout.display, face.rest.layout.display) == ("none", "none")
    opened(book, "churn")
    assert (face.card.layout.display, face.rest.layout.display) == (None, None)


def test_names_are_no_markup(book: Workbook) -> None:
    face = opened(book, "churn")
    book.session.rename_option("three_month_gap", "<b>x</b>")
    book.later.finish()
    assert "&lt;b&gt;x&lt;/b&gt;" in face.finding.value
    assert "<b>x</b>" not in face.finding.value + face.table.value
