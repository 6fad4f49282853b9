"""The options side by side: differences draw by draw, requirements by how often they are missed, and the charts."""

import json
from typing import Any

import numpy as np
import pytest
from decisions import ON, PLAIN, decision, own, rng

from shipworthy import _deciding_words as deciding_words
from shipworthy import examples
from shipworthy._comparing_words import told
from shipworthy.assess import Assessment, assess
from shipworthy.comparing import comparing, requirements
from shipworthy.comparing_figures import figures
from shipworthy.deciding import deciding
from shipworthy.decision import Option

OPTIONS = (Option(key="a", name="<b>A</b>"), Option(key="b", name="B"))
RISKY = {**PLAIN, "value_stream.effect": own(a=rng(-0.2, 0.2, 0.6), b=0.1)}


@pytest.fixture(scope="module")
def found() -> dict[str, Assessment]:
    return {key: assess(examples.example(key), on=ON) for key in examples.keys()}  # noqa: SIM118


def test_differences_are_those_of_the_payoffs_and_sum_to_the_gap_of_the_means(found: dict[str, Assessment]) -> None:
    for assessment in found.values():
        held = comparing(assessment)
        lead = assessment.options[held.leading]
        for key, gap in held.ahead.items():
            other = assessment.options[key]
            assert gap.mean == pytest.approx(lead.summary.mean - other.summary.mean, rel=1e-9, abs=1e-6)
            ahead = np.asarray(lead.payoff) - np.asarray(other.payoff)
            assert gap.chance_better == pytest.approx(float(np.mean(ahead > 0)))
        means = [each.mean for each in held.ahead.values()]
        assert means == sorted(means)
        assert min(means, default=0.0) >= 0


def test_requirements_together_are_those_of_meeting_all(found: dict[str, Assessment]) -> None:
    counted = 0
    for assessment in found.values():
        for key, result in assessment.options.items():
            met = [np.asarray(each.met.met) for each in requirements(assessment, key)]
            if result.meets_all is not None and met:
                together = np.all(np.broadcast_arrays(*met), axis=0)
                assert float(together.mean()) == pytest.approx(float(np.mean(result.meets_all)))
                counted += 1
    assert counted > 15


def test_what_is_missed_alone_is_never_more_than_what_is_missed(found: dict[str, Assessment]) -> None:
    assessment = found["object-recognition"]
    missed = comparing(assessment).missed["device"]
    assert missed[0].label == "Memory left on the device"
    assert [each.how_often.missed for each in missed] == sorted(
        (each.how_often.missed for each in missed), reverse=True
    )
    assert all(0 <= each.how_often.alone <= each.how_often.missed for each in missed)
    slow = next(each for each in missed if each.label == "Uses answered in time")
    assert slow.how_often.alone == 0.0  # wherever it is slow, it does not fit either


def test_the_finding_names_the_leading_option_the_gap_and_what_is_missed_most(found: dict[str, Assessment]) -> None:
    assessment = found["loan-decisions"]
    said = told(comparing(assessment), assessment)
    assert said.finding[0].startswith(
        "“Boosted trees, exact reasons” is expected to bring 2.9M EUR, 156k more than the next best"
    )
    assert "“Duties that may stay unmet” (Explainability)" in said.finding[1]
    row = ("Deep network, explained afterwards: Duties that may stay unmet (Explainability)", "50 %", "50 %")
    assert row in said.missed


def test_two_options_that_are_the_same_are_said_to_bring_the_same() -> None:
    same = assess(decision(OPTIONS, {**PLAIN, "value_stream.effect": 0.2}), on=ON)
    said = told(comparing(same), same)
    assert "are expected to bring the same" in said.finding[0]


def test_where_nothing_is_known_nothing_is_compared() -> None:
    empty = assess(decision((OPTIONS[0],), {}), on=ON)
    assert told(comparing(empty), empty).finding == (
        "Nothing can be compared yet: what the options bring is not known.",
    )


def _hills(chart: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in chart["data"] if each.get("fill") == "toself"]


def test_a_hill_a_row_and_an_interval_below_it(found: dict[str, Assessment]) -> None:
    for assessment in found.values():
        held = comparing(assessment)
        payoffs, *rest = figures(held, assessment)
        uncertain = [key for key, each in assessment.options.items() if not each.summary.certain]
        assert len(_hills(payoffs.plotly)) == len(uncertain)
        assert len(payoffs.rows) == len(assessment.options)
        assert payoffs.rows[0][0] == assessment.options[held.leading].option.name
        bars = {
            (trace["name"], *trace["x"]) for trace in payoffs.plotly["data"] if trace.get("line", {}).get("width") == 6
        }
        for key in uncertain:
            told_ = assessment.options[key].summary
            named = assessment.options[key].option.name
            assert any(
                name == named
                and low == pytest.approx(told_.p10, rel=1e-5)
                and high == pytest.approx(told_.p90, rel=1e-5)
                for name, low, high in bars
            )
        assert [len(each.rows) for each in rest] == [len(assessment.options) - 1]
        json.dumps([each.plotly for each in (payoffs, *rest)], allow_nan=False)


def test_a_hill_lies_where_the_draws_lie() -> None:
    assessment = assess(decision(OPTIONS, RISKY), on=ON)
    held = comparing(assessment)
    hill = next(each for each in _hills(next(figures(held, assessment)).plotly) if each["name"] == "<b>A</b>")
    heights = max(hill["y"]) - np.asarray(hill["y"][1:-1])
    places = np.asarray(hill["x"][1:-1])
    payoff = np.asarray(assessment.options["a"].payoff)
    assert float(np.average(places, weights=heights)) == pytest.approx(float(payoff.mean()), rel=0.03)
    inside = (places >= np.quantile(payoff, 0.1)) & (places <= np.quantile(payoff, 0.9))
    assert float(heights[inside].sum() / heights.sum()) == pytest.approx(0.8, abs=0.04)


def test_a_typed_name_is_no_link_in_a_chart() -> None:
    evil = (Option(key="a", name='<a href="https://example.org">A</a><br>'), OPTIONS[1])
    assessment = assess(decision(evil, RISKY), on=ON)
    made = list(figures(comparing(assessment), assessment))
    said = json.dumps([each.plotly for each in made])
    assert "<a" not in said
    assert "&lt;a href=" in said
    assert "<extra></extra>" in said


def test_options_of_which_nothing_is_known_are_neither_ranked_nor_called_met() -> None:
    known = {
        name: own(a=value)
        for name, value in PLAIN.items()
        if name.startswith("value_stream.") and isinstance(value, float)
    }
    empty = Option(key="empty", name="Nobody knows")
    assessment = assess(
        decision((OPTIONS[0], empty), {**PLAIN, **known, "value_stream.effect": own(a=rng(-0.2, 0.2, 0.6))}), on=ON
    )
    assert assessment.compared == ("a", "do_nothing")
    held = comparing(assessment)
    assert held.next_best == "do_nothing"
    assert "empty" not in held.payoffs
    said = told(held, assessment)
    assert "Nobody knows" not in " ".join((*said.finding, said.rest))
    found = deciding(assessment)
    assert found.options == ("a", "do_nothing")
    assert "empty" not in found.choices.values()
    beside = deciding_words.told(found, assessment)
    assert "Not compared, because nothing is known yet of what it brings: “Nobody knows”." in beside.notes
    assert not any("Nobody knows" in row[0] for row in beside.standings)


def test_a_charted_name_is_shown_letter_by_letter() -> None:
    assessment = assess(decision(OPTIONS, RISKY), on=ON)
    made = next(figures(comparing(assessment), assessment))
    assert {"&lt;b&gt;A&lt;/b&gt;"} <= {each["text"] for each in made.plotly["layout"]["annotations"]}
