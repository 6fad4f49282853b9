"""What a reader who saw explainability for the first time found wrong, a test each."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from decisions import assessed, decision, own
from gates import LENDING, evaluation, finding, lending, listed, said

from shipworthy import edits
from shipworthy.assess import Assessment, assess
from shipworthy.calculators.duties import duty
from shipworthy.considerations import registry
from shipworthy.decision import DO_NOTHING
from shipworthy.examples import example
from shipworthy.ui.declared import sections

SIZE = 2**12
KEY = "explainability"
ADDITIVE: dict[str, Any] = {"family": "additive", "methods": ("additive",)}
ARGUED: dict[str, Any] = {"family": "monotone_boosted", "methods": ("tree_attributions", "counterfactual")}
SILENT: dict[str, Any] = {"family": "deep", "methods": ("global",)}
SAMPLE, KNOWN = "A sample of what the person is told", "What else is known of these duties"


def table(found: Assessment) -> list[tuple[str, ...]]:
    return found.registry[KEY].table(found.evaluations(KEY), lambda key: found.view(KEY, key))[1]


# ---- the sample


def test_the_sample_says_of_the_model_only_what_is_true_of_it() -> None:
    deep, sums = (" ".join(listed(lending(**model), KEY, SAMPLE)) for model in ({}, ADDITIVE))
    assert "the sum" not in deep
    assert "1. [Debts against income]" in deep
    assert (
        "[Approximated by sampled attributions (KernelSHAP, LIME): to be checked that they are the ones actually used.]"
        in deep
    )
    assert "and the sum decides" in sums
    assert "the sum would be 31 points better" in sums
    boosted = " ".join(listed(lending(**ARGUED), KEY, SAMPLE))
    assert "these are the shares: debts against income 57 %" in boosted  # 31 of 54
    assert "the sum" not in boosted


def test_where_duties_only_might_apply_the_sample_says_so_and_shows_their_shape() -> None:
    lines = listed(lending(affected=("EU",), domains=("general",), automation="between", **ADDITIVE), KEY, SAMPLE)
    assert lines[0].startswith("Nothing has surely to be explained to the person. Where what might apply does, it is ")
    assert "You may contest it: [where and until when]." in lines
    assert lines[-1].startswith("(The reasons are made up")
    human = lending(
        affected=("US-CA",), domains=("hiring",), people="staff", automation="human", bureau="no", **ADDITIVE
    )
    (nothing,) = listed(human, KEY, SAMPLE)
    assert nothing == "No explanation is owed to the person."  # and no reasons that are made up


# ---- caveats


def test_the_caveats_of_the_table_are_shown() -> None:
    known = listed(lending(), KEY, KNOWN)
    for key in ("EU-GDPR-22", "EU-CCD2", "EU-AIA-86"):
        row = duty(key)
        assert f"{row.instrument} ({row.how_checked}): {row.note}." in known
    assert not any(each.startswith("Platform Work Directive") for each in known)  # it does not apply
    (japan,) = listed(lending(affected=("JP",)), KEY, KNOWN)
    assert "Not verified: that the data protection act (APPI) has no right on automated decisions" in japan
    assert listed(lending(affected=("other",)), KEY, KNOWN) == ()


def test_how_far_checked_is_said_of_the_duty_on_which_it_hangs() -> None:
    assert (
        "how far checked: “Equal Credit Opportunity Act and Regulation B: adverse action notice”: the primary text or data was read, not all of it verified. Of "
        in (said(lending(affected=("US",)), KEY))
    )
    credit = said(lending(automation="human"), KEY)
    assert "“Consumer Credit Directive: automated creditworthiness assessment”: a law-firm, tracker, news or" in credit


# ---- what is argued over


@pytest.mark.parametrize(("chance", "status"), [(1.0, "meets"), (0.9, "meets"), (0.5, "at_risk"), (0.0, "fails")])
def test_what_is_argued_over_is_met_as_often_as_is_thought(chance: float, status: str) -> None:
    found = lending(**ARGUED, stands_arguable=chance, size=SIZE)
    assert finding(found, KEY).status == status
    assert finding(found, KEY).probability == pytest.approx(chance, abs=0.002)
    assert float(np.mean(found.options["a"].payoff)) == pytest.approx(chance * 97_200 - 10_000, abs=200)
    assert finding(found, KEY).headline == (
        "“GDPR: information on the logic of automated decisions” asks for the logic applied, so that the person can follow and "
        "contest it; whether the explanation is enough is argued over."
    )
    assert table(found)[0][2] == "well enough"


def test_what_is_not_argued_over_does_not_hang_on_that_chance() -> None:
    for case in ({**ARGUED, "affected": ("UK",)}, ADDITIVE):
        found = lending(**case, stands_arguable=0.0, size=SIZE)
        assert finding(found, KEY).probability == 1.0
        assert "explainability.stands_arguable" not in evaluation(found, KEY).used
    weak = lending(stands=1.0, stands_arguable=0.0)
    assert finding(weak, KEY).probability == 1.0


def test_the_default_is_clear_of_the_confidence_that_is_asked_for() -> None:
    assert finding(lending(**ARGUED, size=SIZE), KEY).status == "meets"
    assert 0.81 < (finding(lending(**ARGUED, size=SIZE), KEY).probability or 0) < 0.9


def test_the_chart_of_duties_says_what_is_argued_over() -> None:
    found = lending(**ARGUED)
    made = {each.key: each for each in found.registry[KEY].figures(found.view(KEY, "a"), found.evaluations(KEY))}
    assert made["duties"].rows[0][-1] == "arguably met"
    assert "arguably met" in [note["text"] for note in made["duties"].plotly["layout"]["annotations"]]


def test_what_is_asked_besides_is_not_in_the_chance_and_said_not_to_be() -> None:
    told = said(lending(**ADDITIVE), KEY)
    assert (
        "Asked besides, and not counted in the chance here: documentation for a supervisor or customer and a ground that "
        in told
    )
    assert "a ground that allows a machine to decide alone" not in said(lending(automation="human", **ADDITIVE), KEY)


# ---- places that nobody read about


def test_a_place_that_nobody_read_about_is_unknown_and_not_met() -> None:
    found = lending(affected=("other",), **ADDITIVE)
    assert (finding(found, KEY).status, finding(found, KEY).missing) == ("unknown", ("explainability.affected",))
    assert finding(found, KEY).headline == (
        "Nothing was read about another country: whether a duty to explain applies there is not known."
    )
    assert table(found)[0][2:4] == ("not known", "not known")
    assert found.options["a"].without == ("explainability.affected",)


def test_beside_it_a_place_that_decides_is_heard() -> None:
    both = ("EU", "other")
    assert finding(lending(affected=both, **ADDITIVE), KEY).status == "unknown"
    fails = lending(affected=both, **SILENT)
    assert finding(fails, KEY).status == "fails"
    assert "this model cannot give it" in finding(fails, KEY).headline
    assert float(np.mean(fails.options["a"].payoff)) == -10_000
    # not knowing one place does not open the gate that another shuts
    weak, alone = lending(affected=both, size=SIZE), lending(size=SIZE)
    assert finding(weak, KEY).status == "unknown"
    np.testing.assert_array_equal(weak.options["a"].payoff, alone.options["a"].payoff)
    policy = lending(affected=("other",), policy="logic", **SILENT)
    assert finding(policy, KEY).status == "fails"
    counted = lending(affected=both, counted="best", **ADDITIVE)
    assert finding(counted, KEY).headline.startswith("Not known yet: “How good the best model is (AUC)”")
    mended = lending(affected=both, **SILENT, repair_cost=7_000)
    assert finding(mended, KEY).status == "unknown"  # what is known is made to meet, the other place is not known


def test_a_table_past_its_shelf_life_says_so_where_it_knows_no_duty_too() -> None:
    for place, late in (("other", "59 of these rows are older"), ("JP", "One of these rows is older")):
        assert late not in said(lending(affected=(place,), on=date(2027, 5, 1)), KEY)
        assert late in said(lending(affected=(place,), on=date(2027, 9, 1)), KEY)


def test_a_law_that_asks_for_nothing_is_not_asked_about() -> None:
    japan = said(lending(affected=("JP",)), KEY)
    assert "Ask counsel: “Is there a duty to explain such a decision to people in Japan?”" in japan
    assert "Are we right that this does not bind us" not in japan
    firm = said(lending(affected=("FR",), people="businesses", domains=("general",), automation="human"), KEY)
    assert "Ask counsel: “" in firm


def test_where_nothing_is_owed_nothing_is_explained_well() -> None:
    found = lending(affected=("JP",))
    assert table(found)[0][2] == "nothing owed"
    made = next(iter(found.registry[KEY].figures(found.view(KEY, "a"), found.evaluations(KEY))))
    assert made.rows[0][-1] == "nothing owed"


# ---- days, devices, one coin


def test_what_began_before_today_is_never_to_come() -> None:
    old = lending(begins="2020-01-01", **ADDITIVE)
    assert said(old, KEY) == said(lending(**ADDITIVE), KEY)
    assert "2021-06-30" not in said(old, KEY)
    for text in said(lending(affected=("EU", "US", "KR"), begins="2015-01-01"), KEY).split("To come: ")[1:]:
        days = [word.strip(".,") for word in text.split(" (if")[0].split() if word[:2] == "20"]
        assert all(day > "2026-11-20" for day in days if len(day) == 10)


def test_health_care_might_fall_under_the_act_as_a_medical_device() -> None:
    found = lending(domains=("health",), people="patients", effect="significant", **ADDITIVE)
    ready = listed(found, KEY, "What to have ready")
    device = (
        "From 2028-08-02, depends on whether it is, or is part of, a medical device that needs a third party's check: "
    )
    assert sum(each.startswith(device) for each in ready) == 2
    soon = lending(domains=("health",), people="patients", effect="significant", value_stream__period=1.0, **ADDITIVE)
    assert "medical devices, on 2028-08-02 (if it applies)" in said(lending(domains=("health",), people="patients", effect="significant", value_stream__period=3.0, **ADDITIVE), KEY)  # fmt: skip
    assert "2028-08-02" not in said(soon, KEY)


def test_the_help_says_that_all_turn_out_together() -> None:
    asked = registry()[KEY].questions
    for name in ("might", "stands", "stands_arguable"):
        assert "turn out together" in asked[name].help


def test_one_duty_that_might_apply_and_several_give_the_same_chance() -> None:
    # that is what the help says: one coin for all
    one = lending(affected=("US-CT",), domains=("housing",), effect="significant", size=SIZE, stands=0.0, bureau="no")
    several = lending(affected=("US-CT", "US-MN"), domains=("housing",), effect="significant", size=SIZE, stands=0.0, bureau="no")  # fmt: skip
    counts = [len(evaluation(each, KEY).notes["owed"]) for each in (one, several)]
    assert counts[0] < counts[1]
    assert finding(one, KEY).probability == finding(several, KEY).probability == pytest.approx(0.5, abs=0.002)


# ---- order


def test_what_is_not_met_is_told_first_and_what_asks_for_most() -> None:
    notes = evaluation(lending(affected=("EU", "US"), domains=("credit",)), KEY).notes
    marks = [(not each.sure, not each.unmet, not each.weak) for each in notes["owed"]]
    assert marks == sorted(marks)
    levels = [each.level for each in notes["owed"] if each.sure and each.weak]
    assert levels == sorted(levels, key=["logic", "reasons", "notice", "none"].index)


def test_where_whoever_decides_is_has_a_section_of_its_own_after_the_first_ones() -> None:
    made = sections(registry()[KEY], registry(), "EUR")
    names = [each["legend"] for each in made]
    places = [[question["key"] for question in each["questions"]] for each in made]
    assert names.index("Where whoever decides is") == 2  # the form opens the first two
    assert places[2] == ["explainability.operator"]
    assert "explainability.affected" in places[1]


# ---- what a family loses is lost whatever is decided


@pytest.mark.parametrize("effect", ["none", "adverse", "recommendation", None])
def test_what_the_family_loses_is_lost_whatever_is_decided(effect: str | None) -> None:
    best = {**ADDITIVE, "counted": "best", "best": 0.8, "baseline": 0.7, "gap": 0.02}
    found = lending(**best, effect=effect)
    assert float(np.mean(found.options["a"].payoff)) == pytest.approx(3_500 * 21.6 - 10_000)
    if effect == "none":
        assert finding(found, KEY).status == "not_applicable"


def test_in_the_loan_case_saying_that_nothing_is_decided_gives_no_accuracy_back() -> None:
    document = edits.say(example("loan-decisions"), "explainability.effect", "none", None)
    found = assess(document, on=date(2026, 11, 20), size=SIZE)
    runs = {key: found.options[key].runs[0] for key in ("deep", "boosted", "additive")}
    kept = {key: float(np.mean(run.terms.get("accuracy_kept", 1.0))) for key, run in runs.items()}
    assert kept == pytest.approx({"deep": 1.0, "boosted": 0.93, "additive": 0.79}, abs=0.01)
    assert found.recommended == "deep"
    assert DO_NOTHING in found.options


def test_the_family_and_what_it_keeps_are_asked_whatever_is_decided() -> None:
    found = assessed(decision("a", {**LENDING, "explainability.effect": "none", "explainability.counted": "best"}))
    questions = registry()[KEY].questions
    for name in ("family", "counted", "best", "baseline", "gap"):
        assert found.world.asked(questions[name], "a")
    assert not found.world.asked(questions["automation"], "a")
    plain = assessed(decision("a b", {**LENDING, "explainability.family": own(a="additive", b="llm")}))
    assert not plain.world.asked(questions["best"], "a")
