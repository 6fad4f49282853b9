"""Licences and explainability after an edit: what is kept from the last assessment changes nothing."""

from typing import Any

import numpy as np
import pytest
from decisions import ON
from gates import asset

from shipworthy import edits
from shipworthy.assess import Assessment, assess
from shipworthy.considerations import with_dimensions
from shipworthy.decision import RequirementValue, Row
from shipworthy.examples import example

SIZE = 2**10
REASON = Row(id="r", cells={"what": "Rent against income", "points": 12.0})
EDITS: dict[str, list[tuple[str, Any, str | None]]] = {
    "sharegpt-assistant": [
        ("licences.competes", "none", "ship"),
        ("licences.repair", "repair", "ship"),
        ("licences.doubt", 0.9, None),
        ("licences.purpose", "other", "ship"),
        ("licences.delivery", "distributed", "retrain"),
        ("licences.assets", (asset("Base", "Llama 4 Community", "ships", kind="model"),), "retrain"),
        ("licences.regions", ("US",), None),
        ("licences.users", 1e9, None),
        ("licences.fields", ("medical",), None),
        ("licences.commercial", "no", None),
        ("licences.cleared", RequirementValue(limit=3.0, confidence=0.9), None),
        ("licences.assets", (asset("Base", "Stability AI Community Licence 2024", "ships", kind="model"),), "retrain"),
        ("licences.commercial", "yes", None),
        ("value_stream.usd_rate", 50.0, None),
        ("licences.theirs", "no", "ship"),
    ],
    "loan-decisions": [
        ("explainability.affected", ("US",), None),
        ("explainability.begins", "2027-02-01", None),
        ("explainability.bureau", "no", None),
        ("explainability.automation", "human", "deep"),
        ("explainability.stands", 0.9, None),
        ("explainability.might", 1.0, None),
        ("explainability.repair_cost", 9_000.0, None),
        ("explainability.repair_days", 40.0, None),
        ("explainability.policy", "logic", None),
        ("explainability.gap", 0.05, "additive"),
        ("explainability.best", 0.85, None),
        ("explainability.reasons", (REASON,), None),
        ("explainability.counted", "as_typed", None),
        ("value_stream.period", 1.0, None),
        ("explainability.methods", ("additive",), "deep"),
        ("explainability.effect", "none", None),
    ],
}


def same(one: Assessment, other: Assessment) -> None:
    for key, result in one.options.items():
        np.testing.assert_array_equal(result.payoff, other.options[key].payoff)
        for name, finding in result.findings.items():
            twin = other.options[key].findings[name]
            assert (finding.status, finding.probability, finding.missing) == (
                twin.status,
                twin.probability,
                twin.missing,
            )
            assert finding.words == twin.words
    for name in ("licences", "explainability"):
        tables = [
            each.registry[name].table(each.evaluations(name), lambda key, each=each, name=name: each.view(name, key))
            for each in (one, other)
        ]
        assert tables[0] == tables[1]


@pytest.mark.parametrize("key", EDITS)
def test_edit_after_edit_it_is_as_if_it_were_assessed_anew(key: str) -> None:
    kept: dict[Any, Any] = {}
    document = example(key)
    before = assess(document, on=ON, size=SIZE, kept=kept)
    moved = 0
    for question, value, option in EDITS[key]:
        document = with_dimensions(edits.say(document, question, value, option))
        after = assess(document, on=ON, size=SIZE, kept=kept)
        same(after, assess(document, on=ON, size=SIZE))
        moved += any(
            finding.words != before.options[each].findings[name].words
            for each, result in after.options.items()
            for name, finding in result.findings.items()
        )
        before = after
    assert moved >= len(EDITS[key]) - 3  # nearly every edit says something new
