"""``shipworthy score``: what it says of ranges and chances of past decisions, and its exit codes."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from shipworthy import documents
from shipworthy.assess import assess
from shipworthy.cli import cli
from shipworthy.decision import Decision, Forecast, Outcome, RangeValue
from shipworthy.examples import example
from shipworthy.record import make

DECIDED = datetime(2026, 11, 20, 9, tzinfo=UTC)
EVIL = "Gap\x1b[31m red\u202e"


def run(*arguments: str | Path, input: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["score", *map(str, arguments)], input=input)


def of_range(came: float | None, low: float = 10.0, high: float = 20.0) -> Forecast:
    said = RangeValue(low=low, likely=15.0, high=high)
    when = None if came is None else date(2027, 3, 1)
    return Forecast(answer="lead_time.gap", expected=said, unit="days", came=came, came_on=when)


def of_chance(came: float | None, chance: float = 0.3) -> Forecast:
    return Forecast(answer="explainability.stands", expected=chance, chance=True, unit="share", came=came)


def made(*forecasts: Forecast, title: str = "Churn calls") -> Decision:
    document = example("churn")
    frame = document.frame.model_copy(update={"title": title})
    outcome = Outcome(chosen=document.options[0].key, decided_at=DECIDED, forecasts=forecasts)
    return document.model_copy(update={"outcome": outcome, "frame": frame})


@pytest.fixture
def first(tmp_path: Path) -> Path:
    path = tmp_path / "first.json"
    path.write_text(documents.write(made(of_range(17.0), of_range(23.0), of_chance(1.0), of_range(None))))
    return path


@pytest.fixture
def second(tmp_path: Path) -> Path:
    path = tmp_path / "second.html"
    found = assess(made(of_range(12.0), of_chance(0.0), title=EVIL), on=date(2026, 11, 20), size=64)
    path.write_text(make(found, made_at=DECIDED, with_charts=False, flips={}))
    return path


def test_every_forecast_and_all_together_in_words(first: Path, second: Path) -> None:
    done = run(first, second)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"{first}: “Churn calls”, 3 forecasts to score; nothing came yet for 1 more",
        "  ✓ held. Intervention lead time › Gap before the window it predicts: expected 15 days (10 to 20); came 17 days",
        "  ✕ missed. Intervention lead time › Gap before the window it predicts: expected 15 days (10 to 20); came 23 days",
        "  Explainability › Chance that a weak explanation stands up: expected a chance of 30 %; it came",
        f"{second}: “Gap\\x1b[31m red\\u202e”, 2 forecasts to score",
        "  ✓ held. Intervention lead time › Gap before the window it predicts: expected 15 days (10 to 20); came 12 days",
        "  Explainability › Chance that a weak explanation stands up: expected a chance of 30 %; it did not come",
        "2 of 3 ranges held what came (67 %); 8 in 10 were meant to, so 2.4 would be expected. The difference can be chance.",
        "Interval score of 3 ranges in days: 20 (lower is better: how wide a range was, and ten times what lay outside).",
        "Brier score of 2 chances: 0.29 (lower is better: 0 is perfect, 0.25 is what “half and half” gets).",
        "1 forecast is without an outcome yet.",
    ]


def test_json_says_the_same_in_numbers(first: Path, second: Path) -> None:
    done = run(first, second, "--json")
    assert done.exit_code == 0
    assert done.stdout.isascii()
    found = json.loads(done.stdout)
    assert [(each["title"], each["decided"], each["waiting"], len(each["forecasts"])) for each in found["decisions"]] == [
        ("Churn calls", "2026-11-20", 1, 3), (EVIL, "2026-11-20", 0, 2),
    ]  # fmt: skip
    assert found["waiting"] == 1
    ranges: dict[str, Any] = found["ranges"]
    assert (ranges["count"], ranges["held"], ranges["promised"], ranges["verdict"]) == (3, 2, 0.8, "chance")
    assert (ranges["share"], ranges["expected"]) == (0.666666667, 2.4)
    assert ranges["chance_of_so_few"] == pytest.approx(1 - 0.8**3)
    assert ranges["chance_of_so_many"] == pytest.approx(0.8**3 + 3 * 0.8**2 * 0.2)
    (days,) = ranges["by_unit"]
    assert (days["unit"], days["count"], days["interval_score"]) == ("days", 3, 20.0)
    assert found["chances"] == {"count": 2, "brier": pytest.approx((0.49 + 0.09) / 2)}
    missed = found["decisions"][0]["forecasts"][1]
    assert missed["expected"] == {"low": 10.0, "likely": 15.0, "high": 20.0}
    assert (missed["came"], missed["came_on"], missed["held"], missed["interval_score"]) == (23.0, "2027-03-01", False, 40.0)  # fmt: skip
    assert missed["brier"] is None
    assert found["decisions"][0]["forecasts"][2]["brier"] == pytest.approx(0.49)


@pytest.mark.parametrize(
    ("hits", "misses", "told"),
    [(3, 7, "fewer than chance explains"), (8, 2, "can be chance"), (20, 0, "wider than they had to be")],
)
def test_whether_chance_explains_it(hits: int, misses: int, told: str) -> None:
    found = made(*[of_range(15.0)] * hits, *[of_range(99.0)] * misses)
    done = run("-", input=documents.write(found))
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0].startswith("standard input: “Churn calls”, ")
    assert told in done.stdout


def test_nothing_to_score_yet() -> None:
    done = run("-", input=documents.write(example("churn")))
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("Nothing to score yet: there are no forecasts")
    waiting = run("-", input=documents.write(made(of_range(None), of_chance(None))))
    assert waiting.stdout.splitlines()[-1] == "Nothing to score yet: nothing came for 2 forecasts."
    empty = json.loads(run("-", "--json", input=documents.write(example("churn"))).stdout)
    assert empty["ranges"]["verdict"] is None
    assert empty["chances"] == {"count": 0, "brier": None}


def test_a_file_that_holds_none_is_said_and_the_others_are_scored(first: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    done = run(broken, first, tmp_path / "gone.json")
    assert done.exit_code == 2
    wrong = done.stderr.splitlines()
    assert [each.partition(":")[0] for each in wrong] == [str(broken), str(tmp_path / "gone.json")]
    assert "1 of 2 ranges held what came" in done.stdout
    alone = run(broken)
    assert (alone.exit_code, alone.stdout) == (2, "")
    assert run().exit_code == 2


def test_one_number_is_no_range(tmp_path: Path) -> None:
    sure = Forecast(answer="lead_time.gap", expected=60.0, unit="days", came=80.0)
    chance = of_chance(1.0)
    text = documents.write(made(sure, of_range(17.0), chance, of_range(None)))
    lines = run("-", input=text).stdout.splitlines()
    assert lines[1:] == [
        "  Intervention lead time › Gap before the window it predicts: expected 60 days; came 80 days, 20 days more",
        "  ✓ held. Intervention lead time › Gap before the window it predicts: expected 15 days (10 to 20); came 17 days",
        "  Explainability › Chance that a weak explanation stands up: expected a chance of 30 %; it came",
        "1 of 1 range held what came (100 %); 8 in 10 were meant to, so 0.8 would be expected. The difference can be chance.",
        "Interval score of 1 range in days: 10 (lower is better: how wide a range was, and ten times what lay outside).",
        "Brier score of 1 chance: 0.49 (lower is better: 0 is perfect, 0.25 is what “half and half” gets).",
        "1 forecast was one number without a range: it was off by 20 days.",
        "1 forecast is without an outcome yet.",
    ]
    found = json.loads(run("-", "--json", input=text).stdout)
    assert found["numbers"] == {"count": 1, "by_unit": [{"unit": "days", "count": 1, "off": 20.0}]}
    told = found["decisions"][0]["forecasts"]
    assert [(each["held"], each["off"]) for each in told] == [(None, 20.0), (True, None), (None, None)]
    assert found["ranges"]["count"] == 1
