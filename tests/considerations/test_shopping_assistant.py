"""The shopping case: a small hosted model, a large one, own servers (CASES.md)."""

import numpy as np
import pytest
from decisions import ON, cost_table

from shipworthy.assess import Assessment, assess
from shipworthy.examples import example


@pytest.fixture(scope="module")
def shopping() -> Assessment:
    return assess(example("shopping-assistant"), on=ON)


def test_shopping_the_small_hosted_model_is_recommended(shopping: Assessment) -> None:
    assert shopping.recommended == "small_hosted"
    assert shopping.options["small_hosted"].findings["cost"].status == "meets"
    assert not shopping.provisional


def test_shopping_the_large_models_margin_is_at_risk(shopping: Assessment) -> None:
    finding = shopping.options["large_hosted"].findings["cost"]
    assert finding.status in ("at_risk", "fails")
    assert shopping.options["large_hosted"].summary.mean < shopping.options["small_hosted"].summary.mean
    assert "claude-opus-5-5" in " ".join(finding.words.detail)
    margin = shopping.evaluations("cost")["large_hosted"].figures["margin"]
    assert float(np.quantile(margin, 0.1)) < 0 < float(np.quantile(margin, 0.9))


def test_shopping_says_what_would_break_even(shopping: Assessment) -> None:
    rows = cost_table(shopping)
    assert "brought by a use" in rows["large_hosted"]["Breaks even at"]
    assert "tokens a conversation" in rows["large_hosted"]["Breaks even at"]
    said = rows["own_open"]["Breaks even at"]
    assert "cheaper than Large hosted model from" in said
    assert "never cheaper than Small hosted model" in said
    assert "utilisation" in said
    # a use does not even pay the servers that run idle and the people: no utilisation can change that
    assert "no utilisation" in said


def test_shopping_figures(shopping: Assessment) -> None:
    (bill,) = shopping.registry["cost"].figures(shopping.view("cost", "own_open"), shopping.evaluations("cost"))
    assert [trace["name"] for trace in bill.plotly["data"]] == [
        "Large hosted model",
        "Small hosted model",
        "Self-hosted open model",
    ]
    large, small, servers = (trace["y"] for trace in bill.plotly["data"])
    assert servers[0] > large[0] > small[0]  # at a hundredth of the use, servers idle
    assert large[-1] > servers[-1]
    assert all(np.diff(line).min() >= 0 for line in (large, small, servers))
    assert all(len(row) == len(bill.columns) for row in bill.rows)
