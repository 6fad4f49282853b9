"""How each kind of model tells its reasons: a sum only where points add up, brackets where it is only approximated."""

import pytest

from shipworthy.calculators._reason_telling import SAID_NOTHING, Telling, telling
from shipworthy.calculators.duties import Required
from shipworthy.calculators.explanation import family
from shipworthy.calculators.reason_statement import statement
from shipworthy.errors import InputError
from shipworthy.reference.loader import load

POINTS = [("Debt", 30.0), ("Time in the job", 10.0), ("Savings", -5.0)]
LOGIC = Required("logic", (), {}, ("what_would_change",), None, False, (), (), "logic", ())
SUM = ("and the sum decides", "points better", "Against you counted")
PAIRS = [(row.key, method) for row in load("families") for method in family(row.key).methods]
ADDS_UP = {("scorecard_logistic", "points"), ("additive", "additive")}
EXACT = {"points", "additive", "path", "tree_attributions"}


@pytest.mark.parametrize(("key", "method"), PAIRS)
def test_a_sum_is_told_only_where_points_add_up_and_brackets_stand_where_it_is_approximated(
    key: str, method: str
) -> None:
    text = statement(LOGIC, POINTS, how=telling(key, [method]))
    assert [words in text for words in SUM] == [(key, method) in ADDS_UP] * 3
    readable = key in ("scorecard_logistic", "decision_tree", "rule_list", "additive", "rules", "monotone_boosted")
    told = method in EXACT or (method == "counterfactual" and readable)
    assert ("1. Debt\n2. Time in the job" in text) == told
    assert ("1. [Debt]\n2. [Time in the job]" in text) == (not told)
    assert ("to be checked that they are the ones actually used" in text) == (not told)


def test_points_a_path_shares_and_tries_by_hand() -> None:
    assert "Against you counted 40 points; the limit was missed by [points]." in statement(
        LOGIC, POINTS, how=telling("scorecard_logistic", ["points"])
    )
    path = statement(LOGIC, POINTS, how=telling("rules", ["path"]))
    assert "Rules are gone through one after the other; those that the reasons above name decided." in path
    assert "- Debt: [the value from which another rule decides]." in path
    # 30 and 10 of 40 that counted against the person; what helped has no share in that
    shares = statement(LOGIC, POINTS, how=telling("monotone_boosted", ["tree_attributions"]))
    assert "Of what counted against you, these are the shares: debt 75 % and time in the job 25 %." in shares
    assert "- Debt: [the value from which the result is another, all else the same]." in shares
    tried = statement(LOGIC, POINTS, how=telling("monotone_boosted", ["counterfactual"]))
    assert "found by changing one fact at a time" in tried


def test_the_best_of_several_methods_tells() -> None:
    assert telling("additive", ["counterfactual", "additive"]).kind == "sum"
    assert telling("decision_tree", ["tree_attributions", "path"]).kind == "path"
    assert telling("boosted", ["sampled_attributions", "tree_attributions"]).kind == "shares"
    both = telling("neural_tabular", ["gradients", "sampled_attributions", "global"])
    assert both == Telling("approximate", "gradients or saliency maps and sampled attributions (KernelSHAP, LIME)")


def test_what_approximates_is_named_and_what_gives_nothing_says_so() -> None:
    said = statement(LOGIC, POINTS, how=telling("llm", ["own_words"]))
    assert "[Approximated by the model's own words: to be checked that they are the ones actually used.]" in said
    for methods in ((), ("global",), ("none",)):
        assert "[No method of this option gives reasons for one person: " in statement(
            LOGIC, POINTS, how=telling("deep", methods)
        )
    assert "- Debt: [to be tried in the model: " in said


def test_where_nothing_was_said_of_the_model_nothing_is_claimed() -> None:
    for text in (statement(LOGIC, POINTS), statement(LOGIC, POINTS, how=SAID_NOTHING)):
        assert not any(words in text for words in SUM)
        assert "1. Debt" in text
    with pytest.raises(InputError, match="cannot be explained by"):
        telling("deep", ["additive"])
