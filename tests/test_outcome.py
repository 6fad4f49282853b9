"""The outcome in the document: it is kept whole, older documents open unchanged, and what does not fit is refused."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from decisions import ON

from shipworthy import documents, edits
from shipworthy.considerations import open_text
from shipworthy.decision import Condition, Forecast, Outcome, RangeValue, Trigger, Voice
from shipworthy.errors import InputError
from shipworthy.examples import example, text

DECIDED = datetime(2026, 11, 20, 9, tzinfo=UTC)
PERSUASION = "lead_time.persuasion"

FULL = Outcome(
    chosen="two_month_gap",
    conditions=(Condition(text="c", done=ON),),
    consulted=(Voice(who="Ada", text="Yes, if sales agrees"),),
    informed=(Voice(who="Bo"),),
    dissent=(Voice(who="Cem", text="I would wait."),),
    triggers=(
        Trigger(kind="answer", answer=PERSUASION, side="at_least", value=90.0, option="two_month_gap", since=ON, note="why"),
        Trigger(kind="starts", table="duties", row="EU-AIA-86", stood="in_force"),
        Trigger(kind="older", table="gpus", value=180.0),
        Trigger(kind="on", day=date(2027, 3, 1)),
    ),
    forecasts=(
        Forecast(answer=PERSUASION, expected=RangeValue(low=1.0, likely=2.0, high=3.0), unit="days", at=DECIDED, came=2.5, came_on=ON),
        Forecast(answer="explainability.stands", expected=0.3, chance=True, option="no_gap"),
    ),
)  # fmt: skip


def test_the_document_keeps_it_all() -> None:
    document = example("churn").model_copy(update={"outcome": FULL})
    again = open_text(documents.write(document))
    assert again.outcome == FULL
    assert documents.write(again) == documents.write(document)


def test_documents_from_before_open_unchanged() -> None:
    old = {
        "chosen": "two_month_gap", "reasons": "r", "reopen": ["on 1 June, whatever happened"], "decided_at": "2026-11-20T09:00:00Z",
        "conditions": [{"text": "c", "owner": "o", "by": "2027-01-01"}], "signatures": [{"who": "w", "at": "2026-11-20T09:00:00Z"}],
    }  # fmt: skip
    data = {**json.loads(text("churn")), "outcome": old}
    found = open_text(json.dumps(data))
    assert (found.outcome.triggers, found.outcome.forecasts, found.outcome.dissent) == ((), (), ())
    assert json.loads(documents.write(found))["outcome"] == old
    assert json.loads(documents.write(found))["schema_version"] == 1


@pytest.mark.parametrize(
    ("outcome", "problem"),
    [
        ({"triggers": [{"kind": "answer", "answer": PERSUASION}]}, "needs its “value”"),
        ({"triggers": [{"kind": "on"}]}, "needs its “day”"),
        ({"triggers": [{"kind": "older", "value": 3.0}]}, "needs its “table”"),
        ({"triggers": [{"kind": "rain"}]}, "one of"),
        ({"triggers": [{"kind": "on", "day": "2027-03-01", "option": "gone"}]}, "names the option “gone”"),
        ({"forecasts": [{"answer": PERSUASION, "expected": 3.0, "option": "gone"}]}, "names the option “gone”"),
        ({"dissent": [{"who": "", "text": "x"}]}, "is empty"),
    ],
)
def test_what_does_not_go_together_is_refused(outcome: dict[str, Any], problem: str) -> None:
    with pytest.raises(InputError) as caught:
        open_text(json.dumps({**json.loads(text("churn")), "outcome": outcome}))
    assert problem in str(caught.value)
    assert str(caught.value).isprintable()


def test_an_option_that_is_removed_takes_its_triggers_and_forecasts_along() -> None:
    document = example("churn").model_copy(update={"outcome": FULL})
    without = edits.remove_option(document, "two_month_gap")
    assert without.outcome.chosen is None
    assert [each.kind for each in without.outcome.triggers] == ["starts", "older", "on"]
    assert len(without.outcome.forecasts) == 2
    assert len(edits.remove_option(document, "no_gap").outcome.forecasts) == 1
    assert open_text(documents.write(without)).outcome == without.outcome
