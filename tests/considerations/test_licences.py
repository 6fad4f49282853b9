"""Data licences: how a product is used decides what stands in the way; limits, facts, people in the data, and repair."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from decisions import rng
from gates import MODEL, asset, evaluation, finding, licensed, said, way

from shipworthy.assess import Assessment
from shipworthy.decision import Answer, RequirementValue

SIZE = 2**12
NC = asset("Posts", "CC BY-NC 4.0", "trains", "Our model")
BASE = asset("Base", "Llama 3.1 Community", "ships", kind="model")
SMALL = asset("Base", "Stability AI Community Licence 2024", "ships", kind="model")
RAIL = asset("Base", "CreativeML OpenRAIL-M", "ships", kind="model")
DISTILLED = (
    asset("Assistant", "OpenAI Terms of Use 2023-03-14", "generates", "Answers", "service"),
    asset("Answers", how="distils", into="Our model", kind="outputs"),
    MODEL,
)
UNKNOWN = Answer(state="unknown")


def state(found: Assessment) -> tuple[str, float | None]:
    told = finding(found, "licences")
    return told.status, told.probability


def opened(found: Assessment) -> Any:
    return evaluation(found, "licences").terms["gate_open"]


def test_commercial_use_of_what_is_not_for_it_is_stopped_with_the_clause_and_the_way() -> None:
    found = licensed(NC, MODEL)
    assert state(found) == ("fails", 0.0)
    assert finding(found, "licences").headline == "Stopped: “Posts” stands against commercial use."
    assert (
        finding(found, "licences")
        .words.detail[0]
        .startswith(
            "How it gets there: Posts trains Our model, which ships in the product. The clause: CC BY-NC 4.0, section"
        )
    )
    assert found.options["a"].summary.mean == -10_000  # built, and never live
    assert state(licensed(NC, MODEL, commercial="no")) == ("meets", 1.0)


@pytest.mark.parametrize(
    ("licence", "internal", "served", "distributed"),
    [("MIT", 0, 0, 2), ("GPL 3.0", 0, 0, 3), ("AGPL-3.0", 0, 1, 3)],
)
def test_what_is_asked_for_hangs_on_how_it_reaches_people(
    licence: str, internal: int, served: int, distributed: int
) -> None:
    for delivery, count in (("internal", internal), ("served", served), ("distributed", distributed)):
        found = licensed(asset("Parser", licence, kind="code"), delivery=delivery)
        assert state(found) == ("meets", 1.0)
        assert len(evaluation(found, "licences").notes["found"].obligations) == count


@pytest.mark.parametrize(
    ("regions", "status"), [(("EU",), "fails"), (("UK", "US"), "fails"), (("US",), "meets"), (("CN", "other"), "meets")]
)
def test_a_licence_that_leaves_out_a_region(regions: tuple[str, ...], status: str) -> None:
    found = licensed(
        asset("Base", "Tencent Hunyuan community", "ships", kind="model"), regions=regions, users=10, doubt=1.0
    )
    assert state(found)[0] == status
    if status == "fails":
        assert f"Stopped: “Base” stands against use in {regions[0]}." == finding(found, "licences").headline


def test_a_field_of_use_that_is_barred() -> None:
    assert state(licensed(RAIL)) == ("meets", 1.0)
    found = licensed(RAIL, fields=("medical",))
    assert state(found) == ("fails", 0.0)
    assert finding(found, "licences").headline == "Stopped: “Base” stands against medical advice or diagnosis."
    # its list of uses is held only in part, so that another field is no clear case
    assert state(licensed(RAIL, fields=("minors",))) == ("at_risk", 0.5)


@pytest.mark.parametrize(("automation", "status"), [("solely", "fails"), ("between", "fails"), ("human", "meets")])
def test_who_decides_is_asked_by_explainability_and_read_here(automation: str, status: str) -> None:
    answers = {"explainability__effect": "adverse", "explainability__automation": automation}
    assert state(licensed(RAIL, fields=("automated_decisions",), **answers))[0] == status


@pytest.mark.parametrize(
    ("competes", "status"), [("none", "meets"), ("model", "fails"), ("product", "fails"), (UNKNOWN, "unknown")]
)
def test_outputs_of_an_assistant_bite_where_something_competes(competes: Any, status: str) -> None:
    found = licensed(*DISTILLED, competes=competes)
    assert state(found)[0] == status
    told = {
        "meets": "That is not the same as commercial use, and it does not bite here as long as nothing competes.",
        "fails": "stands against building a model that competes with its provider, which is not the same as commercial use.",
        "unknown": "Clear if this turns out well: whether the model that is built competes",
    }
    assert told[status] in said(found, "licences")
    assert "non-commercial" not in finding(found, "licences").headline


def test_whether_it_competes_is_asked_for_where_it_decides_and_only_there() -> None:
    found = licensed(*DISTILLED, competes=UNKNOWN)
    assert finding(found, "licences").missing == ("licences.competes",)
    assert finding(found, "licences").headline == (
        "Clear if this turns out well: whether the model that is built competes with the provider of Assistant (“Assistant”)."
    )
    assert np.all(opened(found) == 1.0)  # what is unknown contributes nothing
    assert found.provisional
    assert state(licensed(asset("Posts", "MIT"), competes=UNKNOWN)) == ("meets", 1.0)
    assert state(licensed(*DISTILLED, competes=UNKNOWN, doubt=0.0))[0] == "unknown"


@pytest.mark.parametrize(("llm", "status"), [("yes", "fails"), ("no", "meets"), (UNKNOWN, "at_risk")])
def test_terms_that_protect_language_models_only(llm: Any, status: str) -> None:
    rows = (
        asset("Llama", "Llama 3 Community", "generates", "Answers", "model"),
        asset("Answers", how="trains", into="Our model", kind="outputs"),
    )
    assert state(licensed(*rows, MODEL, users=10, llm=llm))[0] == status


@pytest.mark.parametrize(("users", "status"), [(6e8, "meets"), (7e8, "meets"), (7.01e8, "fails")])
def test_users_against_the_limit(users: float, status: str) -> None:
    assert state(licensed(BASE, users=users)) == (status, float(status == "meets"))


def test_users_against_the_limit_on_the_draws() -> None:
    found = licensed(BASE, users=rng(4e8, 7e8, 1e9), size=SIZE)
    assert finding(found, "licences").status == "at_risk"
    assert finding(found, "licences").probability == pytest.approx(0.5, abs=0.002)
    assert np.mean(opened(found)) == pytest.approx(0.5, abs=0.002)
    assert finding(found, "licences").headline == (
        "Clear if no more than 700,000,000 people use your products in a month (“Base”)."
    )
    flip = {each.answer: each for each in found.flips("a")["licences"]}["licences.users"]
    assert (flip.value, flip.unit) == (pytest.approx(7e8, rel=2e-3), "people")


def test_what_the_answers_settle_is_no_open_fact() -> None:
    below, above = licensed(BASE, users=1e6), licensed(BASE, users=1e9)
    assert finding(below, "licences").headline == "Everything in it may be used, with 2 things to do."
    assert (
        "Settled by what is answered here: no more than 700,000,000 people use your products in a month (“Base”)."
        in (finding(below, "licences").words.detail)
    )
    assert finding(above, "licences").headline == (
        "Stopped: it would have to be that no more than 700,000,000 people use your products in a month (“Base”), and by what "
        "is answered here it is not so."
    )
    assert "Settled" not in said(above, "licences")


def test_a_limit_without_its_number_is_unknown_and_asks_for_it() -> None:
    for row, key in ((BASE, "licences.users"), (SMALL, "licences.revenue")):
        found = licensed(row)
        assert finding(found, "licences").status == "unknown"
        assert finding(found, "licences").missing == (key,)
        assert np.all(opened(found) == 1.0)
    assert state(licensed(asset("Posts", "MIT"))) == ("meets", 1.0)  # nobody asks for users or revenue there


@pytest.mark.parametrize(
    ("revenue", "currency", "rate", "status"),
    [(950_000, "USD", 1.0, "meets"), (950_000, "EUR", 0.9, "fails"), (890_000, "EUR", 0.9, "meets"), (9e6, "SEK", 10.0, "meets")],
)  # fmt: skip
def test_revenue_is_held_against_dollars(revenue: float, currency: str, rate: float, status: str) -> None:
    # 950,000 EUR at 0.9 EUR a dollar are 1.06 million USD; 890,000 are 0.99 million
    answers = {"value_stream__currency": currency, "value_stream__usd_rate": rate}
    assert state(licensed(SMALL, revenue=revenue, **answers))[0] == status
    assert state(licensed(SMALL, revenue=1e9, commercial="no", **answers))[0] == "meets"


FACT = asset("Base", "Llama 4 Community", "ships", kind="model")


@pytest.mark.parametrize(
    ("doubt", "status", "share"), [(1.0, "meets", 1.0), (0.9, "meets", 0.9), (0.5, "at_risk", 0.5), (0.1, "fails", 0.1), (0.0, "fails", 0.0)]
)  # fmt: skip
def test_a_fact_that_decides_turns_out_well_as_often_as_is_thought(doubt: float, status: str, share: float) -> None:
    found = licensed(FACT, users=10, doubt=doubt, size=SIZE)
    assert finding(found, "licences").status == status
    assert finding(found, "licences").probability == pytest.approx(share, abs=0.002)
    assert np.mean(opened(found)) == pytest.approx(share, abs=0.002)


def test_points_that_may_stay_open() -> None:
    rows = (NC, asset("Songs", "CC BY-NC 4.0", "trains", "Our model"), MODEL)
    for limit, status in ((0.0, "fails"), (1.0, "fails"), (2.0, "meets")):
        assert state(licensed(*rows, cleared=RequirementValue(limit=limit, confidence=0.8)))[0] == status


@pytest.mark.parametrize(
    ("basis", "purpose", "status"),
    [("none", None, "meets"), ("consent", "same", "meets"), ("interest", "compatible", "at_risk"), ("contract", "other", "fails")],
)  # fmt: skip
def test_people_in_the_data(basis: str, purpose: str | None, status: str) -> None:
    answers = {"basis": basis} if purpose is None else {"basis": basis, "purpose": purpose}
    found = licensed(asset("Letters", "own"), **answers)
    assert state(found)[0] == status
    assert ("GDPR Art. 6(4)" in said(found, "licences")) == (status != "meets")
    told = finding(found, "licences").words
    assert told.headline not in told.detail


def test_a_purpose_that_is_not_known_is_asked_for() -> None:
    found = licensed(asset("Letters", "own"), basis="consent")
    assert finding(found, "licences").missing == ("licences.purpose",)
    assert finding(found, "licences").headline == (
        "Not known yet: “What were their data collected for?”. Without it we cannot say whether it may be used."
    )


# ---- repair: decisions.PLAIN brings 4500 a month from day 73 to day 730, less 10,000


def paid(found: Assessment) -> float:
    return float(np.mean(found.options["a"].payoff))


def test_the_cheapest_priced_way_is_taken_and_counted() -> None:
    ways = (way("Posts", "replace", 6_000, 36.5), way("posts", "buy", 9_000, 5))
    found = licensed(NC, MODEL, ways=ways)
    assert state(found) == ("meets", 1.0)
    terms = evaluation(found, "licences").terms
    assert (terms["repair_cost"], terms["repair_days"]) == (6_000, 36.5)
    # 36.5 days later: 620.5 days of 4500 / (365 / 12) = 91,800; less 10,000 to build and 6,000 to replace
    assert paid(found) == pytest.approx(91_800 - 16_000)
    assert found.ledger("a")["repair"] == -6_000
    assert finding(found, "licences").headline == (
        "“Posts” stands against commercial use; clearing it is counted: replace Posts with one that may be used like this: "
        "6k, 36 days."
    )
    assert "Counted: 6k USD and " in said(found, "licences")


def test_what_is_not_priced_is_not_counted() -> None:
    found = licensed(NC, MODEL)
    assert "repair_cost" not in evaluation(found, "licences").terms
    assert "No way out is priced yet, so none is counted: it does not go live." in said(found, "licences")
    assert paid(found) == -10_000


def test_who_leaves_it_never_goes_live_and_pays_nothing_for_clearing() -> None:
    found = licensed(NC, MODEL, ways=(way("Posts", "replace", 6_000),), repair="leave")
    assert state(found) == ("fails", 0.0)
    assert paid(found) == -10_000
    assert "It is left as it is, so nothing is counted for clearing it" in said(found, "licences")
    assert "The smallest change that clears it: replace Posts" in said(found, "licences")


def test_a_permission_comes_or_not_and_is_paid_in_any_case() -> None:
    found = licensed(NC, MODEL, ways=(way("Posts", "ask", 1_000, 0.0, 0.25),), size=SIZE)
    assert finding(found, "licences").probability == pytest.approx(0.25, abs=0.002)
    assert finding(found, "licences").status == "at_risk"
    # live in a quarter of the draws: 97,200 / 4, less 10,000 and 1,000
    assert paid(found) == pytest.approx(97_200 / 4 - 11_000, rel=0.005)
    assert "works out with 25 %" in said(found, "licences")


def test_a_dearer_way_that_is_sure_is_taken_before_a_cheap_one_that_is_not() -> None:
    ways = (way("Posts", "ask", 1_000, 0.0, 0.7), way("Posts", "replace", 6_000))
    found = licensed(NC, MODEL, ways=ways, size=SIZE)
    assert evaluation(found, "licences").terms["repair_cost"] == 6_000
    assert "The smallest change that clears it: replace Posts" in said(found, "licences")
    lenient = licensed(NC, MODEL, ways=ways, cleared=RequirementValue(limit=0.0, confidence=0.6), size=SIZE)
    assert evaluation(lenient, "licences").terms["repair_cost"] == 1_000


def test_several_that_block_are_all_cleared_side_by_side() -> None:
    rows = (NC, asset("Songs", "CC BY-NC 4.0", "trains", "Our model"), MODEL)
    found = licensed(*rows, ways=(way("Posts", "drop", 2_000, 10), way("Songs", "buy", 3_000, 20)))
    assert (state(found)[0], found.ledger("a")["repair"]) == ("meets", -5_000)
    assert evaluation(found, "licences").terms["repair_days"] == 20
    half = licensed(*rows, ways=(way("Posts", "drop", 2_000, 10),))
    assert (state(half)[0], half.ledger("a")["repair"]) == ("fails", 0.0)


def test_what_hung_on_a_fact_is_gone_with_what_was_replaced() -> None:
    dumps = asset("Chats", "ShareGPT dumps", "trains", "Our model")
    assert state(licensed(dumps, MODEL, ways=(way("Chats", "replace", 1_000),), doubt=0.0)) == ("meets", 1.0)
    other = asset("Songs", "Kaggle competition rules", "trains", "Our model")
    kept = licensed(dumps, other, MODEL, ways=(way("Chats", "replace", 1_000),), doubt=0.0)
    assert state(kept) == ("fails", 0.0)


def test_replacing_data_does_not_settle_what_people_gave_them_for() -> None:
    answers: dict[str, Any] = {"basis": "consent", "purpose": "other", "ways": (way("Posts", "replace", 6_000),)}
    found = licensed(NC, MODEL, **answers)
    assert state(found) == ("fails", 0.0)
    assert finding(found, "licences").headline.startswith("The people in the data gave them for something else")


def test_costs_and_days_of_a_way_are_ranges_on_the_draws() -> None:
    ways = (way("Posts", "replace", rng(4_000, 6_000, 9_000), rng(20, 40, 80)),)
    found = licensed(NC, MODEL, ways=ways, size=SIZE)
    terms = evaluation(found, "licences").terms
    assert np.quantile(terms["repair_cost"], [0.1, 0.5, 0.9]) == pytest.approx([4_000, 6_000, 9_000], rel=3e-3)
    assert np.quantile(terms["repair_days"], [0.1, 0.5, 0.9]) == pytest.approx([20, 40, 80], rel=3e-3)
    assert found.ledger("a")["repair"] == pytest.approx(-float(np.mean(terms["repair_cost"])))


def test_nothing_of_others_is_clear_and_not_saying_is_unknown() -> None:
    own = licensed(theirs="no")
    assert state(own) == ("meets", 1.0)
    assert "gate_open" not in evaluation(own, "licences").terms
    unsaid = licensed(theirs=UNKNOWN)
    assert finding(unsaid, "licences").missing == ("licences.theirs",)
    assert unsaid.provisional


def test_the_day_moves_no_status_only_what_is_said_of_the_rows_age() -> None:
    fresh, old = licensed(NC, MODEL), licensed(NC, MODEL, on=date(2027, 6, 20))
    assert state(fresh) == state(old)
    assert "One of these rows is older than it should be: look whether the terms have moved." in said(old, "licences")
    assert "older than" not in said(fresh, "licences")
