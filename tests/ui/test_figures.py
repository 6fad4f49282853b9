"""Every chart of every consideration, on every example: valid plotly, plain JSON, with a sentence and a table that agree."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from decisions import ACTING, ON, PLAIN, assessed, decision, own, rng, spread

from shipworthy import examples
from shipworthy.assess import Assessment, assess
from shipworthy.considerations.base import Figure
from shipworthy.decision import DO_NOTHING
from shipworthy.words import parse_number

DRAWN = {
    ("churn", "lead_time"): ["gap", "needed"],
    ("loan-decisions", "explainability"): ["levels", "duties"],
    ("object-recognition", "deployment"): ["stages", "users", "memory"],
    ("recommender", "value_stream"): ["funnel", "waterfall"],
    ("safety-rule", "deadline"): ["finish", "plan"],
    ("sharegpt-assistant", "licences"): ["flow"],
    ("shopping-assistant", "cost"): ["bill"],
}
"""Which charts the examples must have at least."""


def figures(assessment: Assessment) -> Iterator[tuple[str, str, Figure]]:
    """Option, consideration and chart, as the panels ask for them."""
    for key, consideration in assessment.registry.items():
        usable = {option: each for option, each in assessment.evaluations(key).items() if not each.missing}
        for option in usable:
            for figure in consideration.figures(assessment.view(key, option), usable):
                yield option, key, figure


@pytest.fixture(scope="module", params=examples.keys())
def example(request: pytest.FixtureRequest) -> tuple[str, list[tuple[str, str, Figure]]]:
    return request.param, list(figures(assess(examples.example(request.param), on=ON)))


def numbers(found: Any) -> Iterator[float]:
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, list | tuple):
        for each in found:
            yield from numbers(each)
    elif isinstance(found, int | float) and not isinstance(found, bool):
        yield float(found)


def check(figure: Figure) -> None:
    """What holds for every chart."""
    text = json.dumps(figure.plotly, allow_nan=False)  # no NaN, and nothing of numpy's
    assert json.loads(text) == json.loads(json.dumps(figure.plotly))
    assert len(text) < 100_000
    assert all(math.isfinite(each) for each in numbers(figure.plotly))
    assert figure.plotly["data"]
    for trace in figure.plotly["data"]:
        assert len(trace["x"]) == len(trace["y"]) > 0
    assert figure.title
    assert figure.caption
    assert len(figure.alt) > 30
    assert not re.search(r"\bnan\b|\binf\b|None", f"{figure.alt} {figure.caption} {figure.rows}")
    assert figure.rows
    assert all(len(row) == len(figure.columns) for row in figure.rows)
    assert all(cell for row in figure.rows for cell in row)


def test_every_chart_is_valid_for_plotly_itself(example: tuple[str, list[tuple[str, str, Figure]]]) -> None:
    graph_objects = pytest.importorskip("plotly.graph_objects")
    _, found = example
    assert found
    for _, _, figure in found:
        made = graph_objects.Figure(figure.plotly)
        assert len(made.data) == len(figure.plotly["data"])
    with pytest.raises(ValueError):  # that the check does check
        graph_objects.Figure({"data": [{"type": "scatter", "colour": "red"}]})


def test_every_chart_is_plain_json_with_a_sentence_and_a_table(
    example: tuple[str, list[tuple[str, str, Figure]]],
) -> None:
    key, found = example
    for _, _, figure in found:
        check(figure)
    for (wanted, consideration), keys in DRAWN.items():
        if wanted == key:
            options = {option for option, _, _ in found}
            for option in options:
                drawn = [figure.key for each, where, figure in found if (each, where) == (option, consideration)]
                phases = examples.example(key).option(option).phases
                assert drawn == (keys[:1] if phases else keys)  # phases have a plan each, and no one plan together


def test_keys_are_the_same_for_every_option_so_that_the_chosen_chart_stays(
    example: tuple[str, list[tuple[str, str, Figure]]],
) -> None:
    _, found = example
    assert DO_NOTHING not in {option for option, _, _ in found}
    for option, key, figure in found:
        twins = [other for each, where, other in found if (each, where) == (option, key) and other.key == figure.key]
        assert len(twins) == 1


def cell(text: str) -> float:
    """A number of a table, its unit aside."""
    number = re.match(r"[−-]?[0-9][0-9.,]*(?:bn|M|k)?(?: %)?", text.replace("under ", "").replace("over ", ""))
    assert number, text
    unit = "share" if "%" in number[0] else ""
    return parse_number(number[0], unit=unit)


def test_the_table_of_profit_against_the_gap_says_what_the_chart_shows() -> None:
    assessment = assess(examples.example("churn"), on=ON)
    for option, _, figure in figures(assessment):
        if figure.key != "gap":
            continue
        high, low, mean = (np.array(figure.plotly["data"][i]["y"]) for i in range(3))
        gaps = figure.plotly["data"][2]["x"]
        assert np.all(low <= high)
        for row in figure.rows:
            place = gaps.index(cell(row[0]))
            for text, line in zip(row[1:], (mean, low, high), strict=True):
                assert cell(text) == pytest.approx(line[place], rel=0.051, abs=1)
        best = figure.plotly["data"][3]
        assert best["y"] == [float(mean.max())]
        assert best["x"] == [gaps[int(mean.argmax())]]
        assert f"at {best['x'][0]:g} days" in figure.alt or f"at {round(best['x'][0])} days" in figure.alt
        gap = assessment.view("lead_time", option).number("gap")
        assert figure.plotly["layout"]["shapes"][0]["x0"] == gap
        # the line goes through what the finding says at this option's own gap
        profit = float(np.mean(assessment.options[option].runs[0].evaluations["lead_time"].figures["profit"]))
        assert np.interp(float(gap), gaps, mean) == pytest.approx(
            profit, rel=0.06, abs=0.02 * float(np.abs(mean).max())
        )


def test_the_table_of_time_needed_says_what_the_chart_shows() -> None:
    for _, _, figure in figures(assess(examples.example("churn"), on=ON)):
        if figure.key == "needed":
            (line,) = figure.plotly["data"]
            assert all(a <= b + 1e-12 for a, b in zip(line["y"], line["y"][1:], strict=False))
            for share, days in figure.rows:
                assert np.interp(cell(days), line["x"], line["y"]) == pytest.approx(cell(share), abs=0.06)
            assert figure.rows[1][1] in figure.alt


def test_the_table_of_the_bill_says_what_the_chart_shows() -> None:
    assessment = assess(examples.example("shopping-assistant"), on=ON)
    found = {option: figure for option, _, figure in figures(assessment) if figure.key == "bill"}
    assert set(found) == set(assessment.options) - {DO_NOTHING}
    for option, figure in found.items():
        lines = {trace["name"]: trace for trace in figure.plotly["data"]}
        assert [row[0] for row in figure.rows] == list(lines)
        for name, *bills in figure.rows:
            line = lines[name]
            for head, text in zip(figure.columns[1:], bills, strict=True):
                bill = np.interp(np.log(cell(head)), np.log(line["x"]), line["y"])
                assert cell(text) == pytest.approx(float(bill), rel=0.15)
            assert f"{name} {bills[2]}" in figure.alt
        widths = {name: line["line"]["width"] for name, line in lines.items()}
        assert max(widths, key=lambda name: widths[name]) == assessment.decision.option(option).name
        # what the table of the panel says at today's volume stands on the line
        today = figure.plotly["layout"]["shapes"][0]["x0"]
        line = lines[assessment.decision.option(option).name]
        median = float(np.median(assessment.options[option].runs[0].evaluations["cost"].figures["bill"]))
        assert np.interp(today, line["x"], line["y"]) == pytest.approx(median, rel=0.05)


@pytest.mark.parametrize(
    "changes",
    [
        {"lead_time.people": 0}, {"lead_time.events": 0}, {"lead_time.gap": 0}, {"lead_time.success": 0}, {"lead_time.precision": 0},
        {"lead_time.contact_cost": 1e6}, {"lead_time.persuasion": spread(400, 900)}, {"lead_time.persuasion": spread(rng(10, 20, 40), 60)},
        {"lead_time.gap": rng(10, 40, 90)}, {"lead_time.people": 1e6}, {"value_stream.value": 0}, {"lead_time.rhythm": 0},
        {"lead_time.gap": own(a=5, b=170)},
    ],
    ids=str,
)  # fmt: skip
def test_charts_stand_at_the_ends_of_what_can_be_answered(changes: dict[str, Any]) -> None:
    found = list(figures(assessed(decision("a b", {**ACTING, **changes}), size=64)))
    assert found
    for _, _, figure in found:
        check(figure)


@pytest.mark.parametrize("priced", ["nothing", "per_call", "flat"])
@pytest.mark.parametrize("uses", [0, 1, 1e9])
def test_charts_of_cost_stand_at_the_ends_too(priced: str, uses: float) -> None:
    answers = {
        **PLAIN,
        "value_stream.uses": uses,
        "cost.priced": priced,
        "cost.call_price": 0.02,
        "cost.flat_price": 500,
    }
    for _, _, figure in figures(assessed(decision("a b", answers))):
        check(figure)


def test_an_option_with_an_unknown_answer_has_no_chart_that_needs_it() -> None:
    full = {option for option, key, _ in figures(assessed(decision("a b", ACTING), size=64)) if key == "lead_time"}
    assert full == {"a", "b"}
    answers = {**ACTING, "lead_time.success": own(a=0.5, b=None)}
    assert {
        option for option, key, _ in figures(assessed(decision("a b", answers), size=64)) if key == "lead_time"
    } == {"a"}


def notes(figure: Figure) -> list[dict[str, Any]]:
    """What is written into a chart."""
    return list(figure.plotly["layout"].get("annotations", ()))


def test_charts_can_be_read_on_a_phone(example: tuple[str, list[tuple[str, str, Figure]]]) -> None:
    """Names over their bars and amounts at the end, in 290 px; the legend below; the word of a line above the plot."""
    for _, _, figure in example[1]:
        if figure.key not in ("funnel", "waterfall", "stages", "users", "memory", "finish", "plan"):
            continue
        chart = figure.plotly["layout"]
        if chart["showlegend"]:
            assert (chart["legend"]["orientation"], chart["legend"]["yanchor"]) == (
                "h",
                "top",
            )  # under the plot, not beside it
            assert chart["legend"]["y"] < 0
            assert chart["height"] >= 44 + chart["margin"]["b"]
        rows = [note["text"] for note in notes(figure) if note["yref"] == "y"]
        for name, shown in zip(rows[::2], rows[1::2], strict=True):
            assert shown
            assert len(name) + len(shown) <= 42
        if rows:
            assert not chart["yaxis"]["showticklabels"]  # no width is lost to names beside the bars
            assert len(rows) == 2 * len({round(y) for trace in figure.plotly["data"] for y in trace["y"]})
        for line, note in zip(
            chart.get("shapes", ()), [each for each in notes(figure) if each.get("yref") == "paper"], strict=False
        ):
            assert line["yref"] == "paper"
            assert (note["y"], note["yanchor"]) == (1, "bottom")
            assert chart["margin"]["t"] >= 26


def test_amounts_and_axis_of_memory_are_in_one_unit() -> None:
    assessment = assess(examples.example("object-recognition"), on=ON)
    found = [figure for _, _, figure in figures(assessment) if figure.key == "memory"]
    assert found
    for figure in found:
        assert "MB" in {note["text"] for note in notes(figure)}  # the axis
        assert "free: 8 MB" in {note["text"] for note in notes(figure)}
        most = max(sum(trace["x"][place] for trace in figure.plotly["data"]) for place in range(len(figure.rows)))
        assert 5 < most < 50
        assert all("MB" in text for row in figure.rows for text in row[1:])


def test_with_and_without_are_told_apart_in_the_funnel() -> None:
    assessment = assess(examples.example("recommender"), on=ON)
    figure = next(each for option, _, each in figures(assessment) if (option, each.key) == ("heavy", "funnel"))
    today, now = figure.plotly["data"]
    assert today["marker"]["color"] != now["marker"]["color"]
    assert (today["name"], now["name"]) == ("as today", "with this option")
    told = [note["text"] for note in notes(figure) if note["yref"] == "y"][1::2]
    for text, row in zip(told, figure.rows, strict=True):
        assert text == (row[1] if row[3] == "none" else f"{row[1]} → {row[2]} ({row[3]})")
    assert any("→" in text for text in told)


def test_the_axis_of_the_users_speaks_as_the_sentences_do() -> None:
    assessment = assess(examples.example("object-recognition"), on=ON)
    figure = next(each for _, _, each in figures(assessment) if each.key == "users")
    words = figure.plotly["layout"]["xaxis"]["ticktext"]
    assert any(text.endswith("bn") for text in words)
    assert not any(text.endswith(("B", "T", "G")) for text in words)
