"""Snippets of HTML: whatever a person typed is escaped, signs never stand alone, parts add up."""

import html as standard
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from decisions import ON, PLAIN, assessed, decision
from hypothesis import given
from hypothesis import strategies as st

from shipworthy import edits, examples
from shipworthy.assess import Assessment, assess
from shipworthy.considerations import registry
from shipworthy.considerations.base import Figure, FlipPoint, Words
from shipworthy.decision import Answer, Option
from shipworthy.ui import html

EVIL = "<script>alert('x')</script>\"&<img src=x onerror=y>"
VOID = {"br", "hr", "img", "input"}


class Tags(HTMLParser):
    """Tags of a snippet and the text between them; refuses what is not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def evil_assessment() -> Assessment:
    document = decision(
        (Option(key="a", name=EVIL), Option(key="b", name=f"{EVIL} 2")),
        {**PLAIN, "value_stream.uses": Answer(state="unknown")},
    )
    return assessed(document)


def snippets(assessment: Assessment) -> dict[str, str]:
    first = next(iter(assessment.options))
    made: dict[str, Any] = {
        "strip": html.strip(assessment),
        "brief": html.brief(replace(assessment.options[first].findings["cost"], say=lambda: Words(EVIL))),
        "comparison": html.comparison(assessment),
        "ledger": html.ledger(assessment),
        "heading": html.heading(EVIL, EVIL),
        "table": html.table((EVIL, "b"), [(EVIL, EVIL)], EVIL),
        "figure": html.figure_notes(Figure("k", EVIL, {}, EVIL, EVIL, (EVIL, EVIL), ((EVIL, EVIL),))),
    }
    for key, consideration in registry().items():
        found = assessment.options[first].findings[key]
        flips = [FlipPoint("a.b", EVIL, 3.0, EVIL, "meets", True)]
        made[f"finding {key}"] = html.finding(found, flips, EVIL, EVIL)
        made[f"table {key}"] = html.options_table(consideration, assessment)
        made[f"how {key}"] = html.how(consideration)
    return {name: str(each) for name, each in made.items()}


def test_every_snippet_escapes_whatever_a_person_typed_and_closes_its_tags() -> None:
    made = snippets(evil_assessment())
    for name, text in made.items():
        tags = Tags(text)
        assert not {"script", "img"} & set(tags.tags), name
        assert not any(attribute.startswith("on") for attribute, _ in tags.attributes), name
    for name in ("strip", "brief", "comparison", "ledger", "heading", "table", "figure"):
        assert EVIL in Tags(made[name]).text, name
        assert standard.escape("<script>", quote=False) in made[name]


@pytest.mark.parametrize("key", ["churn", "shopping-assistant"])
def test_every_snippet_of_the_examples_is_sound(key: str) -> None:
    for name, text in snippets(assess(examples.example(key), on=ON)).items():
        assert Tags(text).tags or text == "", name


@given(st.text(max_size=60))
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    for made in (html.heading(text, ""), html.table((text,), [], text), html.table(("a", "b"), [("c", text)])):
        found = Tags(str(made)).text.replace("\r\n", "\n").replace("\r", "\n")
        plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
        assert plain in found or plain in found.replace("\0", "\ufffd")


def test_a_status_is_always_a_sign_and_a_word() -> None:
    words = {str(html.pill(status)) for status in ("meets", "at_risk", "fails", "unknown", "not_applicable")}  # type: ignore[arg-type]
    texts = {Tags(each).text for each in words}
    assert texts == {"✓ meets", "! at risk", "✕ fails", "? unknown", "– n/a"}
    assert len({re.findall('class="([^"]+)"', each)[0] for each in words}) == 5


def test_the_strip_says_which_leads_and_what_is_provisional() -> None:
    sure = str(html.strip(assessed(decision("a b", PLAIN))))
    assert sure.count("sw-leads") == 1
    assert "rovisional" not in sure
    assert "87k" in Tags(sure).text
    unsure = evil_assessment()
    shown = Tags(str(html.strip(unsure))).text
    assert "rovisional" in shown
    assert unsure.missing


def test_the_strip_begins_with_what_leads_and_says_currency_and_period_once() -> None:
    assessment = assess(examples.example("churn"), on=ON)
    made = str(html.strip(assessment))
    names = re.findall(r'<b><span title="([^"]+)">', made)
    leading = assessment.options[assessment.recommended].option.name
    rest = [result.option.name for key, result in assessment.options.items() if key != assessment.recommended]
    assert names == [leading, *rest]
    assert rest[0] == "Model with no gap"  # it is not the first in the document
    assert 'role="list"><div class="sw-option sw-leads" role="listitem">' in made
    text = Tags(made).text
    assert text.count("USD over 3 years") == 1
    assert text.count("USD") == 1


def test_a_finding_in_one_line_has_its_status_and_is_a_button() -> None:
    found = assess(examples.example("churn"), on=ON).options["no_gap"].findings["lead_time"]
    tags = Tags(str(html.brief(found)))
    assert tags.text == f"✕ fails {found.headline}"
    assert "button" in tags.tags


def test_the_ledgers_parts_add_up_to_the_payoff() -> None:
    assessment = assessed(decision("a b", PLAIN))
    for option in ("a", "b", "do_nothing"):
        assert sum(assessment.ledger(option).values()) == pytest.approx(assessment.options[option].summary.mean)
    table = Tags(str(html.ledger(assessment))).text
    assert "Expected payoff" in table
    assert "Cost of uses" not in table  # nothing is paid a use: no row of zeros


def test_flip_points_in_words() -> None:
    points = [
        FlipPoint("lead_time.gap", "Gap", 52.0, "days", "meets", True),
        FlipPoint("lead_time.success", "Success", 0.125, "share", "fails", False),
    ]
    assert (
        html.flip_words(points, "EUR")
        == "to meets when “Gap” is at least 52 days; or to fails when “Success” is at most 12 %."
    )
    first, second = points[0], replace(points[0], value=9.0, label="Delay", distance=0.1)
    assert (
        html.flip_words([first, second], "EUR")
        == "to meets when “Gap” is at least 52 days; or when “Delay” is at least 9 days."
    )
    going_on = replace(first, status="at_risk", then=60.0, then_status="meets")
    assert html.flip_words([going_on], "EUR") == "to at risk when “Gap” is at least 52 days, meets at 60 days or more."
    assert html.flip_words([], "EUR") == ""
    assert html.flip_words(points * 3, "EUR", most=1).count("to meets") == 1
    assert html.flip_words([replace(points[0], distance=0.5), replace(points[1], distance=0.1)], "EUR").startswith(
        "to fails"
    )


def test_a_failed_finding_says_in_how_much_it_is_met() -> None:
    found = assess(examples.example("churn"), on=ON).options["no_gap"].findings["lead_time"]
    shown = Tags(str(html.finding(found, [], "EUR", "asked: 80 %"))).text
    assert shown.startswith("✕ fails: no chance of meeting it · asked: 80 %")


def test_where_an_answer_is_unknown_no_figure_promises_anything() -> None:
    document = edits.say_unknown(examples.example("churn"), "lead_time.persuasion")
    assessment = assess(document, on=ON)
    lacking = assessment.options["two_month_gap"]
    assert lacking.meets_all_probability is None
    assert re.fullmatch(r"\d+k † \(.+ to .+\) · meets all: not known", html.one_line(lacking))
    assert html.one_line(assessment.options["do_nothing"]) == "0 · no requirement concerns it"
    for made in (html.comparison(assessment), html.ledger(assessment)):
        text = Tags(str(made)).text
        assert "† without “Persuasion: first talk to decision”, not known yet: provisional." in text
        assert "† " in text
    matrix = Tags(str(html.comparison(assessment))).text
    assert matrix.count("not known") == 5  # four options, and the line below
    assert matrix.count("leads, provisionally") == 1
    assert "100 %" not in Tags(str(html.strip(assessment))).text
    sure = assess(examples.example("churn"), on=ON)
    assert "†" not in str(html.comparison(sure)) + str(html.ledger(sure)) + str(html.strip(sure))


def test_a_finding_counts_its_unconfirmed_defaults() -> None:
    found = assess(examples.example("churn"), on=ON).options["no_gap"].findings["lead_time"]
    assert len(found.unconfirmed) > 1
    shown = Tags(str(html.finding(found, [], "EUR", "asked: 80 %"))).text
    assert f"Uses {len(found.unconfirmed)} unconfirmed defaults." in shown
    assert found.headline in shown
    assert "asked: 80 %" in shown


def test_before_anything_is_known_nothing_leads() -> None:
    empty = assessed(decision("a b", {}))
    assert empty.recommended == "do_nothing"
    assert not empty.comparable
    shown = str(html.strip(empty))
    assert "sw-leads" not in shown
    assert "nothing can be compared yet" in Tags(shown).text
    matrix = Tags(str(html.comparison(empty))).text
    assert "leads" not in matrix
    assert "Nothing can be compared yet: what the options bring is not known." in matrix
    # once one of them brings something, or nothing is missing there, it is a comparison
    assert assessed(decision("a b", PLAIN)).comparable
    poor = assessed(decision("a b", {**PLAIN, "value_stream.effect": 0.0}))
    assert (poor.recommended, poor.comparable) == ("do_nothing", True)
    assert "sw-leads" in str(html.strip(poor))


def test_a_wide_table_says_over_how_many_columns_it_goes_where_there_is_no_room() -> None:
    assert "sw-wide" not in str(html.table(("a", "b", "c"), [("1", "2", "3")]))
    for columns, few, fewer in ((3, 3, 3), (4, 4, 2), (5, 5, 3), (6, 3, 3)):
        made = str(html.table(["x"] * (columns + 1), [["y"] * (columns + 1)]))
        assert f'class="sw-wide" style="--sw-few:{few};--sw-fewer:{fewer}"' in made


def test_a_flip_says_where_the_answer_stands_and_tells_the_two_apart() -> None:
    near = FlipPoint("a.b", "Service: Up", 0.9969, "share", "fails", False, here=0.9992)
    assert html.flip_words([near], "EUR") == "to fails when “Service: Up” is at most 99.7 % (now 99.92 %)."
    far = FlipPoint("a.b", "Uses a month", 2.4e12, "uses a month", "fails", True, here=2e9)
    assert "is at least more than 1,000bn" not in html.flip_words([far], "EUR")
