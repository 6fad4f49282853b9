"""Times on a device: by hand, at their limits, in their direction, and against what people measured."""

import math

import numpy as np
import pytest

from shipworthy.calculators.device_known import known_device
from shipworthy.calculators.device_time import (
    Interval,
    Rate,
    Speed,
    battery_hours,
    decode_tokens_per_second,
    energy_a_use,
    first_answer_seconds,
    inference_time,
    prefill_seconds,
)
from shipworthy.errors import InputError

BOARD = Speed(1e12, 10e9, (0.1, 0.5), (0.4, 0.8), (0.001, 0.002))


def test_roofline_by_hand() -> None:
    # held up by arithmetic: 8e9 / (0.5 × 1e12) + 0.001, 8e9 / (0.1 × 1e12) + 0.002
    time = inference_time(BOARD, 8e9, 20e6)
    assert (float(time.shortest), float(time.longest)) == pytest.approx((0.017, 0.082))
    # held up by memory: 400e6 / (0.8 × 10e9) + 0.001, 400e6 / (0.4 × 10e9) + 0.002
    time = inference_time(BOARD, 8e9, 400e6)
    assert (float(time.shortest), float(time.longest)) == pytest.approx((0.051, 0.102))
    # the two ends may have different causes: 17 ms of arithmetic against 26 ms of memory, 82 against 52
    time = inference_time(BOARD, 8e9, 200e6)
    assert (float(time.shortest), float(time.longest)) == pytest.approx((0.026, 0.082))


def test_roofline_against_the_slower_of_two_simulated_streams() -> None:
    rng = np.random.default_rng(3)
    flops, moved = rng.uniform(1e8, 1e11, 200), rng.uniform(1e6, 1e9, 200)
    time = inference_time(BOARD, flops, moved)
    for index in range(200):
        compute, memory = flops[index] / 1e12, moved[index] / 1e10
        assert time.shortest[index] == pytest.approx(0.001 + max(compute / 0.5, memory / 0.8))
        assert time.longest[index] == pytest.approx(0.002 + max(compute / 0.1, memory / 0.4))
    assert (time.shortest < time.longest).all()


def test_limits_of_the_roofline() -> None:
    nothing = inference_time(BOARD, 0.0, 0.0)
    assert (float(nothing.shortest), float(nothing.longest)) == (0.001, 0.002)  # the fixed time alone
    no_limit = inference_time(Speed(1e12, math.inf, (0.1, 0.5), (1, 1)), 1e9, 1e12)
    assert (float(no_limit.shortest), float(no_limit.longest)) == (0.002, 0.01)
    certain = inference_time(Speed(1e12, 1e10, (1, 1), (1, 1)), 1e9, 1e6)
    assert float(certain.shortest) == float(certain.longest) == 0.001


def test_what_is_unknown_makes_the_time_unknown_unless_it_is_not_needed() -> None:
    unknown = Speed(1e12, math.nan, (0.1, 0.5), (0.4, 0.8))
    assert math.isnan(float(inference_time(unknown, 1e9, 1e6).longest))
    assert float(inference_time(unknown, 1e9, 0.0).longest) == 0.01
    no_share = Speed(1e12, 1e10, (math.nan, math.nan), (0.4, 0.8))
    assert math.isnan(float(inference_time(no_share, 1e9, 1e6).shortest))


def test_a_measured_time_takes_the_place_of_the_estimate() -> None:
    time = inference_time(BOARD, 8e9, [20e6, 20e6], measured=[0.033, math.nan])
    assert time.shortest == pytest.approx([0.033, 0.017])
    assert time.longest == pytest.approx([0.033, 0.082])
    unknown = Speed(math.nan, math.nan, (math.nan, math.nan), (math.nan, math.nan))
    assert float(inference_time(unknown, 1e9, 1e6, measured=0.05).longest) == 0.05


@pytest.mark.parametrize("change", [{"peak": 2e12}, {"bandwidth": 40e9}, {"compute_share": (0.2, 0.6)}])
def test_a_faster_device_is_never_slower(change: dict) -> None:
    figures = {**vars(BOARD), **change}
    flops, moved = np.geomspace(1e6, 1e12, 13)[:, None], np.geomspace(1e3, 1e10, 8)
    before, after = inference_time(BOARD, flops, moved), inference_time(Speed(**figures), flops, moved)
    for end in (0, 1):
        assert (after[end] <= before[end]).all()
        assert (after[end] < before[end]).any()


def test_decode_by_hand() -> None:
    laptop = Speed(4e12, 120e9, (0.1, 0.8), (0.5, 0.9))
    rate = decode_tokens_per_second(laptop, 4.9e9, 0.1e9)
    assert (float(rate.slowest), float(rate.fastest)) == pytest.approx((12.0, 21.6))
    # 16e9 flop at 0.1 × 4e12 is 40 ms, less than the 83 ms of reading; at a tenth of the peak it is 400 ms
    assert float(decode_tokens_per_second(laptop, 4.9e9, 0.1e9, flops=16e9).slowest) == pytest.approx(12.0)
    weak = Speed(0.4e12, 120e9, (0.1, 0.8), (0.5, 0.9))
    assert float(decode_tokens_per_second(weak, 4.9e9, 0.1e9, flops=16e9).slowest) == pytest.approx(2.5)
    longer = decode_tokens_per_second(laptop, 4.9e9, [0.0, 1e9, 5e9])
    assert (np.diff(longer.fastest) < 0).all()
    assert float(decode_tokens_per_second(Speed(1e12, math.inf, (1, 1), (1, 1)), 1e9).slowest) == math.inf


@pytest.mark.parametrize(
    ("device", "weights", "measured"),
    [
        ("Raspberry Pi 5 (8 GB)", 0.339e9, 30.39),  # ggml-org/llama.cpp issue 26484
        ("Raspberry Pi 5 (8 GB)", 0.531e9, 19.87),
        ("Raspberry Pi 5 (8 GB)", 2.02e9, 5.55),  # geerlingguy/ai-benchmarks issue 24: the same chip, Llama 3.2 3B
        ("Apple M4", 4.92e9, 20.87),  # brand-o/normiebench issue 3: Llama 3.1 8B Q4_K_M
        ("Jetson AGX Orin 64GB", 3.9e9, 22.5),  # nvidia-holoscan/holohub issue 170: Llama 2 7B, 4 bits
        ("Jetson Orin Nano Super dev kit", 0.9e9, 32.1),  # paiml/realizar issues 120 and 121
    ],
)
def test_the_ranges_hold_what_people_measured(device: str, weights: float, measured: float) -> None:
    """The ranges of bandwidth were set with these in view: this keeps them honest, it does not prove them."""
    rate = decode_tokens_per_second(known_device(device, bits=16).speed, weights)
    assert float(rate.slowest) < measured < float(rate.fastest)


def test_prefill_by_hand_and_as_measured() -> None:
    laptop = Speed(4e12, 120e9, (0.1, 0.8), (0.5, 0.9), (0.001, 0.01))
    time = prefill_seconds(laptop, 8e9, 1000)
    assert (float(time.shortest), float(time.longest)) == pytest.approx((5.001, 40.01))
    # a single token is held up by reading 16 GB once, not by its arithmetic
    short = prefill_seconds(laptop, 8e9, 1, weights=16e9)
    assert float(short.longest) == pytest.approx(0.01 + 16e9 / 60e9)
    # brand-o/normiebench issue 3: 512 tokens at 224.81 a second on an M4
    m4 = prefill_seconds(known_device("Apple M4", bits=16).speed, 8.03e9, 512)
    assert float(m4.shortest) < 512 / 224.81 < float(m4.longest)


def test_first_answer_by_hand() -> None:
    time = first_answer_seconds(Interval(np.float64(5.0), np.float64(40.0)), Rate(np.float64(12.0), np.float64(21.6)))
    assert (float(time.shortest), float(time.longest)) == pytest.approx((5 + 1 / 21.6, 40 + 1 / 12))
    answer = first_answer_seconds(Interval(5.0, 40.0), Rate(12.0, 21.6), 120)
    assert (float(answer.shortest), float(answer.longest)) == pytest.approx((5 + 120 / 21.6, 50.0))


def test_energy_and_battery_by_hand() -> None:
    assert float(energy_a_use(12.0, 0.5)) == 6.0
    assert float(energy_a_use(12.0, 0.5, idle=3.0)) == 4.5
    # 15 Wh at 0.5 W and 3,600 uses of 1 J an hour, which is 1 W more
    assert float(battery_hours(15.0, 0.5, 3600.0, 1.0)) == 10.0
    assert battery_hours(15.0, [0.0, 1.5], 0.0, 1.0).tolist() == [math.inf, 10.0]


def test_idle_power_is_counted_once() -> None:
    # an hour: 600 uses of 2 s at 6 W, the other 2,400 s at 1 W: (1200 × 6 + 2400 × 1) / 3600 W
    by_hand = (1200 * 6 + 2400 * 1) / 3600
    assert float(battery_hours(20.0, 1.0, 600, energy_a_use(6.0, 2.0, idle=1.0))) == pytest.approx(20.0 / by_hand)


def test_battery_goes_the_right_way() -> None:
    assert (np.diff(battery_hours(15.0, 0.5, np.arange(0, 500, 50), 2.0)) < 0).all()
    assert (np.diff(battery_hours(np.arange(1.0, 9.0), 0.5, 100, 2.0)) > 0).all()


def test_impossible_numbers_are_refused_in_words() -> None:
    with pytest.raises(InputError, match=r"peak arithmetic is 0\. It must be above 0"):
        inference_time(Speed(0.0, 1e9, (1, 1), (1, 1)), 1, 1)
    with pytest.raises(InputError, match=r"goes from 0\.1 to 1\.5\. Both ends must be above 0 and up to 1"):
        inference_time(Speed(1e9, 1e9, (0.1, 1.5), (1, 1)), 1, 1)
    with pytest.raises(InputError, match="low end of the share of the memory bandwidth is above its high end"):
        inference_time(Speed(1e9, 1e9, (1, 1), (0.8, 0.4)), 1, 1)
    with pytest.raises(InputError, match="arithmetic of one use is -1"):
        inference_time(BOARD, -1, 1)
    with pytest.raises(InputError, match="measured time is -3"):
        inference_time(BOARD, 1, 1, measured=-3)
    with pytest.raises(InputError, match="weights that are read for a token is 0"):
        decode_tokens_per_second(BOARD, 0.0)
    with pytest.raises(InputError, match="tokens a second is 0"):
        first_answer_seconds(Interval(1.0, 2.0), Rate(0.0, 1.0))
    with pytest.raises(InputError, match="more when idle than at work"):
        energy_a_use(1.0, 1.0, idle=2.0)
    with pytest.raises(InputError, match="energy in the battery is -1"):
        battery_hours(-1.0, 1.0, 1.0, 1.0)
