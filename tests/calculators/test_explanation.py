"""Strength of explanations: sensible orders; accuracy kept: by hand, by numpy, at its limits and in its direction."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.calculators.explanation import (
    METHODS,
    STRENGTHS,
    accuracy_kept,
    family,
    strength,
    strongest,
)
from shipworthy.errors import InputError
from shipworthy.reference.loader import load

FAMILIES = tuple(load("families").rows)
PAIRS = [(key, method) for key in FAMILIES for method in family(key).methods]
READABLE = ("scorecard_logistic", "decision_tree", "rule_list", "additive", "rules")


def rank(key: str, method: str, level: str) -> int:
    return STRENGTHS.index(strength(key, method, level).strength)


def test_accuracy_kept_by_hand() -> None:
    # (0.80 - 0.02 - 0.70) / (0.80 - 0.70) = 0.08 / 0.10
    assert accuracy_kept(0.80, 0.70, 0.02) == pytest.approx(0.8)
    # the additive model's likely gap, over a coin: (0.80 - 0.002 - 0.5) / 0.3
    assert accuracy_kept(0.80, 0.50, 0.002) == pytest.approx(0.298 / 0.3)


def test_accuracy_kept_at_its_limits_and_on_arrays() -> None:
    found = accuracy_kept(np.array([0.8, 0.8, 0.8, 0.8]), 0.7, np.array([0.0, 0.1, 0.3, -0.05]))
    np.testing.assert_allclose(found, [1, 0, 0, 1], atol=1e-12)
    grid = accuracy_kept(np.full((2, 1), 0.9), np.array([0.5, 0.6, 0.7]), 0.05)
    np.testing.assert_allclose(grid, np.tile([0.875, 5 / 6, 0.75], (2, 1)))
    assert isinstance(float(accuracy_kept(0.9, 0.5, 0.1)), float)


@given(st.floats(0.5, 0.95), st.floats(0.01, 0.4), st.floats(0, 0.3), st.floats(0, 0.3))
def test_accuracy_kept_is_a_share_and_falls_with_the_gap(base: float, added: float, one: float, two: float) -> None:
    small, large = (float(accuracy_kept(base + added, base, gap)) for gap in sorted((one, two)))
    assert 0 <= large <= small <= 1
    assert float(accuracy_kept(base + added + 0.01, base, one)) >= float(accuracy_kept(base + added, base, one)) - 1e-12


def test_accuracy_kept_refuses_in_words() -> None:
    with pytest.raises(InputError, match=r"Best model: 0\.7 is not above the baseline of 0\.7, so there is no effect"):
        accuracy_kept(0.7, 0.7, 0.01)
    with pytest.raises(InputError, match=r"0\.6 is not above the baseline of 0\.65"):
        accuracy_kept(np.array([0.8, 0.6]), np.array([0.7, 0.65]), 0.01)
    with pytest.raises(InputError, match="Gap: something that is no number"):
        accuracy_kept(0.8, 0.7, float("nan"))


@pytest.mark.parametrize(("key", "method"), PAIRS)
def test_a_higher_level_is_never_easier(key: str, method: str) -> None:
    found = [rank(key, method, level) for level in ("none", "notice", "reasons", "logic")]
    assert found == sorted(found)
    assert found[0] == 0


@pytest.mark.parametrize("level", ["reasons", "logic"])
def test_models_that_can_be_read_are_never_below_those_that_cannot(level: str) -> None:
    best = {key: strongest(key, family(key).methods, level).strength for key in FAMILIES}
    assert {best[key] for key in READABLE} == {"strong"}
    assert best["monotone_boosted"] == "acceptable"
    assert {best[key] for key in ("boosted", "random_forest", "neural_tabular", "deep")} == {"weak"}
    assert best["llm"] == ("weak" if level == "reasons" else "no")


def test_the_mapping_of_the_loan_case() -> None:
    assert strength("neural_tabular", "sampled_attributions", "reasons").strength == "weak"
    assert strength("monotone_boosted", "tree_attributions", "reasons").strength == "acceptable"
    assert strength("monotone_boosted", "tree_attributions", "logic").strength == "weak"
    assert strongest("monotone_boosted", ["tree_attributions", "counterfactual"], "logic").strength == "acceptable"
    assert strength("additive", "additive", "logic").strength == "strong"
    assert strength("llm", "own_words", "reasons").strength == "no"
    assert {strength(key, "global", "reasons").strength for key in FAMILIES} == {"no"}
    assert {strength(key, "none", "logic").strength for key in FAMILIES} == {"no"}


def test_names_that_are_not_known_are_refused_in_words() -> None:
    with pytest.raises(
        InputError, match="Hosted language model cannot be explained by its own points or coefficients; the"
    ):
        strength("llm", "points", "reasons")
    with pytest.raises(InputError, match=r"Table families has no row 'boostd'\. Did you mean boosted"):
        strength("boostd", "none", "reasons")
    with pytest.raises(InputError, match="What has to be explained: 'all' is not known"):
        strength("llm", "none", "all")
    with pytest.raises(InputError, match="Method of explanation: 'magic' is not known"):
        strength("llm", "magic", "notice")
    assert strongest("llm", [], "logic").strength == "no"
    assert set(METHODS) == {method for _, method in PAIRS}


def test_what_is_argued_over_says_so_and_gives_way_to_what_is_not() -> None:
    exact, what_if = ("tree_attributions", "counterfactual")
    assert strength("monotone_boosted", what_if, "logic").arguable
    assert strongest("monotone_boosted", [exact, what_if], "logic").arguable
    assert not strongest("monotone_boosted", [exact, what_if], "reasons").arguable
    for key, method in PAIRS:
        for level in ("none", "notice", "reasons", "logic"):
            found = strength(key, method, level)
            assert found.arguable == found.why.startswith("Arguable")
            assert not found.arguable or found.strength == "acceptable"
