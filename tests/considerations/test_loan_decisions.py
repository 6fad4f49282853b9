"""Loans: which duties apply where, which option can meet them, and what the model that can explains itself costs."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from decisions import ON, edited
from gates import evaluation, listed, said

from shipworthy import edits
from shipworthy.assess import Assessment, assess
from shipworthy.considerations.base import FlipPoint
from shipworthy.decision import Decision
from shipworthy.examples import example

SIZE = 2**12
OPTIONS = ("deep", "boosted", "additive")


def story() -> Decision:
    return example("loan-decisions")


@cache
def case() -> Assessment:
    return assess(story(), on=ON, size=SIZE)


def changed(*changes: tuple[str, Any, str | None]) -> Assessment:
    return assess(edited(story(), *changes), on=ON, size=SIZE)


@cache
def lender_in(place: str) -> Assessment:
    return changed(("explainability.affected", (place,), None), ("explainability.operator", (place,), None))


def statuses(found: Assessment) -> dict[str, str]:
    return {key: found.options[key].findings["explainability"].status for key in OPTIONS}


def level(found: Assessment) -> str:
    return str(evaluation(found, "explainability", "deep").notes["needed"].level)


def duties(found: Assessment) -> set[str]:
    return set(evaluation(found, "explainability", "deep").notes["needed"].by_duty)


def mean(found: Assessment, option: str) -> float:
    return found.options[option].summary.mean


def test_the_deep_network_is_at_risk_and_the_transparent_ones_meet_what_is_owed() -> None:
    assert statuses(case()) == {"deep": "at_risk", "boosted": "meets", "additive": "meets"}
    assert case().options["deep"].findings["explainability"].headline == (
        "“GDPR: information on the logic of automated decisions” asks for the logic applied, so that the person can follow and "
        "contest it; the explanation is weak and may not stand up."
    )
    assert not case().provisional


def test_a_transparent_model_wins_once_the_duty_is_counted() -> None:
    assert case().recommended == "boosted"
    assert mean(case(), "boosted") > mean(case(), "additive") > mean(case(), "deep")
    # what the duty takes: half of what the deep network would bring
    free = lender_in("JP")
    assert case().ledger("deep")["value"] == pytest.approx(free.ledger("deep")["value"] / 2, rel=0.01)
    assert case().ledger("boosted")["value"] == pytest.approx(
        0.9 * free.ledger("boosted")["value"], rel=0.01
    )  # argued over
    assert case().ledger("additive") == pytest.approx(free.ledger("additive"))


def test_where_nothing_is_owed_the_deep_network_leads() -> None:
    free = lender_in("JP")
    assert free.recommended == "deep"
    assert set(statuses(free).values()) == {"meets"}
    assert mean(free, "deep") > mean(free, "boosted") > mean(free, "additive")


def test_explainability_is_the_only_requirement_that_binds() -> None:
    for key in OPTIONS:
        missed = {name for name, each in case().options[key].findings.items() if each.status in ("fails", "at_risk")}
        assert missed == ({"explainability"} if key == "deep" else set())


def test_moved_from_the_eu_to_the_us_to_a_country_without_a_duty() -> None:
    assert (level(case()), level(lender_in("US")), level(lender_in("JP"))) == ("logic", "reasons", "none")
    assert duties(case()) == {"EU-GDPR-1315", "EU-GDPR-22", "EU-AIA-26", "EU-CCD2", "EU-AIA-86"}
    assert duties(lender_in("US")) == {"US-ECOA-AA", "US-FCRA-615a"}
    assert duties(lender_in("JP")) == set()
    assert statuses(lender_in("US")) == {"deep": "at_risk", "boosted": "meets", "additive": "meets"}
    assert "Equal Credit Opportunity Act and Regulation B" in said(lender_in("US"), "explainability", "deep")
    assert "No duty to explain was found for this case." in said(lender_in("JP"), "explainability", "deep")


def test_what_each_duty_asks_is_a_list_with_its_citation() -> None:
    ready = " ".join(listed(case(), "explainability", "What to have ready", "boosted"))
    for citation in (
        "Art 22",
        "CJEU C-203/22",
        "Directive (EU) 2023/2225 Art 18(8)-(9)",
        "Regulation (EU) 2024/1689 Art 86",
    ):
        assert citation in ready
    us = listed(lender_in("US"), "explainability", "A sample of what the person is told", "boosted")
    assert sum(line[:2] in {f"{place}." for place in range(1, 10)} for line in us) <= 4
    assert any("The agency did not take this decision" in line for line in us)  # a bureau report is used


def test_a_person_who_decides_removes_the_duties_on_machines_alone_and_not_the_directive_on_credit() -> None:
    document = story()
    for option in OPTIONS:
        document = edits.say(document, "explainability.automation", "human", option)
    human = assess(document, on=ON, size=SIZE)
    assert duties(case()) - duties(human) == {"EU-GDPR-1315", "EU-GDPR-22"}
    assert statuses(human) == statuses(case())
    assert level(human) == "logic"


def test_what_the_lost_accuracy_costs_a_year_by_hand() -> None:
    # 12,000 applications a month × 0.013 × 900 EUR = 140,400 EUR a month, 1,684,800 a year at the best model’s accuracy;
    # 0.78 against 0.80 over 0.70 keeps 80 %: a fifth, 336,960 EUR a year, is what the additive model costs
    pinned = changed(
        ("value_stream.uses", 12_000.0, None),
        ("value_stream.effect", 0.013, None),
        ("value_stream.value", 900.0, None),
        ("explainability.gap", 0.02, "additive"),
        ("explainability.gap", 0.006, "boosted"),
    )
    lost = {key: float(np.mean(evaluation(pinned, "explainability", key).figures["lost"])) for key in OPTIONS}
    assert lost == pytest.approx({"deep": 0.0, "boosted": 0.06 * 1_684_800, "additive": 336_960.0})
    assert "It keeps 80 % of what the best model adds to today; what it does not keep would bring 337k EUR a year." in (
        said(pinned, "explainability", "additive")
    )
    # and it is what the ledger holds: a model that kept all would bring a quarter more
    whole = edits.say(pinned.decision, "explainability.gap", 0.0, "additive")
    kept_all = assess(whole, on=ON, size=SIZE).ledger("additive")
    assert pinned.ledger("additive")["value"] == pytest.approx(0.8 * kept_all["value"])
    assert {**pinned.ledger("additive"), "value": 0} == pytest.approx({**kept_all, "value": 0})


def test_the_table_sets_what_is_lost_against_what_is_owed() -> None:
    _, rows = (
        case()
        .registry["explainability"]
        .table(case().evaluations("explainability"), lambda key: case().view("explainability", key))
    )
    assert [row[2] for row in rows] == ["weakly", "well enough", "well"]
    assert [row[3] for row in rows] == ["50 %", "90 %", "100 %"]
    assert [row[4] for row in rows] == ["100 %", "93 %", "79 %"]
    assert rows[0][5] == "0 EUR"


@cache
def flips() -> dict[str, list[FlipPoint]]:
    found: dict[str, list[FlipPoint]] = {}
    for flip in case().flips("deep")["explainability"]:
        found.setdefault(flip.answer, []).append(flip)
    return found


def test_which_way_it_flips() -> None:
    up = next(each for each in flips()["explainability.stands"] if each.status == "meets")
    down = next(each for each in flips()["explainability.stands"] if each.status == "fails")
    assert (up.at_least, down.at_least) == (True, False)
    assert (up.value, down.value) == (pytest.approx(0.8, abs=0.005), pytest.approx(0.2, abs=0.005))
    assert statuses(changed(("explainability.stands", 0.85, None)))["deep"] == "meets"
    assert statuses(changed(("explainability.stands", 0.15, None)))["deep"] == "fails"


def test_the_recommendation_turns_where_a_weak_explanation_would_surely_stand_up() -> None:
    assert changed(("explainability.stands", 1.0, None)).recommended == "deep"
    assert changed(("explainability.stands", 0.8, None)).recommended == "boosted"


def test_a_larger_gap_makes_the_deep_network_dearer_to_do_without() -> None:
    wide = changed(("explainability.gap", 0.06, "boosted"), ("explainability.gap", 0.08, "additive"))
    assert mean(wide, "boosted") < mean(case(), "boosted")
    assert mean(wide, "deep") == mean(case(), "deep")
    assert wide.recommended == "deep"  # even at half a chance to stand up


def test_whether_what_is_argued_over_is_enough_decides_between_the_transparent_ones() -> None:
    boosted = case().options["boosted"].findings["explainability"]
    assert boosted.probability == pytest.approx(0.9, abs=0.002)
    assert "whether the explanation is enough is argued over" in boosted.headline
    doubted = changed(("explainability.stands_arguable", 0.7, None))
    assert doubted.recommended == "additive"
    assert statuses(doubted)["boosted"] == "at_risk"
    assert doubted.options["additive"].findings["explainability"].probability == 1.0
