"""Device fit: typed language models, tokens a second, energy with a typed or measured device, what would make it fit."""

from typing import Any

import numpy as np
import pytest
from decisions import ON, PLAIN, decision

from shipworthy.assess import Assessment, assess
from shipworthy.calculators.device_time import Speed, decode_tokens_per_second
from shipworthy.considerations.base import Evaluation
from shipworthy.decision import Row, SpreadValue

DEVICE: dict[str, Any] = {
    **PLAIN,
    "deployment.target": "device",
    "deployment.stages": (Row(id="s", cells={"name": "Capture", "typical": 10.0, "slow": 15.0}),),
    "deployment.limit": 60_000.0,
    "deployment.components": (Row(id="c", cells={"name": "Device", "up": 0.9995}),),
    "deployment.outage": 30.0,
    "deployment.device": "Raspberry Pi 5 (8 GB)",
    "deployment.model": "MobileNetV2 1.0 224",
}
TYPED: dict[str, Any] = {
    **DEVICE,
    "deployment.device": "own",
    "deployment.memory": 16.0,
    "deployment.bandwidth": 100.0,
    "deployment.compute": 4000.0,
    "deployment.efficiency": 0.5,
    "deployment.model": "own",
    "deployment.parameters": 3000.0,
    "deployment.bits": 8.0,
    "deployment.written": 100.0,
    "deployment.context": 4000.0,
    "deployment.layers": 28.0,
    "deployment.kv_heads": 8.0,
    "deployment.head_dimension": 128.0,
}


def found(answers: dict[str, Any]) -> Assessment:
    return assess(decision("a", answers), on=ON)


def seen(answers: dict[str, Any]) -> Evaluation:
    return found(answers).options["a"].runs[0].evaluations["deployment"]


def told(answers: dict[str, Any]) -> tuple[str, ...]:
    finding = found(answers).options["a"].findings["deployment"]
    return (finding.headline, *finding.words.detail)


def without(answers: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in answers.items() if key not in {f"deployment.{name}" for name in names}}


def test_a_typed_language_model_keeps_its_tokens_in_memory() -> None:
    kept = seen(TYPED).notes["memory_parts"]["kept in mind"]
    assert kept == pytest.approx(2 * 28 * 8 * 128 * 2 * 4000)
    assert seen(TYPED).figures["room"] == pytest.approx(16 - 3 - kept / 1e9)
    four = seen({**TYPED, "deployment.batch": 4.0}).notes["memory_parts"]["kept in mind"]
    assert four == pytest.approx(4 * kept)


def test_without_its_shape_that_memory_is_not_known_and_asked_for() -> None:
    half = without(TYPED, "layers", "kv_heads")
    assert set(found(half).options["a"].findings["deployment"].missing) == {"deployment.layers", "deployment.kv_heads"}
    assert found(without(half, "context")).options["a"].findings["deployment"].status != "unknown"


def test_a_typed_language_model_reads_by_arithmetic_and_writes_by_memory_speed() -> None:
    result = seen(TYPED)
    speed = Speed(4e12, 100e9, (0.5, 0.5), (0.3, 0.8))
    kept = 2 * 28 * 8 * 128 * 2 * 4000
    rate = decode_tokens_per_second(speed, 3e9, kept, 6e9)
    tokens = np.asarray(result.figures["tokens_a_second"])
    assert float(rate.slowest) - 1e-9 <= tokens.min() < tokens.max() <= float(rate.fastest) + 1e-9
    assert float(rate.fastest) == pytest.approx(0.8 * 100e9 / (3e9 + kept))  # reading is the limit
    reading = 2 * 3e9 * 4000 / (0.5 * 4e12)
    assert np.asarray(result.figures["prompt_seconds"]) == pytest.approx(reading, rel=1e-3)
    spent = np.asarray(result.notes["inference"][0])
    assert spent == pytest.approx(1000 * (np.asarray(result.figures["prompt_seconds"]) + 100 / tokens))


def test_tokens_written_and_kept_in_mind_take_time() -> None:
    def middle(**more: float) -> float:
        return float(
            np.median(seen({**TYPED, **{f"deployment.{k}": v for k, v in more.items()}}).notes["inference"][0])
        )

    assert middle(written=500.0) > 4 * (middle() - middle(written=1.0))
    assert middle(context=8000.0) > middle() + 5000
    assert middle(batch=32.0) > middle()


def test_tokens_a_second_are_said_for_language_models_of_the_table_too() -> None:
    known = {**DEVICE, "deployment.model": "Llama-3.2-1B per token"}
    assert any(line.startswith("It writes ") and "tokens a second there." in line for line in told(known))
    asked = {**known, "deployment.written": 100.0, "deployment.context": 500.0}
    assert any("tokens a second there, after" in line for line in told(asked))
    assert not any("tokens a second" in line for line in told(DEVICE))


def test_a_typed_shape_takes_the_place_of_the_tables() -> None:
    known = {**DEVICE, "deployment.model": "Llama-3-8B per token", "deployment.context": 8192.0}
    table, typed = (
        seen(each).notes["memory_parts"]["kept in mind"] for each in (known, {**known, "deployment.layers": 16.0})
    )
    assert table == pytest.approx(8192 * 131_072)
    assert typed == pytest.approx(table / 2)


def test_a_typed_device_asks_what_it_draws_and_then_its_battery_counts() -> None:
    battery = {**TYPED, "deployment.battery": 15.0, "deployment.hourly": 60.0, "deployment.idle": 0.5}
    assert any("type what the device draws at work" in line for line in told(battery))
    assert "hours" not in seen(battery).figures
    result = seen({**battery, "deployment.power": 8.0})
    seconds = np.asarray(result.notes["inference"][0]) / 1000
    assert result.figures["energy"] == pytest.approx(8.0 * seconds)
    assert result.figures["hours"] == pytest.approx(15.0 / (0.5 + 60 * 8.0 * seconds / 3600))
    assert any(line.startswith("The battery lasts") for line in told({**battery, "deployment.power": 8.0}))


def test_a_measured_time_has_energy_and_a_battery_too() -> None:
    measured = {**DEVICE, "deployment.measured": SpreadValue(p50=200.0, p95=300.0), "deployment.battery": 15.0,
                "deployment.hourly": 3600.0, "deployment.idle": 0.5}  # fmt: skip
    typed = seen({**measured, "deployment.power": 5.0})
    assert typed.figures["energy"] == pytest.approx(1.0)
    assert typed.figures["hours"] == pytest.approx(10.0)
    assert seen(measured).figures["energy"] > 0  # by the table's power
    assert {"energy", "hours"} <= set(seen(measured).figures)


def test_what_cannot_be_made_to_fit_is_said_so_instead_of_nought_bits() -> None:
    large = {**DEVICE, "deployment.memory": 0.0005}
    assert any(
        "It cannot fit by squeezing its weights: not even 2 bits a weight would do." in line for line in told(large)
    )
    fits = {**DEVICE, "deployment.memory": 0.002}
    assert any("It would fit with 4.6 bits a weight instead of 8." in line for line in told(fits))
    squeezed = told({**fits, "deployment.bits": 4.0})
    assert not any("would fit" in line for line in squeezed)
    for case in (large, fits):
        assert told(case)[0].endswith("of memory are missing; it has to fit.")
        assert "0 bits" not in " ".join(told(case))
