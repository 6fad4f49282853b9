"""The safety rule: the own model alone misses it, the service meets it, service first and own model later wins."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from decisions import ON, rng

from shipworthy import edits
from shipworthy.assess import Assessment, assess
from shipworthy.decision import DO_NOTHING, Value
from shipworthy.examples import example

OWN, SERVICE, BOTH = "own_model", "ready_made", "service_then_own"


@cache
def case() -> Assessment:
    return assess(example("safety-rule"), on=ON)


def changed(key: str, value: Value, option: str | None = None) -> Assessment:
    return assess(edits.say(example("safety-rule"), key, value, option), on=ON)


def mean(found: Assessment, option: str) -> float:
    return found.options[option].summary.mean


def test_the_own_model_alone_misses_the_date_and_the_service_meets_it() -> None:
    findings = {key: result.findings["deadline"] for key, result in case().options.items()}
    assert {key: each.status for key, each in findings.items()} == {
        OWN: "fails",
        SERVICE: "meets",
        BOTH: "meets",
        DO_NOTHING: "fails",
    }
    assert findings[OWN].probability == pytest.approx(0.14, abs=0.03)
    assert findings[SERVICE].probability == pytest.approx(0.93, abs=0.03)
    assert findings[OWN].headline.startswith("Live in only ")
    assert "by 20 February 2027" in findings[OWN].headline
    # the date is the only requirement that binds
    for result in case().options.values():
        assert {key for key, each in result.findings.items() if each.status in ("fails", "at_risk")} <= {"deadline"}


def test_service_first_and_own_model_later_wins() -> None:
    assert case().recommended == BOTH
    assert mean(case(), BOTH) > mean(case(), SERVICE) > mean(case(), OWN) > 0 > mean(case(), DO_NOTHING)
    both = case().options[BOTH].findings["deadline"]
    assert "“Ready-made service now” by " in both.words.detail[0]
    assert "“Train an own model” by " in both.words.detail[0]
    assert case().ledger(BOTH)["date_cost"] == pytest.approx(case().ledger(SERVICE)["date_cost"], rel=0.05)
    assert case().ledger(BOTH)["one_off"] == pytest.approx(
        case().ledger(SERVICE)["one_off"] + case().ledger(OWN)["one_off"]
    )


def test_what_the_delay_costs_is_said() -> None:
    cost = -case().ledger(OWN)["date_cost"]
    assert cost > 20 * -case().ledger(SERVICE)["date_cost"]
    said = " ".join(case().options[OWN].findings["deadline"].words.detail)
    assert f"Missing the date costs {round(cost / 1000)}k EUR on average" in said
    assert "Each day late costs" in said
    assert "work would have had to begin" in said
    nothing = case().options[DO_NOTHING].findings["deadline"].headline
    assert nothing.startswith("Doing nothing misses 20 February 2027 and costs ")


def test_without_the_rule_the_delay_costs_nothing_and_nothing_else_moves() -> None:
    wish = changed("deadline.kind", "none")
    for option in (OWN, SERVICE, BOTH):
        before, after = case().ledger(option), wish.ledger(option)
        assert after["date_cost"] == 0
        assert {**after, "date_cost": 0} == {**before, "date_cost": 0}
    assert mean(wish, OWN) > mean(wish, SERVICE)
    assert not np.any(wish.options[DO_NOTHING].payoff)


def test_which_way_it_flips() -> None:
    flips: dict[str, Any] = {flip.answer: flip for flip in case().flips(OWN)["deadline"]}
    assert (flips["deadline.overrun"].status, flips["deadline.overrun"].then_status) == ("at_risk", "meets")
    assert not flips["deadline.overrun"].at_least
    assert flips["deadline.overrun"].then < 0.6  # it would have to take little more than half of what was planned
    late = {flip.answer: flip for flip in case().flips(SERVICE)["deadline"]}["deadline.overrun"]
    assert late.at_least
    assert 1.4 < late.value < 2.2
    # and so it does
    assert changed("deadline.overrun", 1.1 * late.value).options[SERVICE].findings["deadline"].status != "meets"
    assert (
        changed("deadline.overrun", 0.9 * flips["deadline.overrun"].then).options[OWN].findings["deadline"].status
        == "meets"
    )


def test_with_another_year_the_own_model_is_in_time_and_needs_no_service() -> None:
    later = changed("deadline.date", "2028-02-20")
    assert later.options[OWN].findings["deadline"].status == "meets"
    assert mean(later, OWN) > mean(later, SERVICE)


def test_a_larger_fine_costs_those_who_are_late_and_hardly_the_service() -> None:
    dear = changed("deadline.a_day", rng(15_000, 30_000, 60_000))
    lost = {key: mean(case(), key) - mean(dear, key) for key in (OWN, SERVICE, BOTH)}
    assert lost[OWN] > 10 * lost[SERVICE] > 0
    assert dear.recommended in (SERVICE, BOTH)
    assert mean(dear, OWN) < 0


def test_the_chart_shows_what_is_done_in_turn_beside_what_it_is_made_of() -> None:
    evaluations = case().evaluations("deadline")
    for option in (OWN, BOTH):
        made = list(case().registry["deadline"].figures(case().view("deadline", option), evaluations))
        names = {trace["name"] for trace in made[0].plotly["data"]}
        assert names == {case().decision.option(key).name for key in (OWN, SERVICE, BOTH)}
