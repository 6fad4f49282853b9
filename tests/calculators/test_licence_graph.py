"""The graph of assets: what cannot be, what goes badly together, and properties of clearing graphs drawn at random."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from licence_graphs import (
    AGPL,
    ALL,
    APACHE,
    BY,
    COMMERCIAL,
    DATABASE,
    FREE,
    GPL2,
    GPL3,
    MIT,
    NC,
    SA,
    any_use,
    drawn,
    flows,
    keys,
    one,
)

from shipworthy.calculators._licence_pairs import osadl
from shipworthy.calculators.licence_flow import Asset, Flow, attribution_text, cleared, counsel_question
from shipworthy.calculators.licence_repair import Action, applied
from shipworthy.calculators.licence_terms import OWN, Terms
from shipworthy.errors import InputError
from shipworthy.reference.loader import load

MODEL = Asset("m", "Model", "model")
OURS = Asset("m", "Model", "model", ((OWN,),))
SERVED = replace(COMMERCIAL, delivery="served")
TRAINS, SHIPS, TUNES = (
    flows("a trains m", "m ships product"),
    flows("a ships product"),
    flows("a tunes m", "m ships product"),
)
DISTILS, TESTS = flows("a distils m", "m ships product"), flows("a evaluates m", "m ships product")
SET = Asset("s", "Set", "data")
SOLD = Terms("sold", "Paid licence", "software", revenue_most=1e6)
TOGETHER = [
    # software in one program: by OSADL's matrix
    (GPL2, APACHE, "code", "code", "product", "blocked"),
    (GPL3, APACHE, "code", "code", "product", None),
    (GPL2, GPL3, "code", "code", "product", "blocked"),
    (GPL3, AGPL, "code", "code", "product", "conditional"),
    (GPL2, MIT, "code", "code", "product", None),
    (GPL2, SOLD, "code", "code", "product", "blocked"),
    (MIT, APACHE, "code", "code", "product", None),
    # side by side at the product: a fact decides; merged into one set: no doubt
    (GPL2, NC, "code", "data", "product", "conditional"),
    (SA, NC, "data", "data", "product", "conditional"),
    (SA, NC, "data", "data", "s", "blocked"),
    (SA, DATABASE, "data", "data", "s", "blocked"),
    (SA, replace(SA, licence="copy", name="The same once more"), "data", "data", "s", "blocked"),
    (SA, SA, "data", "data", "s", None),
    (SA, BY, "data", "data", "s", None),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "kind", "other_kind", "target", "expected"), TOGETHER)
def test_two_terms_that_cannot_be_kept_together(
    first: Terms, second: Terms, kind: str, other_kind: str, target: str, expected: str | None
) -> None:
    pair = [one(first, kind), replace(one(second, other_kind), id="b", name="Other")]
    merged = replace(SET, choices=((OWN,),))
    for assets in (pair, pair[::-1]):
        listed = flows(f"a ships {target}", f"b ships {target}", *(["s ships product"] if target == "s" else []))
        use = replace(COMMERCIAL, commercial=False)
        clearance = cleared([*assets, *([merged] if target == "s" else [])], listed, use)
        clashes = [issue for issue in clearance.issues if issue.rule == "together"]
        assert [issue.kind for issue in clashes] == ([expected] if expected else [])
        for issue in clashes:
            assert {issue.asset, issue.with_asset} == {"a", "b"}
            assert "Thing" in issue.words
            assert "Other" in issue.words
            assert (issue.fact is not None) == (issue.kind == "conditional")
        # nothing clashes where nothing is shared
        assert not cleared(
            [*assets, *([merged] if target == "s" else [])], listed, replace(use, delivery="internal")
        ).of("blocked")


def test_a_network_licence_clashes_where_the_others_are_only_served() -> None:
    listed = flows("a ships product", "b ships product")
    for terms, expected in ((AGPL, ["together"]), (GPL2, [])):
        pair = [one(terms, "code"), Asset("b", "Other", "code", ((SOLD,),))]
        clearance = cleared(pair, listed, replace(SERVED, commercial=False))
        assert [issue.rule for issue in clearance.issues if issue.rule == "together"] == expected


def test_a_set_that_ships_in_a_set_meets_its_own_licence_there() -> None:
    outer = Asset("s", "Outer", "data", ((NC,),))
    (issue,) = cleared(
        [one(SA), outer], flows("a ships s", "s ships product"), replace(COMMERCIAL, commercial=False)
    ).issues
    assert (issue.kind, issue.with_asset) == ("blocked", "s")
    assert issue.path == ("a", "ships", "s", "ships", "product")
    assert "no commercial use" in issue.words


def test_the_matrix_is_asked_with_the_leading_licence_first() -> None:
    assert (osadl("GPL-3.0-only", "Apache-2.0"), osadl("Apache-2.0", "GPL-3.0-only")) == ("yes", "no")
    assert osadl("GPL-3.0-only", "MPL-2.0") == "yes"
    assert osadl("GPL-3.0-only", "EPL-2.0") == "unclear"
    assert osadl("SSPL-1.0", "MIT") == ""


@pytest.mark.parametrize(
    ("assets", "said", "message"),
    [
        ([MODEL, replace(MODEL, id="n", name="Other")], ["m tunes n", "n tunes m"], "flows back into itself: “Model” then|flows back into itself: “"),
        ([MODEL], ["m tunes m"], "Model flows back into itself: “Model” then “Model”"),
        ([MODEL], ["m ships shop"], "names “shop”, which is not among the assets"),
        ([MODEL], ["x ships product"], "names “x”, which is not among the assets"),
        ([MODEL], ["m sells product"], "“sells” is no way to flow; trains, tunes"),
        ([one(NC), one(BY)], [], "Thing is listed twice, once under NC 4 and once under BY 4: keep one"),
        ([one(NC), replace(one(BY), id="b")], [], "Thing is listed twice"),
        ([one(NC), one(NC)], [], "Thing is listed twice, with the same terms"),
        ([one(NC, "thing")], [], "“thing” is no kind of asset; data, source"),
        ([replace(MODEL, id="product")], [], "its id is “product”"),
        ([one(NC), MODEL], ["a generates m"], "Thing is data, which generates nothing"),
        ([MODEL, one(NC)], ["m trains a"], "Model trains Thing, which is data: only a model can learn"),
        ([MODEL], ["m trains product"], "only what ships in it or tests it can flow there"),
    ],
)  # fmt: skip
def test_a_graph_that_cannot_be_is_one_plain_sentence(assets: list[Asset], said: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        cleared(assets, flows(*said), COMMERCIAL)
    assert str(caught.value).count("\n") == 0


def test_a_chain_of_two_thousand_is_walked() -> None:
    assets = [one(NC), *(Asset(f"d{at}", f"Set {at}", "data", ((FREE,),)) for at in range(2000))]
    listed = [
        Flow("a", "ships", "d0"),
        *(Flow(f"d{at}", "ships", f"d{at + 1}") for at in range(1999)),
        Flow("d1999", "ships", "product"),
    ]
    (issue,) = cleared(assets, listed, COMMERCIAL).issues
    assert len(issue.path) == 2 * 2001 + 1


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9))
def test_leaving_an_asset_out_never_adds_an_issue(seed: int) -> None:
    assets, listed, use = drawn(seed)
    before = cleared(assets, listed, use)
    blocked = {(issue.rule, issue.asset, issue.terms) for issue in before.of("blocked")}
    for asset in assets:
        after = cleared(*applied(assets, listed, use, [Action("x", "drop", asset.id)]))
        assert keys(after) <= keys(before)
        for issue in after.of("blocked"):
            assert issue.with_asset or (issue.rule, issue.asset, issue.terms) in blocked


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9))
def test_what_is_not_commercial_never_has_more_issues(seed: int) -> None:
    assets, listed, use = drawn(seed)
    after = cleared(assets, listed, replace(use, commercial=False))
    before = cleared(assets, listed, replace(use, commercial=True))
    assert keys(after) <= keys(before)
    assert len(after.of("blocked")) <= len(before.of("blocked"))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**9))
def test_an_alternative_more_never_blocks_more(seed: int) -> None:
    assets, listed, use = drawn(seed, alternatives=True)
    known = [asset for asset in assets if len(asset.choices) == 2]
    before = len(cleared(assets, listed, use).of("blocked"))
    for asset in known:
        for kept in asset.choices:
            fewer = [replace(each, choices=(kept,)) if each is asset else each for each in assets]
            assert before <= len(cleared(fewer, listed, use).of("blocked"))


def test_every_row_of_the_table_goes_through_in_every_role() -> None:
    dice = random.Random(1)
    rows = [Terms.of(row) for row in load("licences")]
    assert len(rows) > 80
    for terms in [*rows, *ALL]:
        for kind in ("data", "source", "model", "outputs", "code", "service"):
            for way in (SHIPS, TRAINS, TUNES, DISTILS, TESTS):
                use = any_use(dice)
                clearance = cleared([one(terms, kind), *([] if way is SHIPS else [OURS])], way, use)
                for issue in clearance.issues:
                    assert (issue.kind == "conditional") <= bool(issue.fact or issue.limit)
                    assert "{" not in issue.words + counsel_question(issue, use)
                    assert issue.clause
                assert "{" not in attribution_text(clearance)
