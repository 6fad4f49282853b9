"""Devices and models by name: figures in plain units, unknowns as nan and in words, cautions that are shown."""

import math

import pytest

from shipworthy.calculators.device import kv_cache_bytes, memory_need
from shipworthy.calculators.device_fit import largest_fit
from shipworthy.calculators.device_known import known_device, known_model
from shipworthy.calculators.device_time import inference_time
from shipworthy.errors import InputError
from shipworthy.reference import load


@pytest.mark.parametrize("name", list(load("devices").rows))
@pytest.mark.parametrize("bits", [8, 16])
def test_every_device_is_ready_or_says_what_is_unknown(name: str, bits: int) -> None:
    device = known_device(name, bits)
    assert any("judgement" in sentence for sentence in device.cautions)
    assert any("until somebody measures" in sentence for sentence in device.cautions)
    time = inference_time(device.speed, 1e9, 1e6)
    timed = not math.isnan(float(time.longest))
    assert timed == (not {label for label in device.unknown if label not in ("usable memory", "power at work")})
    if timed:
        assert 0 < float(time.shortest) <= float(time.longest)
    assert math.isnan(device.usable) == ("usable memory" in device.unknown)


def test_units_are_plain() -> None:
    device = known_device("Jetson Orin Nano 8GB")
    assert (device.usable, device.speed.peak, device.speed.bandwidth, device.power) == (6e9, 20e12, 68e9, 15)
    assert known_device("Jetson Orin Nano 8GB", 16).speed.peak == 10e12
    model = known_model("YOLOv8n 640")
    assert (model.parameters, model.flops) == pytest.approx((3.2e6, 8.74e9))


def test_a_microcontroller_by_hand() -> None:
    # Cortex-M4 at 120 MHz, 0.25 to 0.8 multiply-adds a cycle; the keyword network takes 2.66 million of them
    device = known_device("STM32L4R5 (Cortex-M4 120 MHz)")
    work = known_model("MLPerf Tiny KWS DS-CNN").workload(bits=8)
    time = inference_time(device.speed, work.flops, 1e6)
    assert float(time.shortest) == pytest.approx(2.66e6 / (120e6 * 0.8))
    assert float(time.longest) == pytest.approx(2.66e6 / (120e6 * 0.25))
    assert any("flash" in sentence for sentence in device.cautions)
    assert math.isnan(float(inference_time(known_device(device.name, 16).speed, 1e6, 0.0).longest))  # int8 alone


def test_a_stand_in_is_said_to_be_one() -> None:
    nano = known_device("Jetson Nano (2019)", bits=8)
    assert nano.speed.peak == 0.47e12
    assert any("gain nothing" in sentence for sentence in nano.cautions)
    assert not any("gain nothing" in sentence for sentence in known_device("NVIDIA L4").cautions)


def test_a_bandwidth_that_is_a_range_widens_the_time() -> None:
    # 90 to 136 GB/s, of which 0.4 to 0.9 is reached
    speed = known_device("Intel Core Ultra (Meteor/Lunar Lake) laptop", bits=16).speed
    time = inference_time(speed, 0.0, 1e9)
    assert float(time.shortest) == pytest.approx(0.0002 + 1 / (136 * 0.9))
    assert float(time.longest) == pytest.approx(0.005 + 1 / (90 * 0.4))


def test_unknown_figures_are_nan_not_nothing() -> None:
    hailo = known_device("Hailo-8 M.2")
    assert hailo.unknown == ("usable memory", "memory bandwidth")
    assert str(largest_fit(known_model("YOLOv8n 640").workload(8), hailo.usable, hailo.speed, 0.1).verdict) == "unknown"
    sensor = known_device("Syntiant NDP9120")
    assert {"usable memory", "arithmetic in 8 bits", "share of the peak that models get"} <= set(sensor.unknown)
    assert math.isnan(known_model("BERT-base seq 128").layers)
    work = known_model("MobileNetV2 1.0 224").workload(8, context=500)
    assert work.kv_cache == 0.0  # no language model: no cache, whatever the context


def test_language_models_carry_their_cache() -> None:
    llama = known_model("Llama-3-8B per token")
    assert llama.is_language_model
    work = llama.workload(16, context=1)
    assert float(work.kv_cache) == 131_072  # the 131 kB a token of the facts
    seventy = known_model("Llama-3-70B per token")
    assert float(kv_cache_bytes(seventy.layers, seventy.kv_heads, seventy.head_dimension, 2, 1)) == 327_680
    assert not known_model("ResNet-18 224").is_language_model


def test_trees_take_what_they_take_whatever_the_bits() -> None:
    trees = known_model("GBM 500 trees depth 6")
    for bits in (8, 16, 32):
        assert float(memory_need(trees.workload(bits)).weights) == pytest.approx(2e6)
    assert trees.flops > 0


def test_the_story_of_a_phone() -> None:
    """Llama 3 8B in 16 bits is too large for a phone; in 4.9 bits still; the 1B model fits."""
    phone = known_device("Snapdragon 8 Gen 3 phone", bits=16)
    limit = 1 / 5  # five tokens a second
    big, small = known_model("Llama-3-8B per token"), known_model("Llama-3.2-1B per token")
    assert str(largest_fit(big.workload(16, 2048), phone.usable, phone.speed, limit).verdict).startswith("too large")
    assert str(largest_fit(big.workload(4.9, 2048), phone.usable, phone.speed, limit).verdict) == "too large"
    fit = largest_fit(small.workload(4.9, 2048), phone.usable, phone.speed, limit)
    assert str(fit.verdict) == "fits"
    assert 1.23e9 < float(fit.parameters.both) < 8e9


def test_names_and_bits_that_do_not_exist_are_answered_in_words() -> None:
    with pytest.raises(InputError, match=r"Did you mean .*NVIDIA L4"):
        known_device("nvidia l4")
    with pytest.raises(InputError, match="no row 'ResNet-50'"):
        known_model("ResNet-50")
    with pytest.raises(InputError, match="arithmetic in 4 bits was asked for; the table knows 8 and 16"):
        known_device("NVIDIA L4", bits=4)
