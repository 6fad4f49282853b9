"""Repairs: against all subsets on small graphs, the story of ShareGPT, ranking, and words."""

import random
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from licence_graphs import ASSISTANT, COMMERCIAL, FREE, GPL2, HARSH, MIT, NC, drawn, flows, one

from shipworthy.calculators import _licence_search
from shipworthy.calculators.licence_flow import Asset, Flow, cleared
from shipworthy.calculators.licence_repair import (
    Action,
    Price,
    Repair,
    actions,
    applied,
    changed,
    rank,
    repairs,
)
from shipworthy.calculators.licence_terms import Terms, Use
from shipworthy.errors import InputError

MODEL = Asset("m", "Model", "model")
SHIPS, TRAINS = flows("a ships product"), flows("a trains m", "m ships product")
RIVALS = replace(COMMERCIAL, delivery="served", competes="model")


def clears(assets: list[Asset], listed: list[Flow], use: Use, done: list[Action]) -> bool:
    """Nothing blocks, and something of what is left still ships, by walking back from the product."""
    after = applied(assets, listed, use, done)
    ways: dict[str, list[Flow]] = {}
    for flow in after[1]:
        ways.setdefault(flow.target, []).append(flow)
    return not cleared(*after).of("blocked") and any(
        flow.how == "ships" and flow.source in {asset.id for asset in after[0]} for flow in ways.get("product", [])
    )


def by_brute_force(assets: list[Asset], listed: list[Flow], use: Use, could: list[Action]) -> list[Repair]:
    """Every subset that clears and has no smaller one in it, ranked."""
    smallest: list[set[str]] = []
    found = []
    for size in range(1, len(could) + 1):
        for done in combinations(could, size):
            chosen = {each.key for each in done}
            if not any(each <= chosen for each in smallest) and clears(assets, listed, use, list(done)):
                smallest.append(chosen)
                cost = sum(each.cost or 0.0 for each in done)
                found.append(Repair(done, None, cost, max(each.days for each in done), 1.0, ""))
    return sorted(found, key=rank)


def offered(dice: random.Random, assets: list[Asset], listed: list[Flow], use: Use, most: int) -> list[Action]:
    """Some of what could be done, at random costs, a few of them not known."""
    could = actions(assets, listed, use)
    dice.shuffle(could)
    return [
        replace(each, cost=None if dice.random() < 0.2 else float(dice.randint(0, 6)), days=float(dice.randint(0, 3)))
        for each in could[:most]
    ]


def check(seed: int, most: int = 5) -> int:
    """Compare with brute force on one random graph; how many repairs there were."""
    dice = random.Random(seed)
    assets, listed, use = drawn(seed, HARSH, alternatives=True, size=8)
    if not cleared(assets, listed, use).of("blocked"):
        assert repairs(assets, listed, use, []) == []
        return 0
    could = offered(dice, assets, listed, use, 8)
    expected, found = by_brute_force(assets, listed, use, could), repairs(assets, listed, use, could, most)
    assert [rank(each) for each in found] == [rank(each) for each in expected[:most]]
    sets = {frozenset(each.key for each in repair.actions) for repair in expected}
    got = [frozenset(each.key for each in repair.actions) for repair in found]
    assert set(got) <= sets
    assert len(set(got)) == len(got)
    assert all(each.proven for each in found)
    return len(found)


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 10**9))
def test_repairs_are_those_of_all_subsets(seed: int) -> None:
    check(seed)


def test_the_comparison_with_all_subsets_meets_many_repairs() -> None:
    found = [check(seed, most=3) for seed in range(60)]
    assert sum(number > 0 for number in found) >= 20
    assert sum(number == 3 for number in found) >= 10


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_a_search_that_was_cut_short_still_clears_and_has_nothing_too_many(seed: int) -> None:
    assets, listed, use = drawn(seed, HARSH, alternatives=True, size=9)
    could = offered(random.Random(seed), assets, listed, use, 14)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_licence_search, "EXPANDED_MOST", 2)
        found = repairs(assets, listed, use, could)
    for each in found:
        done = list(each.actions)
        assert clears(assets, listed, use, done)
        assert not any(clears(assets, listed, use, [*done[:at], *done[at + 1 :]]) for at in range(len(done)))
        assert each.proven or "There may be a cheaper way" in each.words
    full = repairs(assets, listed, use, could)
    assert not full or rank(full[0]) <= min((rank(each) for each in found), default=rank(full[0]))


def story() -> tuple[list[Asset], list[Flow]]:
    assets = [
        Asset("api", "Hosted assistant", "service", ((ASSISTANT,),)),
        Asset("chats", "Shared conversations", "outputs"),
        Asset("dump", "Conversation dump", "data", ((FREE,),)),
        Asset("base", "Base model", "model", ((MIT,),)),
        MODEL,
    ]
    return assets, flows(
        "api generates chats", "chats collected dump", "dump tunes m", "base tunes m", "m ships product"
    )


def test_the_smallest_changes_to_the_story() -> None:
    assets, listed = story()
    prices = {
        "api": {"ask": Price(20_000.0, 90.0, 0.1)},
        "dump": {"drop": Price(150_000.0, 5.0), "replace": Price(60_000.0, 40.0)},
        **{key: {} for key in ("chats", "base", "m")},
    }
    could = actions(assets, listed, RIVALS, prices, {"not_competing": Price(), "non_commercial": Price(0.0)})  # type: ignore[arg-type]
    # making it non-commercial does not help: the terms are about competing
    assert [each.key for each in could] == ["ask:api", "drop:dump", "replace:dump", "use:not_competing"]
    found = repairs(assets, listed, RIVALS, could)
    assert [each.words for each in found] == [
        "Ask for permission to use Hosted assistant like this: 20k, 90 days, works out with 10 %.",
        "Replace Conversation dump with one that may be used like this: 60k, 40 days.",
        "Drop Conversation dump: 150k, 5 days.",
        "Build nothing that competes with the provider: cost not known.",
    ]
    assert [each.chance for each in found] == [0.1, 1.0, 1.0, 1.0]
    assert (found[-1].cost, found[-1].known, found[0].cost) == (None, 0.0, 20_000.0)


def test_two_ways_are_both_closed_or_the_source_of_both() -> None:
    # by hand: the source reaches the model by two sets; dropping one leaves the other
    assets = [one(NC, "source"), *(Asset(key, f"Set {key}", "data", ((FREE,),)) for key in ("b", "c")), MODEL]
    listed = flows("a collected b", "a collected c", "b trains m", "c trains m", "m ships product")
    could = [Action(f"drop {key}", "drop", key, cost) for key, cost in (("b", 1.0), ("c", 2.0), ("a", 4.0))]
    found = repairs(assets, listed, COMMERCIAL, could)
    assert [[each.key for each in repair.actions] for repair in found] == [["drop b", "drop c"], ["drop a"]]
    assert [repair.cost for repair in found] == [3.0, 4.0]


def test_costs_that_are_not_known_come_last_then_number_then_days() -> None:
    could = [
        Action("unknown", "drop", "a", None, 1.0),
        Action("dear", "replace", "a", 1e9, 1.0),
        Action("slow", "buy", "a", 5.0, 30.0),
        Action("quick", "ask", "a", 5.0, 3.0),
    ]
    found = repairs([one(NC), MODEL], TRAINS, COMMERCIAL, could)
    assert [repair.actions[0].key for repair in found] == ["quick", "slow", "dear", "unknown"]
    two = [one(NC), Asset("b", "Other", "data", ((NC,),)), MODEL]
    both = [
        Action("a", "drop", "a", 2.0, 5.0, 0.5),
        Action("b", "drop", "b", None, 7.0, 0.5),
        Action("c", "change_use", change="non_commercial", cost=2.0),
    ]
    found = repairs(two, flows("a trains m", "b trains m", "m ships product"), COMMERCIAL, both)
    assert [repair.words for repair in found] == [
        "C: 2.",
        "A and b: at least 2, the rest not known, 7 days, works out with 25 %.",
    ]
    assert (found[1].days, found[1].chance, found[1].known, found[1].cost) == (7.0, 0.25, 2.0, None)


def test_what_leaves_nothing_to_ship_is_no_repair() -> None:
    assert repairs([one(NC)], SHIPS, COMMERCIAL, [Action("x", "drop", "a", 1.0)]) == []
    kept = repairs([one(NC)], SHIPS, COMMERCIAL, [Action("x", "drop", "a", 1.0), Action("y", "replace", "a", 2.0)])
    assert [repair.actions[0].key for repair in kept] == ["y"]


def test_nothing_blocked_and_nothing_to_be_done_give_no_repair() -> None:
    assert repairs([one(FREE)], SHIPS, COMMERCIAL, [Action("x", "drop", "a", 1.0)]) == []
    assert repairs([one(NC)], SHIPS, COMMERCIAL, []) == []
    assert actions([one(FREE)], SHIPS, COMMERCIAL) == []


def test_alternatives_are_repaired_where_that_is_cheapest() -> None:
    # blocked either way: non-commercial, or a closed region; closing the region is enough
    closed = Terms("closed", "Closed", "data", closed_in=frozenset({"US"}))
    asset = Asset("a", "Thing", "data", ((NC,), (closed,)))
    could = actions(
        [asset], SHIPS, COMMERCIAL, {"a": {"buy": Price(9.0)}}, {"region:US": Price(1.0), "non_commercial": Price(2.0)}
    )
    assert [[each.key for each in repair.actions] for repair in repairs([asset], SHIPS, COMMERCIAL, could)] == [
        ["use:region:US"],
        ["use:non_commercial"],
        ["buy:a"],
    ]


def test_a_clash_is_ended_at_either_end_or_by_serving() -> None:
    pair = [one(GPL2, "code"), Asset("b", "Other", "code", ((Terms("sold", "Sold", "software", revenue_most=1.0),),))]
    listed = flows("a ships product", "b ships product")
    could = actions(pair, listed, COMMERCIAL, {"a": {"drop": Price(1.0)}, "b": {"buy": Price(2.0)}})
    assert {each.key for each in could} == {"drop:a", "buy:b", "use:internal", "use:served"}
    assert [repair.actions[0].key for repair in repairs(pair, listed, COMMERCIAL, could)][:2] == ["drop:a", "buy:b"]


def test_each_change_of_use_changes_what_it_says() -> None:
    use = Use(True, "distributed", frozenset({"EU", "US"}), frozenset({"automated_decisions"}), "product")
    assert changed(use, "non_commercial") == replace(use, commercial=False)
    assert changed(use, "internal").delivery == "internal"
    assert changed(changed(use, "internal"), "served").delivery == "internal"
    assert changed(use, "served").delivery == "served"
    assert changed(use, "region:EU").regions == {"US"}
    assert changed(use, "human_decides").human_decides
    assert changed(use, "not_competing").competes == "none"
    with pytest.raises(InputError, match="“magic” is no change of use; non_commercial, internal"):
        changed(use, "magic")


def test_what_was_done_is_in_the_product_after_it() -> None:
    assets, listed = story()
    after, left, _ = applied(assets, listed, RIVALS, [Action("x", "replace", "dump")])
    assert Flow("chats", "collected", "dump") not in left
    assert Flow("dump", "tunes", "m") in left
    assert cleared(after, left, RIVALS).unused == ("api", "chats")
    # a model made here stays so when what it was made with is gone
    gone = [Action(key, "drop", key) for key in ("dump", "base")]
    assert cleared(*applied(assets, listed, RIVALS, gone)).verdict == "clear"


@pytest.mark.parametrize(
    ("could", "message"),
    [
        ([Action("x", "drop", "z")], "Action “x” is about “z”, which is not among the assets"),
        ([Action("x", "drop", "a"), Action("x", "buy", "a")], "Action “x” is there twice"),
        ([Action("x", "drop", "a", -1.0)], "Action “x” costs -1: 0 or more would do"),
        ([Action("x", "drop", "a", float("nan"))], "costs nan"),
        ([Action("x", "drop", "a", 1.0, -1.0)], "0 days or more"),
        ([Action("x", "ask", "a", 1.0, 1.0, 0.0)], "a chance above 0"),
        ([Action("x", "change_use", change="magic")], "no change of use"),
    ],
)
def test_actions_that_cannot_be_are_refused(could: list[Action], message: str) -> None:
    with pytest.raises(InputError, match=message):
        repairs([one(NC)], SHIPS, COMMERCIAL, could)


def test_something_else_cannot_be_done_with_an_asset() -> None:
    with pytest.raises(
        InputError, match="Thing: “steal” is nothing to be done with an asset; drop, replace, buy or ask"
    ):
        actions([one(NC)], SHIPS, COMMERCIAL, {"a": {"steal": Price()}})  # type: ignore[dict-item]


@pytest.mark.parametrize("count", [3, 8, 12])
def test_without_prices_all_that_blocks_can_be_dropped_for_certain(count: int) -> None:
    sets = [Asset(f"d{at}", f"Set {at}", "data", ((NC if at < count else FREE,),)) for at in range(40)]
    listed = [*flows("m ships product"), *(Flow(each.id, "trains", "m") for each in sets)]
    found = repairs([*sets, MODEL], listed, COMMERCIAL, actions([*sets, MODEL], listed, COMMERCIAL))
    assert [{each.key for each in repair.actions} for repair in found][:3] == [
        {"replace:m"},
        {"use:non_commercial"},
        {f"drop:d{at}" for at in range(count)},
    ]
    assert all(each.proven for each in found)
    names = ", ".join(f"Set {at}" for at in range(count - 1))
    assert found[2].words == f"Drop {names} and Set {count - 1}: cost not known."


def test_a_search_that_was_cut_short_still_has_the_plain_ways() -> None:
    sets = [Asset(f"d{at}", f"Set {at}", "data", ((NC,),)) for at in range(9)]
    listed = [*flows("m ships product"), *(Flow(each.id, "trains", "m") for each in sets)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_licence_search, "EXPANDED_MOST", 3)
        found = repairs([*sets, MODEL], listed, COMMERCIAL, actions([*sets, MODEL], listed, COMMERCIAL))
    for kind in ("drop", "replace"):
        assert {f"{kind}:{each.id}" for each in sets} in [{each.key for each in repair.actions} for repair in found]
    assert not all(each.proven for each in found)


def test_what_leaves_nothing_to_ship_is_looked_at_no_further() -> None:
    """With the model dropped nothing ships; sets with that in them once made the search look at all sets there are."""
    looked = 0
    examined = _licence_search._bound

    def counted(*said: object) -> tuple[int, list[int]]:
        nonlocal looked
        looked += 1
        return examined(*said)  # type: ignore[arg-type]

    sets = [Asset(f"d{at}", f"Set {at}", "data", ((NC,),)) for at in range(12)]
    listed = [*flows("m ships product"), *(Flow(each.id, "trains", "m") for each in sets)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_licence_search, "_bound", counted)
        repairs([*sets, MODEL], listed, COMMERCIAL, actions([*sets, MODEL], listed, COMMERCIAL))
    assert looked < 200
