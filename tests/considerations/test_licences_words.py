"""What data licences say: obligations and the text that names authors, the question for counsel, on what it stands, chart and table."""

import json
from datetime import UTC, date, datetime

import pytest
from decisions import assessed, decision, own
from gates import LICENSED, MODEL, asset, contract, evaluation, finding, licensed, listed, said, way
from records import Page

from shipworthy.assess import Assessment
from shipworthy.considerations.base import Figure
from shipworthy.record import make

EVIL = "<script>alert(1)</script>"
NC = asset("Posts", "CC BY-NC 4.0", "trains", "Our model")
SHIPPED = (asset("Parser", "MIT", kind="code"), asset("Street names", "CC BY 4.0"))


def figures(found: Assessment, option: str = "a") -> list[Figure]:
    usable = found.evaluations("licences")
    return list(found.registry["licences"].figures(found.view("licences", option), usable))


def table(found: Assessment) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    return found.registry["licences"].table(found.evaluations("licences"), lambda key: found.view("licences", key))


def test_obligations_are_a_list_and_a_text_to_ship() -> None:
    found = licensed(*SHIPPED, delivery="distributed")
    todo = listed(found, "licences", "What it obliges you to")
    assert len(todo) == 4
    assert todo[0].startswith("Name Parser, its authors and its licence, MIT. (MIT, ")
    assert todo[1].startswith("Ship with Parser: the licence text with its copyright line. (MIT, ")
    text = listed(found, "licences", "The text that names the authors")
    assert text[:3] == (
        "This product was made with:",
        "- Parser, under MIT",
        "  To go along with it: the licence text with its copyright line",
    )
    assert text[3] == "- Street names, under CC BY 4.0"
    lists = {each.title: each.text for each in finding(found, "licences").words.lists}
    assert lists == {
        "What it obliges you to": False,
        "The text that names the authors": True,
        "What else is known of these texts": False,
        "How the licences were understood": False,
    }
    assert finding(found, "licences").headline == "Everything in it may be used, with 4 things to do."


def test_served_code_is_named_nowhere_and_served_data_are() -> None:
    served = licensed(*SHIPPED)
    assert all("Street names" in each for each in listed(served, "licences", "What it obliges you to"))
    inside = licensed(*SHIPPED, delivery="internal")
    assert listed(inside, "licences", "What it obliges you to") == ()
    assert listed(inside, "licences", "The text that names the authors") == ()


def test_the_question_for_counsel_names_asset_clause_way_use_and_what_was_read() -> None:
    found = licensed(NC, MODEL)
    (question,) = listed(found, "licences", "What to ask counsel")
    for part in (
        "May we use Posts under CC BY-NC 4.0, section",
        "given that Posts trains Our model, which ships in the product",
        "commercial, served over a network, in EU and US, competing with no provider?",
        "In question is commercial use.",
        "What we read: as of 2026-11-20; how far checked: the primary text or data was read; source: ",
    ):
        assert part in question
    assert "Not legal advice. Ask counsel: “May we use “Posts” under CC BY-NC 4.0 like this: commercial use?”" in said(
        found, "licences"
    )
    assert listed(licensed(*SHIPPED), "licences", "What to ask counsel") == ()
    assert (
        "Ask counsel: “May we use “Parser” under MIT and “Street names” under CC BY 4.0 like this: commercial, served over a "
        "network, in EU and US, competing with no provider?”" in said(licensed(*SHIPPED), "licences")
    )


@pytest.mark.parametrize(
    ("licence", "how"),
    [("MIT", "the primary text or data was read"), ("azure-openai", "not checked: verify it"), ("Whisper", "the primary text or data was read; not all of it, see below (OpenAI Whisper (MIT))")],
)  # fmt: skip
def test_every_finding_says_as_of_when_on_which_text_and_how_far_checked(licence: str, how: str) -> None:
    told = said(licensed(asset("Thing", licence)), "licences")
    assert "As of 2026-11-20, on the text of " in told
    assert f"how far checked: {how}. Not legal advice." in told


def test_several_texts_with_how_far_each_was_checked() -> None:
    told = said(licensed(asset("A", "MIT"), asset("B", "azure-openai", kind="service")), "licences")
    assert "on the text of MIT and Microsoft product terms (Azure OpenAI); how far checked: " in told
    assert (
        "the primary text or data was read (MIT); not checked: verify it (Microsoft product terms (Azure OpenAI))."
        in told
    )
    many = licensed(*(asset(f"A{place}", name) for place, name in enumerate(("MIT", "ISC", "CC0", "Apache 2.0"))))
    assert "on the text of MIT, ISC and CC0 1.0 and others; how far checked" in said(many, "licences")


@pytest.mark.parametrize(("day", "late"), [(date(2027, 5, 19), False), (date(2027, 5, 20), True)])
def test_rows_past_their_shelf_life_say_so(day: date, late: bool) -> None:
    # read on 20 November 2026, kept for 180 days: to 19 May 2027
    told = said(licensed(NC, MODEL, on=day), "licences")
    assert ("One of these rows is older than it should be: look whether the terms have moved." in told) is late


def test_several_points_are_told_one_by_one_and_the_rest_is_counted() -> None:
    rows = tuple(asset(f"Posts {place}", "CC BY-NC 4.0", "trains", "Our model") for place in range(7))
    found = licensed(*rows, MODEL)
    told = finding(found, "licences").words
    assert sum("How it gets there" in each for each in told.detail) == 4
    assert "3 more points stand in the way; all are in the list of questions." in told.detail
    assert len(listed(found, "licences", "What to ask counsel")) == 7


def test_the_ways_to_clear_it_are_listed_the_cheapest_first() -> None:
    ways = (way("Posts", "replace", 6_000, 30), way("Posts", "buy", 2_000), way("Our model", "replace", 9_000))
    found = licensed(NC, MODEL, ways=ways)
    listing = listed(found, "licences", "Ways to clear it, the cheapest first (costs in USD)")
    assert listing[:3] == (
        "Buy a licence for Posts: 2k.",
        "Replace Posts with one that may be used like this: 6k, 30 days.",
        "Replace Our model with one that may be used like this: 9k.",
    )
    assert "Make the use non-commercial: cost not known." in listing
    assert "The smallest change that clears it: buy a licence for Posts: 2k (in USD)." in said(found, "licences")


def test_the_table_has_a_row_an_option() -> None:
    rows = own(a=(NC, MODEL), b=SHIPPED)
    found = assessed(decision("a b", {**LICENSED, "licences.assets": rows}))
    columns, lines = table(found)
    assert lines == [
        ("a", "0 %", "1", "0", "0", "Drop Posts: cost not known."),
        ("b", "100 %", "0", "0", "2", "–"),
    ]
    assert all(len(line) == len(columns) + 1 for line in lines)


def test_the_table_counts_people_in_the_data_and_not_what_is_settled() -> None:
    base = asset("Base", "Llama 3.1 Community", "ships", kind="model")
    settled = table(licensed(base, users=10, basis="consent", purpose="compatible", size=2**10))[1][0]
    assert settled[2:4] == ("0", "1")
    other = table(licensed(base, users=10, basis="consent", purpose="other"))[1][0]
    assert other[2:4] == ("1", "0")


def test_the_chart_marks_the_way_that_is_blocked_by_word_sign_and_line() -> None:
    (figure,) = figures(licensed(NC, asset("Songs", "MIT", "trains", "Our model"), MODEL))
    lines = [each for each in figure.plotly["data"] if "lines" in each["mode"]]
    assert {each["line"].get("dash") for each in lines} == {None, "dash"}
    labels = [text for each in figure.plotly["data"] if "markers" in each["mode"] for text in each["text"]]
    assert sum(label.startswith("✕ Posts") for label in labels) == 1
    assert not any(label.startswith("✕ Songs") for label in labels)
    assert figure.rows == (
        ("Posts", "Data set", "CC BY-NC 4.0", "trains Our model", "✕ blocked"),
        ("Songs", "Data set", "MIT", "trains Our model", "may be used"),
        ("Our model", "Model", "–", "is part of the product", "may be used"),
    )
    assert "Blocked: Posts trains Our model, which ships in the product." in figure.alt


def test_the_chart_of_what_is_clear_says_so() -> None:
    (figure,) = figures(licensed(*SHIPPED))
    assert figure.alt == "2 assets and how they go into the product; none of them blocks it."
    assert not any(each.get("line", {}).get("dash") for each in figure.plotly["data"])


def test_a_large_graph_draws_what_matters_and_lists_all() -> None:
    rows = tuple(asset(f"Posts {place}", "MIT", "trains", "Our model") for place in range(40))
    found = licensed(*rows, NC, MODEL)
    (figure,) = figures(found)
    assert len(figure.rows) == 42
    assert "30 more assets are in the table only." in figure.caption
    assert "✕ Posts" in json.dumps(figure.plotly, ensure_ascii=False)


def test_what_cannot_be_understood_has_no_chart() -> None:
    assert figures(licensed(asset("Posts", "MIT", "trains", "Nowhere"))) == []
    assert figures(licensed(theirs="no")) == []


def test_nothing_typed_is_read_as_markup() -> None:
    found = licensed(asset(EVIL, EVIL, "trains", "Our model"), asset("<b>Posts</b>", "CC BY-NC 4.0"), MODEL)
    assert EVIL in said(found, "licences")  # words are text: whoever shows them escapes them
    for figure in figures(found):
        drawn = json.dumps(figure.plotly)
        assert "<script" not in drawn
        assert "<b>Posts" not in drawn
        assert "&lt;b&gt;Posts" in drawn
        assert figure.rows[0][0] == EVIL  # the table is text, too


def test_names_that_are_long_or_on_several_lines_stand_in_one() -> None:
    found = licensed(asset("Posts\nof a\tsite " + "x" * 100, "CC BY-NC 4.0"))
    assert "\n" not in said(found, "licences")
    assert len(finding(found, "licences").headline) < 120


def test_two_long_names_that_begin_alike_are_two_assets() -> None:
    long = "Conversations of the support desk with customers in the year "
    found = licensed(asset(long + "2024", "MIT", row="x"), asset(long + "2025", "MIT", row="y"))
    assert finding(found, "licences").status == "meets"
    assert len(evaluation(found, "licences").notes["made"].assets) == 2


def test_a_record_shows_typed_names_and_runs_none() -> None:
    rows = (asset(EVIL, "cc by nc 4.0", "trains", "Our model"), asset("<img src=x onerror=alert(1)>", EVIL), MODEL)
    found = licensed(*rows, ways=(way(EVIL, "replace", 5.0),), contracts=(contract(EVIL, commercial="no"),))
    page = make(found, made_at=datetime(2026, 11, 21, tzinfo=UTC), with_charts=False)
    read = Page(page)
    assert not [each for each in read.elements if each.tag == "img" or "onerror" in each.attributes]
    assert not [
        each for each in read.elements if each.tag == "script" and "alert(1)" in each.text and "{" not in each.text
    ]
    assert EVIL not in page
    assert EVIL in " ".join(read.texts)
