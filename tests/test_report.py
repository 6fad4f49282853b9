"""An assessment as data and as words: complete, rounded, in order, and safe to print."""

import json
import math
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from decisions import PLAIN
from decisions import decision as case
from hypothesis import given
from hypothesis import strategies as st

from shipworthy import edits, report, terminal
from shipworthy.assess import PARTS, Assessment, assess
from shipworthy.considerations import registry, with_dimensions
from shipworthy.decision import Answer, Decision, Option, RangeValue, SpreadValue, new_decision
from shipworthy.examples import example
from shipworthy.reference import loader as reference
from shipworthy.report import Column

ON = date(2026, 11, 20)
STATUSES = {"meets", "at_risk", "fails", "unknown", "not_applicable"}


@pytest.fixture(scope="module")
def churn() -> Assessment:
    return assess(example("churn"), on=ON)


@pytest.fixture(scope="module")
def flips(churn: Assessment) -> report.Flips:
    return dict(report.all_flips(churn))


@pytest.fixture(scope="module")
def said(churn: Assessment, flips: report.Flips) -> dict[str, Any]:
    return report.data(churn, flips)


def plain(**answers: Any) -> Decision:
    """A decision with one option, priced flat, and these answers to the value question."""
    given_ = {name: Answer(value=value) for name, value in answers.items()}
    known = {
        "value_stream": given_,
        "lead_time": {"depends": Answer(value="no")},
        "cost": {"priced": Answer(value="nothing")},
    }
    decision = new_decision("Small", (Option(key="one", name="One way"),))
    return with_dimensions(decision.model_copy(update={"answers": known}))


def floats(value: Any) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from floats(each)


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_nine_digits_or_none(number: float) -> None:
    rounded = report.nine(number)
    if not math.isfinite(number):
        assert rounded is None
    else:
        assert float(f"{number:.9g}") == rounded == report.nine(rounded)
        assert math.isclose(rounded, number, rel_tol=5.1e-9, abs_tol=1e-320)
        assert math.copysign(1, rounded) == 1 or rounded < 0, "minus zero is zero"


def test_data_holds_what_the_assessment_says(churn: Assessment, said: dict[str, Any]) -> None:
    assert (said["recommended"], said["on"], said["currency"]) == (churn.recommended, "2026-11-20", "USD")
    assert (said["draws"], said["seed"], said["provisional"], said["missing"]) == (2**14, 7, False, [])
    assert [each["key"] for each in said["options"]] == [each.key for each in churn.decision.options]
    for each in said["options"]:
        result = churn.options[each["key"]]
        assert each["name"] == result.option.name
        assert each["payoff"]["mean"] == pytest.approx(float(churn.options[each["key"]].summary.mean), rel=1e-8)
        assert each["payoff"]["p10"] <= each["payoff"]["p50"] <= each["payoff"]["p90"]
        assert each["ledger"].keys() == PARTS.keys()
        assert sum(each["ledger"].values()) == pytest.approx(each["payoff"]["mean"], rel=1e-6, abs=1e-6)
        assert list(each["findings"]) == list(registry())
        for key, found in each["findings"].items():
            assert found["status"] in STATUSES
            assert found["headline"] == result.findings[key].headline
            assert (found["probability"] is None) == (found["status"] == "not_applicable")
    assert said["options"][-1]["meets_all"] is None, "no requirement concerns doing nothing"
    assert 0 <= said["options"][0]["meets_all"] <= 1


def test_every_float_has_nine_digits_at_most(said: dict[str, Any]) -> None:
    found = list(floats(said))
    assert len(found) > 100
    assert all(float(f"{each:.9g}") == each for each in found)


def test_json_is_plain_ascii_and_says_the_same(said: dict[str, Any]) -> None:
    text = report.as_json(said)
    assert text.isascii()
    assert text.endswith("}\n")
    assert json.loads(text) == said


def test_versions_name_every_table(said: dict[str, Any]) -> None:
    assert said["versions"]["tables"].keys() == set(reference.names())
    assert {"shipworthy", "schema", "genai-prices", "numpy", "scipy"} < said["versions"].keys()


def test_flip_points_come_nearest_first_with_their_direction(said: dict[str, Any]) -> None:
    seen = 0
    for option in said["options"]:
        for found in option["findings"].values():
            points = found["flip_points"]
            moves = [abs(each["value"] - each["now"]) / max(abs(each["value"]), abs(each["now"])) for each in points]
            assert moves == pytest.approx(sorted(moves), rel=1e-6)
            assert all(each["then"] is None or each["then"]["status"] in STATUSES for each in points)
            assert {each["direction"] for each in points} <= {"at_least", "at_most"}
            assert {each["status"] for each in points} <= STATUSES - {found["status"]}
            seen += len(points)
    assert seen >= 10
    third = said["options"][2]["findings"]["lead_time"]["flip_points"]
    persuasion = next(each for each in third if each["answer"] == "lead_time.persuasion")
    assert (persuasion["direction"], persuasion["unit"]) == ("at_least", "days")
    assert persuasion["now"] == 60.0 < persuasion["value"] < persuasion["then"]["value"], "slower persuasion undoes it"
    assert (persuasion["status"], persuasion["then"]["status"]) == ("at_risk", "fails")


def test_order_is_by_the_relative_move_and_from_zero_every_move_is_far() -> None:
    document = case("one", {**PLAIN, "value_stream.wrong": 0.0, "value_stream.harm": 100.0})
    flips = assess(document, on=ON).flips("one")["value_stream"]
    harm = next(each for each in flips if each.answer == "value_stream.wrong")
    assert harm.distance == 1.0
    assert [each.distance for each in flips] == sorted(each.distance for each in flips)


def test_where_an_answer_stands(churn: Assessment) -> None:
    world = assess(plain(value=100.0, uses=RangeValue(low=1.0, likely=2.0, high=9.0)), on=ON).world
    assert report.stands(world, "value_stream.value", "one") == 100.0
    assert report.stands(world, "value_stream.uses", "one") == 2.0
    assert report.stands(world, "value_stream.effect", "one") is None, "unknown"
    assert report.stands(world, "value_stream.currency", "one") is None, "a choice"
    spread = churn.world.value("lead_time.persuasion", "no_gap")[1]
    assert isinstance(spread, SpreadValue)
    assert report.stands(churn.world, "lead_time.persuasion", "no_gap") == 60.0


def test_unknown_answers_make_it_provisional_and_are_named() -> None:
    decision = edits.say_unknown(example("churn"), "lead_time.persuasion")
    assessment = assess(decision, on=ON)
    said = report.data(assessment, {})
    assert said["provisional"] is True
    assert "lead_time.persuasion" in said["missing"]
    found = said["options"][1]["findings"]["lead_time"]
    assert (found["status"], found["missing"]) == ("unknown", ["lead_time.persuasion"])
    assert said["options"][1]["without"] == ["lead_time.persuasion"]
    assert said["options"][1]["meets_all"] is None
    assert said["answers"]["unknown"] == 1
    columns = {each.heading: each.cells for each in report.comparison(assessment)}
    assert columns["Meets all"][1] == ("not known",)
    assert columns["Payoff [USD]"][1][0].endswith(" †")
    assert any(cell[1:] == ("(recommended,", "provisional)") for cell in columns["Option"])
    assert report.conclusion(assessment)[0].startswith("Recommended, provisionally: ")
    assert report.in_words(assessment, {})[1].remarks[0] == f"Its figures are without “{persuasion()}”."
    label = registry()["lead_time"].questions["persuasion"].label
    assert any(line.startswith("Provisional: ") and f"“{label}”" in line for line in report.conclusion(assessment))
    remarks = report.in_words(assessment, {})[1].remarks
    assert any(label in remark for remark in remarks)


def persuasion() -> str:
    return registry()["lead_time"].questions["persuasion"].label


def test_nothing_unknown_is_not_provisional(churn: Assessment) -> None:
    first, last = report.conclusion(churn)
    assert first.startswith("Recommended: Three-month gap")
    assert last == f"It stands on {churn.stands_on_words()}."
    cells = [cell for column in report.comparison(churn) for cell in column.cells]
    assert not any("†" in line or "provisional" in line or "not known" in line for cell in cells for line in cell)


def test_defaults_count_as_unconfirmed(said: dict[str, Any]) -> None:
    assert "lead_time.reached" in said["options"][0]["findings"]["lead_time"]["unconfirmed"]
    assert "lead_time.gap" not in said["options"][0]["findings"]["lead_time"]["unconfirmed"]


def test_comparison_marks_statuses_in_words_and_the_recommended_one(churn: Assessment) -> None:
    columns = report.comparison(churn)
    headings = [each.heading for each in columns]
    assert headings == ["Option", *(each.name for each in registry().values()), "Meets all", "Payoff [USD]"]
    assert all(len(each.cells) == len(churn.options) for each in columns)
    assert columns[0].cells[2] == ("Three-month gap", "(recommended)")
    assert columns[0].cells[0] == ("Model with no gap",)
    acting = headings.index("Intervention lead time")
    assert columns[acting].cells[0][0] == "✕ fails"
    assert columns[acting].cells[2][0] == "✓ meets"
    assert columns[acting].cells[4] == ("– n/a",)
    assert columns[-2].cells[4] == ("–",)
    assert columns[-1].cells[4] == ("0",)


def test_words_name_three_flip_points_at_most_and_skip_what_does_not_apply(
    churn: Assessment, flips: report.Flips
) -> None:
    spoken = report.in_words(churn, flips)
    assert [each.name for each in spoken][2] == "Three-month gap (recommended)"
    assert "Do nothing" not in [each.name for each in spoken]
    turns = [found[2] for each in spoken for found in each.findings]
    assert max(map(len, turns)) == 3
    assert any("at least" in turn and "(now " in turn for several in turns for turn in several)
    assert any(", fails at " in turn and " or less (now " in turn for several in turns for turn in several)


def test_totals_below_one_are_nothing_and_huge_ones_are_words() -> None:
    known = {**PLAIN, "value_stream.one_off": 0.0, "value_stream.wrong": 0.0, "value_stream.running": 0.0}
    for value, shown in ((1e-7, "0"), (1e14, "more than 1,000bn")):
        found = assess(case("one", {**known, "value_stream.value": value}), on=ON)
        assert report.comparison(found)[-1].cells[0] == (shown,)
        said = " ".join(head for each in report.in_words(found, {}) for _, head, _ in each.findings)
        assert ("nothing to speak of" in said) == (shown == "0")


def test_phases_are_named_where_the_worst_of_them_decides() -> None:
    decision = example("churn")
    two = Option(key="both", name="Rules, then model", phases=("contract_rules", "three_month_gap"))
    options = (*tuple(each for each in decision.options if each.key != "no_gap"), two)
    answers = {
        consideration: {
            name: each.model_copy(update={"by_option": {k: v for k, v in each.by_option.items() if k != "no_gap"}})
            for name, each in named.items()
        }
        for consideration, named in decision.answers.items()
    }
    assessment = assess(decision.model_copy(update={"options": options, "answers": answers}), on=ON)
    found = report.data(assessment, {})["options"][-1]["findings"]["lead_time"]
    assert found["phase"] == "contract_rules"
    heads = [head for each in report.in_words(assessment, {}) for _, head, _ in each.findings]
    assert any(head.endswith("(while it is “Rules on contract end”)") for head in heads)


def test_fresh_tables_give_no_warning(churn: Assessment) -> None:
    assert report.warnings(churn) == []


def test_tables_past_their_shelf_life_are_named_where_they_are_used() -> None:
    later = date(2031, 1, 1)
    churn, shop = (assess(example(key), on=later) for key in ("churn", "shopping-assistant"))
    prices, defaults = reference.load("price_lists").title, reference.load("defaults").title
    assert any(defaults in each and "2031-01-01" in each for each in report.warnings(churn))
    assert not any(prices in each for each in report.warnings(churn)), "no hosted model is priced there"
    assert any(prices in each for each in report.warnings(shop))


def test_other_tables_than_when_it_was_saved_are_named(churn: Assessment) -> None:
    now = report.versions()["tables"]
    for tables, warned in (({**now}, False), ({**now, "gpus": "000000000000"}, True), ({"no such": "1"}, False)):
        decision = churn.decision.model_copy(update={"tables": tables})
        warnings = report.warnings(assess(decision, on=ON))
        assert bool(warnings) == warned
        assert all("gpus" in each for each in warnings)


@given(st.text(st.characters(exclude_categories=())))
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    printed = terminal.clean(text)
    assert not any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in printed)
    assert not any(unicodedata.bidirectional(sign) in ("RLO", "LRO", "RLE", "LRE", "PDF", "RLI") for sign in printed)
    printed.encode("utf-8")


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs"))))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert terminal.clean(text) == text


def columns(count: int) -> list[Column]:
    cells = (("! at risk", "55 %"), ("✓ meets", "over 99 %"))
    return [Column("Option", (("A rather long name of an option",), ("B",)))] + [
        Column(f"Consideration {place}", cells) for place in range(count)
    ]


@pytest.mark.parametrize(("count", "width", "tables"), [(3, 80, 1), (10, 80, 3), (10, 200, 1)])
def test_tables_are_cut_to_the_width(count: int, width: int, tables: int) -> None:
    made, gap = terminal.packed(columns(count), width)
    assert len(made) == tables
    assert gap in (1, 2)
    assert all(table[0].heading == "Option" for table in made)
    assert [each.heading for table in made for each in table[1:]] == [each.heading for each in columns(count)[1:]]
    assert all(16 + sum(13 + gap for _ in table[1:]) <= width for table in made)


def test_shown_lines_fit_eighty_columns_and_hold_every_cell(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    terminal.show(("Title [bold]:smile:", "Sub"), columns(9), ["Recommended: B."], [])
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert out.count("over 99 %") == 9
    assert out.count("! at risk") == 9
    assert "Title [bold]:smile:" in out
    assert "\x1b" not in out
