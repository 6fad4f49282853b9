"""The case of the shop: latency eats the uplift, a broken step leaves nothing, the bottleneck is elsewhere."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from decisions import ON

from shipworthy import edits
from shipworthy.assess import Assessment, assess, differences, ledger
from shipworthy.considerations.base import FlipPoint
from shipworthy.decision import Answer, Row
from shipworthy.examples import example
from shipworthy.words import plain

SIZE = 2**12


@cache
def shop() -> Assessment:
    return assess(example("recommender"), on=ON, size=SIZE)


def told(assessment: Assessment, option: str) -> str:
    words = assessment.options[option].findings["value_stream"].words
    return " ".join((words.headline, *words.detail))


def changed(key: str, value: Any, option: str | None = None) -> Assessment:
    return assess(edits.say(example("recommender"), key, value, option=option), on=ON, size=SIZE)


@cache
def flips(option: str) -> dict[str, FlipPoint]:
    return {flip.answer: flip for flip in shop().flips(option)["value_stream"]}


def in_the_page(milliseconds: float, option: str = "heavy") -> Assessment:
    """The shop with the model itself at one typical time, wherever it is asked: among the stages of deployment target."""
    return changed("deployment.stages", stages(option, typical=milliseconds, slow=1.5 * milliseconds), option)


def stages(option: str, **cells: Any) -> tuple[Row, ...]:
    answer = example("recommender").answer("deployment.stages")
    assert answer is not None
    rows = answer.by_option[option]
    assert isinstance(rows, tuple)
    found = [row for row in rows if isinstance(row, Row)]
    return tuple(
        row.model_copy(update={"cells": {**row.cells, **cells}}) if row.id == "model" else row for row in found
    )


def worth(assessment: Assessment, option: str) -> float:
    return float(np.mean(assessment.evaluations("value_stream")[option].figures["worth"]))


def test_the_heavy_model_precomputed_overnight_is_recommended() -> None:
    found = shop()
    assert found.recommended == "overnight"
    assert not found.provisional
    statuses = {key: found.options[key].findings["value_stream"].status for key in found.options}
    assert statuses == {
        "heavy": "fails", "light": "meets", "overnight": "meets", "bestseller": "meets", "do_nothing": "not_applicable",
    }  # fmt: skip
    assert found.options["heavy"].summary.p90 < 0
    assert all(found.options[key].summary.mean > 0 for key in ("light", "overnight", "bestseller"))


def test_latency_eats_the_uplift_of_the_heavy_model_in_the_page() -> None:
    found = shop()
    assert "The delay eats the uplift" in told(found, "heavy")
    figures = found.evaluations("value_stream")["heavy"].figures
    delay, uplift = (float(np.mean(figures[name])) for name in ("delay", "uplift"))
    assert delay > 1.5 * uplift > 0
    assert float(np.mean(figures["baseline_lost"])) > 0.9 * delay  # most of it is business that was there before
    # the model itself is the best of them: as fast as the list, it would be worth most
    rows = tuple(
        row.model_copy(update={"cells": {**row.cells, "typical": 0.0, "slow": 0.0}}) for row in stages("heavy")
    )
    quick = changed("deployment.stages", rows, "heavy")
    assert worth(quick, "heavy") == max(worth(quick, key) for key in ("heavy", "light", "overnight", "bestseller"))
    assert quick.options["heavy"].findings["value_stream"].status == "meets"


def test_the_time_in_the_page_is_asked_once_and_counts_in_both_places() -> None:
    found = shop()
    typed = example("recommender").answer("value_stream.added_ms")
    assert typed is not None
    assert set(typed.by_option) == {"overnight", "bestseller"}  # those that no page waits for
    said = told(found, "heavy")
    before = float(np.mean(found.options["heavy"].runs[0].terms.get("added_ms", 0.0)))
    assert before == pytest.approx(730, abs=40)
    assert f"The {plain(before)} ms that it adds cost" in said
    quick = in_the_page(25.0)
    after = float(np.mean(quick.options["heavy"].runs[0].terms.get("added_ms", 0.0)))
    assert after == pytest.approx(95, abs=15)
    assert f"The {plain(after)} ms that it adds cost" in told(quick, "heavy")
    assert quick.options["heavy"].summary.mean > found.options["heavy"].summary.mean
    assert ledger(quick.options["heavy"])["baseline_lost"] > 0.3 * ledger(found.options["heavy"])["baseline_lost"]


def test_overnight_nobody_waits_for_the_heavy_model() -> None:
    night = changed("deployment.target", "batch", "heavy")
    assert ledger(shop().options["heavy"])["baseline_lost"] < 0
    assert ledger(night.options["heavy"])["baseline_lost"] == 0
    assert float(np.mean(night.evaluations("value_stream")["heavy"].figures["delay"])) == 0


def test_the_direction_of_the_flips() -> None:
    loss, uplift = (flips("heavy")[f"value_stream.{name}"] for name in ("latency_loss", "uplift"))
    delay = flips("heavy")["deployment.stages#model.typical"]
    assert (delay.status, delay.at_least, delay.then_status) == ("at_risk", False, "meets")
    assert 100 < delay.then < delay.value < 640  # ms; it is at 640
    assert (loss.status, loss.at_least, loss.then_status) == ("at_risk", False, "meets")
    assert (uplift.status, uplift.at_least, uplift.then_status) == ("at_risk", True, "meets")
    assert uplift.then > uplift.value > 0.05
    other = flips("overnight")["value_stream.added_ms"]
    assert (other.status, other.at_least, other.then_status) == ("at_risk", True, "fails")


@pytest.mark.parametrize("offset", [-0.03, 0.03])
def test_just_beside_the_flip_the_status_is_what_it_says(offset: float) -> None:
    delay = flips("heavy")["deployment.stages#model.typical"]
    for value, below, above in ((delay.then, "meets", "at_risk"), (delay.value, "at_risk", "fails")):
        moved = stages("heavy", typical=value * (1 + offset))
        document = edits.say(example("recommender"), "deployment.stages", moved, option="heavy")
        there = assess(document, on=ON, size=2**11).options["heavy"].findings["value_stream"].status
        assert there == (below if offset < 0 else above)


def test_the_bottleneck_is_named_and_it_is_not_where_the_model_works() -> None:
    for option in ("heavy", "light", "overnight", "bestseller"):
        said = told(shop(), option)
        assert "The bottleneck is “Look at an article”" in said
        assert "The model works at “Browse”" in said
        assert "of 6." in said


@pytest.mark.parametrize("place", [3, 4, 5])
def test_the_model_is_worth_nothing_when_a_later_step_breaks(place: int) -> None:
    answer = example("recommender").answer("value_stream.steps")
    assert answer is not None
    assert isinstance(answer.value, tuple)
    rows = [row for row in answer.value if isinstance(row, Row)]
    rows[place] = rows[place].model_copy(update={"cells": {**rows[place].cells, "works": "no"}})
    down = changed("value_stream.steps", tuple(rows))
    assert "If a later step breaks, nothing of it is left" in told(shop(), "overnight")
    for option in ("light", "overnight", "bestseller"):
        finding = down.options[option].findings["value_stream"]
        assert finding.status == "fails"
        assert finding.headline.startswith(f"It is worth nothing while “{rows[place].cells['name']}” does not work")
        assert ledger(down.options[option])["value"] == 0
        assert down.options[option].summary.mean < 0
    assert down.recommended == "do_nothing"


def test_overnight_beats_the_list_more_often_than_not_and_the_page_nearly_always() -> None:
    assert float(np.mean(differences(shop(), "overnight", "heavy") > 0)) > 0.95
    assert float(np.mean(differences(shop(), "overnight", "bestseller") > 0)) > 0.5


def test_everything_is_answered_or_has_a_default() -> None:
    document = example("recommender")
    assert not any(answer.state == "unknown" for named in document.answers.values() for answer in named.values())
    assert isinstance(document.answer("value_stream.steps"), Answer)
