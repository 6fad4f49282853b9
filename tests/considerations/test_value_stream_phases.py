"""The value of options in turn: what each part brings, from when on, and what all of them are worth together."""

import numpy as np
import pytest
from decisions import PLAIN, own
from plans import found_for

from shipworthy.assess import Assessment
from shipworthy.considerations import registry
from shipworthy.decision import Option, RequirementValue


def test_both_parts_and_what_they_bring_are_told() -> None:
    options = (Option(key="now", name="Now"), Option(key="later", name="Later"), Option(key="both", name="Both", phases=("now", "later")))  # fmt: skip
    answers = {**PLAIN, "value_stream.live": own(now=73, later=365), "value_stream.effect": own(now=0.1, later=0.2)}
    found: Assessment = found_for(answers, options, size=2)
    finding = found.options["both"].findings["value_stream"]
    # 12 × (5000 − 200) and 12 × (10,000 − 200) a year; for 292 and for 365 days
    assert finding.headline == "Worth 58k USD a year with “Now”, then 118k USD a year with “Later”, before their costs."
    assert finding.phase == ""
    assert finding.words.detail == (
        "“Now”: live after 73 days, worth 58k USD a year from then on; 46k USD while it is the one in use.",
        "“Later”: live after 365 days, worth 118k USD a year from then on; 118k USD while it is the one in use.",
        "Over 2 years “Now” and “Later” are worth 164k USD together, before their costs, in today's money.",
    )
    parts = found.options["both"].together["value_stream"].notes["parts"]
    ledger = found.ledger("both")
    assert sum(float(np.mean(each.over)) for each in parts) == pytest.approx(ledger["value"] + ledger["harm"])
    head, rows = registry()["value_stream"].table(
        found.evaluations("value_stream"), lambda key: found.view("value_stream", key)
    )
    shown = {each[0]: each[1:] for each in rows}
    assert shown["both"] == ("58k, then 118k USD", "58k to 58k, then 118k to 118k USD", "20k USD", "300, then 300 USD")
    assert len(head) == len(shown["both"])


def test_each_part_has_to_be_worth_enough() -> None:
    options = (Option(key="now", name="Now"), Option(key="later", name="Later"), Option(key="both", name="Both", phases=("now", "later")))  # fmt: skip
    answers = {**PLAIN, "value_stream.effect": own(now=0.1, later=0.2)}
    for limit, status in ((50_000.0, "meets"), (60_000.0, "fails")):
        found = found_for({**answers, "value_stream.worth": RequirementValue(limit=limit)}, options, size=2)
        assert found.options["both"].findings["value_stream"].status == status
    unknown = found_for({**answers, "value_stream.effect": own(now=0.1, later=None)}, options, size=2)
    assert unknown.options["both"].findings["value_stream"].status == "unknown"
    assert "“Effect of a use”" in unknown.options["both"].findings["value_stream"].headline
