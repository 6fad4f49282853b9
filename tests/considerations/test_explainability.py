"""Explainability: duties by place and day, what an option can give, repair, and what an explainable model keeps, by hand."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from decisions import rng
from gates import evaluation, finding, lending, said

from shipworthy.assess import Assessment
from shipworthy.decision import Answer, RequirementValue

SIZE = 2**12
ADDITIVE: dict[str, Any] = {"family": "additive", "methods": ("additive",)}
SILENT: dict[str, Any] = {"family": "deep", "methods": ("global",)}
"""A network that can only be described in general."""


def state(found: Assessment) -> tuple[str, float | None]:
    told = finding(found, "explainability")
    return told.status, told.probability


def owed(found: Assessment) -> dict[str, tuple[str, bool]]:
    """Level by the key of each duty that it is held against, and whether it surely counts."""
    notes = evaluation(found, "explainability").notes
    keys = {each.duty.instrument: each.duty.key for each in notes["verdicts"]}
    return {keys.get(each.name, each.name): (each.level, each.sure) for each in notes["owed"]}


def sure(found: Assessment) -> dict[str, str]:
    return {key: level for key, (level, counts) in owed(found).items() if counts}


def paid(found: Assessment) -> float:
    return float(np.mean(found.options["a"].payoff))


def test_where_nothing_about_a_person_is_decided_it_does_not_apply() -> None:
    found = lending(effect="none")
    assert state(found) == ("not_applicable", None)
    assert finding(found, "explainability").headline == "Explainability does not apply to this option."
    assert paid(found) == pytest.approx(87_200)


@pytest.mark.parametrize("name", ["effect", "automation", "domains", "affected", "family"])
def test_a_fact_that_is_missing_is_asked_for_and_shuts_nothing(name: str) -> None:
    for found in (lending(**{name: None}), lending(**{name: Answer(state="unknown")})):
        assert finding(found, "explainability").missing == (f"explainability.{name}",)
        label = found.world.question(f"explainability.{name}").label
        assert finding(found, "explainability").headline == (
            f"Not known yet: “{label}”. Without it we cannot say which duties to explain apply."
        )
        assert paid(found) == pytest.approx(87_200)


@pytest.mark.parametrize("name", ["domains", "affected"])
def test_none_of_the_places_or_fields_is_no_answer_either(name: str) -> None:
    found = lending(**{name: ()})
    assert finding(found, "explainability").missing == (f"explainability.{name}",)
    assert finding(found, "explainability").headline.startswith("Not known yet: ")


PLACES = {
    "EU": ("logic", {"EU-GDPR-1315": "logic", "EU-GDPR-22": "reasons", "EU-AIA-26": "notice", "EU-CCD2": "logic", "EU-AIA-86": "reasons"}),
    "US": ("reasons", {"US-ECOA-AA": "reasons"}),
    "UK": ("reasons", {"UK-DUAA": "reasons", "UK-FCA-CD": "notice"}),
    "KR": ("reasons", {"KR-PIPA372": "reasons", "KR-CIA": "reasons"}),
    "JP": ("none", {}),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_what_is_owed_by_the_place_of_the_people(place: str) -> None:
    level, keys = PLACES[place]
    found = lending(affected=(place,))
    assert evaluation(found, "explainability").notes["needed"].level == level
    assert sure(found) == keys
    assert state(found) == (("meets", 1.0) if not keys else ("at_risk", 0.5))  # a deep network explains weakly
    assert state(lending(affected=(place,), **ADDITIVE))[0] == "meets"
    assert state(lending(affected=(place,), **SILENT))[0] == ("fails" if keys else "meets")


def test_bureau_data_are_owed_more_and_not_knowing_might_be() -> None:
    with_data, without = (sure(lending(affected=("US",), bureau=word)) for word in ("yes", "no"))
    assert with_data == {**without, "US-FCRA-615a": "reasons"}
    unknown = owed(lending(affected=("US",), bureau=None))
    assert unknown["US-FCRA-615a"] == ("reasons", False)


def test_a_person_who_decides_removes_what_binds_machines_alone() -> None:
    alone, human = (lending(automation=word) for word in ("solely", "human"))
    assert set(sure(alone)) - set(sure(human)) == {"EU-GDPR-1315", "EU-GDPR-22"}
    assert set(sure(human)) < set(sure(alone))
    between = owed(lending(automation="between"))
    assert between["EU-GDPR-22"] == ("reasons", False)  # it hangs on what the person really does
    assert between["EU-CCD2"] == ("logic", True)


@pytest.mark.parametrize(
    ("stands", "status"), [(1.0, "meets"), (0.9, "meets"), (0.5, "at_risk"), (0.1, "fails"), (0.0, "fails")]
)
def test_a_weak_explanation_stands_up_as_often_as_is_thought(stands: float, status: str) -> None:
    found = lending(stands=stands, size=SIZE)
    assert finding(found, "explainability").status == status
    assert finding(found, "explainability").probability == pytest.approx(stands, abs=0.002)
    # live in that share of the draws: 97,200 of it, less 10,000
    assert paid(found) == pytest.approx(stands * 97_200 - 10_000, abs=200)


def test_what_cannot_be_explained_fails_whatever_is_hoped() -> None:
    found = lending(**SILENT, stands=1.0)
    assert state(found) == ("fails", 0.0)
    assert paid(found) == -10_000
    assert finding(found, "explainability").headline == (
        "“GDPR: information on the logic of automated decisions” (3 more) asks for the logic applied, so that the person can "
        "follow and contest it, and this model cannot give it."
    )


def test_without_a_method_there_are_no_reasons() -> None:
    assert state(lending(methods=()))[0] == "fails"


MAYBE: dict[str, Any] = {"domains": ("health_insurance",), "affected": ("US-CA",), "automation": "solely", **ADDITIVE}


@pytest.mark.parametrize("might", [0.0, 0.25, 0.5, 1.0])
def test_a_duty_that_might_apply_counts_as_often_as_is_thought(might: float) -> None:
    found = lending(**MAYBE, might=might, size=SIZE)
    assert owed(found)["CA-SB1120"] == ("none", False)
    assert finding(found, "explainability").probability == pytest.approx(1 - might, abs=0.002)
    assert finding(found, "explainability").headline.startswith("What surely applies is met; “")
    assert (
        state(lending(**{**MAYBE, "automation": "human"}, might=might))[0] == "meets"
    )  # it asks that a person decides


def test_what_might_apply_and_is_weak_hangs_on_both_chances() -> None:
    case: dict[str, Any] = {"affected": ("US-CT",), "effect": "significant", "domains": ("housing",), "size": SIZE}
    for might, stands, share in ((0.5, 0.5, 0.75), (0.5, 0.0, 0.5), (1.0, 0.25, 0.25), (0.0, 0.0, 1.0)):
        found = lending(**case, might=might, stands=stands)
        assert len(owed(found)) == 1
        assert sure(found) == {}
        # unmet where it does apply and does not stand up
        assert finding(found, "explainability").probability == pytest.approx(share, abs=0.003)


@pytest.mark.parametrize(
    ("policy", "status"), [("none", "meets"), ("notice", "meets"), ("reasons", "at_risk"), ("logic", "fails")]
)
def test_the_own_policy_counts_where_the_law_asks_for_less(policy: str, status: str) -> None:
    found = lending(affected=("JP",), policy=policy, family="deep", methods=("gradients", "global"))
    assert state(found)[0] == status
    assert sure(found) == ({} if policy == "none" else {"Our own policy": policy})
    higher = lending(policy=policy, **ADDITIVE)
    assert evaluation(higher, "explainability").notes["needed"].level == "logic"


def test_duties_that_may_stay_unmet() -> None:
    for limit, status in ((0.0, "fails"), (3.0, "fails"), (4.0, "meets")):
        unmet = RequirementValue(limit=limit, confidence=0.8)
        assert state(lending(**SILENT, unmet=unmet))[0] == status


COLORADO: dict[str, Any] = {"affected": ("US-CO",), "automation": "human", "on": date(2026, 9, 1)}


@pytest.mark.parametrize(
    ("begins", "years", "counts"),
    [(None, 0.25, False), (None, 0.34, True), ("2026-12-31", 0.25, False), ("2027-01-01", 0.25, True), ("2026-12-31", 1.0, True)],
)  # fmt: skip
def test_colorado_begins_in_2027_and_counts_within_the_period(begins: str | None, years: float, counts: bool) -> None:
    # a quarter of a year from 1 September ends on 1 December 2026, 0.34 years on 3 January 2027
    found = lending(**COLORADO, begins=begins, value_stream__period=years)
    assert ("CO-SB26-189" in sure(found)) is counts
    coming = begins != "2027-01-01" and counts
    assert ("To come: Colorado law on automated decision-making technology" in said(found, "explainability")) is coming


def test_the_period_is_counted_from_today_however_late_the_first_decision() -> None:
    late = lending(**COLORADO, begins="2026-11-01", value_stream__period=0.25)
    assert "CO-SB26-189" not in sure(late)


def test_a_duty_that_comes_and_might_apply_is_held_against_it_too() -> None:
    found = lending(affected=("US",))
    assert owed(found)["CO-SB26-189"] == ("reasons", False)  # whether people in Colorado are affected
    assert "CO-SB26-189" not in owed(lending(affected=("US",), on=date(2026, 9, 1), value_stream__period=0.25))


# ---- making it explainable: decisions.PLAIN brings 4500 a month from day 73 to day 730, less 10,000


def test_making_it_explainable_costs_and_takes_what_is_typed() -> None:
    found = lending(**SILENT, repair_cost=7_000, repair_days=36.5)
    assert found.ledger("a")["repair"] == -7_000
    assert paid(found) == pytest.approx(91_800 - 17_000)  # 36.5 days later
    assert (
        "Making it explainable is counted where it falls short: on average 7k USD and 36 days before it is live."
        in (finding(found, "explainability").words.detail)
    )
    quick = lending(**SILENT, repair_cost=7_000)
    assert paid(quick) == pytest.approx(97_200 - 17_000)


def test_it_is_paid_only_where_it_falls_short() -> None:
    met = lending(**ADDITIVE, repair_cost=7_000, repair_days=36.5)
    assert paid(met) == pytest.approx(87_200)
    assert "Making it explainable" not in said(met, "explainability")
    half = lending(repair_cost=7_000, repair_days=36.5, size=SIZE)
    assert paid(half) == pytest.approx((87_200 + 74_800) / 2, rel=0.002)


def test_what_is_made_explainable_meets_its_duties_and_says_so() -> None:
    short, mended = lending(**SILENT), lending(**SILENT, repair_cost=7_000, repair_days=36.5)
    assert state(short) == ("fails", 0.0)
    assert state(mended) == ("meets", 1.0)
    assert "; making it explainable is counted." in finding(mended, "explainability").headline
    assert "making it explainable" not in finding(short, "explainability").headline


@pytest.mark.parametrize(("automation", "chance"), [("solely", 0.0), ("between", 0.5), ("human", 1.0)])
def test_a_person_who_only_signs_is_half_a_person_for_duties_that_ask_for_one(automation: str, chance: float) -> None:
    found = lending(
        **ADDITIVE, affected=("US-CA",), operator=("US",), domains=("health_insurance",), effect="support", bureau="no",
        automation=automation, might=1.0, stands=0.5, size=SIZE,
    )  # fmt: skip
    assert "CA-SB1120" in owed(found)
    assert state(found)[1] == pytest.approx(chance, abs=0.01)


# ---- accuracy kept

BEST: dict[str, Any] = {**ADDITIVE, "counted": "best", "best": 0.8, "baseline": 0.7}


def test_accuracy_that_is_not_kept_is_money() -> None:
    # 0.78 over a baseline of 0.70 keeps 0.08 of 0.10: 80 %. 5000 × 0.8 − 500 = 3500 a month over 21.6 months, less 10,000
    found = lending(**BEST, gap=0.02)
    assert paid(found) == pytest.approx(3_500 * 21.6 - 10_000)
    assert float(evaluation(found, "explainability").figures["lost"]) == pytest.approx(
        12_000
    )  # a fifth of 60,000 a year
    assert "It keeps 80 % of what the best model adds to today; what it does not keep would bring 12k USD a year." in (
        finding(found, "explainability").words.detail
    )


@pytest.mark.parametrize(("gap", "kept"), [(0.0, 1.0), (0.05, 0.5), (0.1, 0.0), (0.2, 0.0), (-0.02, 1.0)])
def test_what_is_kept_at_its_ends(gap: float, kept: float) -> None:
    found = lending(**BEST, gap=gap)
    assert float(np.mean(evaluation(found, "explainability").terms["accuracy_kept"])) == pytest.approx(kept)
    assert paid(found) == pytest.approx((5_000 * kept - 500) * 21.6 - 10_000)


def test_effects_that_are_typed_for_each_option_lose_nothing_twice() -> None:
    found = lending(**{**BEST, "counted": "as_typed"}, gap=0.05)
    assert "accuracy_kept" not in evaluation(found, "explainability").terms
    assert paid(found) == pytest.approx(87_200)


def test_without_a_measured_gap_the_usual_one_of_the_family_is_drawn() -> None:
    # the table of families: rules lose 0.02, 0.05, 0.15 against the best: 80, 50 and 0 % of 0.10 are kept
    found = lending(**{**BEST, "family": "rules", "methods": ("path",)}, size=SIZE)
    kept = evaluation(found, "explainability").terms["accuracy_kept"]
    assert np.quantile(kept, [0.5, 0.9]) == pytest.approx([0.5, 0.8], abs=0.003)
    assert np.quantile(kept, 0.1) == 0.0
    yardstick = lending(**{**BEST, "family": "boosted", "methods": ("tree_attributions",)})
    assert float(np.mean(evaluation(yardstick, "explainability").terms["accuracy_kept"])) == 1.0
    typed = lending(**BEST, gap=rng(0.01, 0.02, 0.04), size=SIZE)
    assert np.median(evaluation(typed, "explainability").terms["accuracy_kept"]) == pytest.approx(0.8, abs=0.002)


@pytest.mark.parametrize(("best", "baseline"), [(0.7, 0.7), (0.6, 0.7)])
def test_a_best_model_that_is_not_above_the_baseline_is_a_sentence(best: float, baseline: float) -> None:
    found = lending(**{**BEST, "best": best, "baseline": baseline}, gap=0.02)
    assert finding(found, "explainability").missing == ("explainability.best",)
    assert finding(found, "explainability").headline == (
        f"Best model: {best} is not above the baseline of 0.7, so there is no effect to keep; a best model above the baseline would do."
    )
    assert paid(found) == pytest.approx(87_200)


@pytest.mark.parametrize("name", ["best", "baseline"])
def test_measures_that_are_not_known_are_asked_for(name: str) -> None:
    found = lending(**{**BEST, name: None})
    assert finding(found, "explainability").missing == (f"explainability.{name}",)
    assert paid(found) == pytest.approx(87_200)


def test_a_method_that_does_not_belong_to_the_family_is_a_sentence() -> None:
    found = lending(methods=("additive",))
    assert finding(found, "explainability").missing == ("explainability.methods",)
    assert finding(found, "explainability").headline.startswith(
        "Neural network on tabular data cannot be explained by exact contributions of an additive model; "
    )
    assert paid(found) == pytest.approx(87_200)
