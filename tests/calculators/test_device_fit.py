"""The largest model that fits: against trying it out, at its limits, and in its direction."""

import math
from dataclasses import replace

import numpy as np
import pytest

from shipworthy.calculators.device import Workload
from shipworthy.calculators.device_fit import Fit, largest_fit
from shipworthy.calculators.device_time import Speed
from shipworthy.errors import InputError

BOARD = Speed(1e12, 10e9, (0.1, 0.5), (0.5, 0.8), (0.001, 0.01))
WORK = Workload(1e9, 8, 2e9, activations=0.1e9, kv_cache=0.2e9, traffic=0.05e9)


def fitted(parameters: float, work: Workload, usable: float, limit: float) -> Fit:
    """The model with another number of parameters, its arithmetic in proportion."""
    grown = replace(work, parameters=parameters, flops=work.flops * parameters / work.parameters)
    return largest_fit(grown, usable, BOARD, limit)


def test_parts_shares_and_verdict_by_hand() -> None:
    fit = largest_fit(WORK, 2e9, BOARD, limit=0.5)
    assert (float(fit.need.weights), float(fit.need.activations), float(fit.need.kv_cache)) == (1e9, 0.1e9, 0.2e9)
    assert float(fit.left) == pytest.approx(0.7e9)
    assert float(fit.memory_share) == pytest.approx(0.65)
    # 1.25 GB at 8 and at 5 GB/s, with 1 and 10 ms
    assert (float(fit.time.shortest), float(fit.time.longest)) == pytest.approx((0.15725, 0.26))
    assert float(fit.time_share.longest) == pytest.approx(0.52)
    assert (str(fit.verdict), str(fit.binds)) == ("fits", "memory")
    # memory: 2 − 0.3 GB of weights; time: 0.49 s × 5 GB/s − 0.25 GB
    assert (float(fit.parameters.memory), float(fit.parameters.time)) == pytest.approx((1.7e9, 2.2e9))
    assert (float(fit.bits.memory), float(fit.bits.time)) == pytest.approx((13.6, 17.6))
    assert (float(fit.parameters.both), float(fit.bits.both)) == pytest.approx((1.7e9, 13.6))


@pytest.mark.parametrize(
    ("usable", "limit", "verdict", "binds"),
    [
        (2e9, 0.5, "fits", "memory"),
        (2e9, 0.3, "fits", "time"),
        (2e9, 0.2, "may be too slow", "time"),
        (2e9, 0.1, "too slow", "time"),
        (1e9, 0.5, "too large", "memory"),
        (1e9, 0.1, "too large and too slow", "time"),
        (0.1e9, 0.1, "too large and too slow", "memory"),
        (1e9, math.inf, "too large", "memory"),
        (math.nan, 0.5, "unknown", "time"),
        (math.nan, 0.1, "too slow", "time"),
    ],
)
def test_verdicts(usable: float, limit: float, verdict: str, binds: str) -> None:
    fit = largest_fit(WORK, usable, BOARD, limit)
    assert (str(fit.verdict), str(fit.binds)) == (verdict, binds)


@pytest.mark.parametrize("flops", [2e9, 40e9, 400e9])  # held up by memory, near the ridge, by arithmetic
@pytest.mark.parametrize("usable", [0.8e9, 1.5e9, 6e9])
@pytest.mark.parametrize("limit", [0.1, 0.6, 8.0])
def test_the_largest_fits_and_a_little_more_does_not(flops: float, usable: float, limit: float) -> None:
    work = replace(WORK, flops=flops)
    fit = largest_fit(work, usable, BOARD, limit)
    most = float(fit.parameters.both)
    assert most > 0
    assert str(fitted(most * (1 - 1e-9), work, usable, limit).verdict) == "fits"
    assert str(fitted(most * (1 + 1e-9), work, usable, limit).verdict) != "fits"
    bits = float(fit.bits.both)
    if bits > 0:
        assert str(largest_fit(replace(work, bits=bits * (1 - 1e-9)), usable, BOARD, limit).verdict) == "fits"
        assert str(largest_fit(replace(work, bits=bits * (1 + 1e-9)), usable, BOARD, limit).verdict) != "fits"
    else:
        assert str(largest_fit(replace(work, bits=1e-6), usable, BOARD, limit).verdict) != "fits"


def test_no_number_of_bits_helps_where_arithmetic_is_too_slow_or_nothing_is_left() -> None:
    slow = largest_fit(replace(WORK, flops=400e9), 6e9, BOARD, limit=1.0)
    assert float(slow.bits.both) == 0.0
    assert 0 < float(slow.parameters.both) < 1e9
    full = largest_fit(replace(WORK, kv_cache=3e9), 2e9, BOARD)
    assert (float(full.bits.both), float(full.parameters.both)) == (0.0, 0.0)
    assert float(largest_fit(WORK, 6e9, BOARD, limit=0.005).parameters.both) == 0.0  # the fixed time is longer


def test_without_a_time_limit_memory_alone_decides() -> None:
    unknown = Speed(math.nan, math.nan, (math.nan, math.nan), (math.nan, math.nan), (math.nan, math.nan))
    fit = largest_fit(WORK, 2e9, unknown)
    assert (str(fit.verdict), str(fit.binds)) == ("fits", "memory")
    assert float(fit.parameters.time) == math.inf
    assert float(fit.parameters.both) == pytest.approx(1.7e9)
    assert float(fit.bits.both) == pytest.approx(13.6)


def test_an_unknown_is_left_out_of_the_largest_and_never_passes_for_a_fit() -> None:
    blind = replace(BOARD, bandwidth=math.nan)
    fit = largest_fit(WORK, 2e9, blind, limit=0.5)
    assert (str(fit.verdict), str(fit.binds)) == ("unknown", "memory")
    assert math.isnan(float(fit.parameters.time))
    assert math.isnan(float(fit.bits.time))
    assert float(fit.parameters.both) == pytest.approx(1.7e9)
    assert str(largest_fit(WORK, 1e9, blind, limit=0.5).verdict) == "too large"
    nothing = largest_fit(WORK, math.nan, blind, limit=0.5)
    assert (str(nothing.verdict), str(nothing.binds)) == ("unknown", "unknown")
    assert math.isnan(float(nothing.parameters.both))
    slow_chip = replace(BOARD, peak=math.nan)
    assert math.isnan(float(largest_fit(WORK, 2e9, slow_chip, limit=0.5).bits.time))


def test_a_measured_time_decides_the_verdict() -> None:
    assert str(largest_fit(WORK, 2e9, BOARD, limit=0.2).verdict) == "may be too slow"
    assert str(largest_fit(WORK, 2e9, BOARD, limit=0.2, measured=0.19).verdict) == "fits"
    assert str(largest_fit(WORK, 2e9, BOARD, limit=0.2, measured=0.21).verdict) == "too slow"
    blind = replace(BOARD, bandwidth=math.nan)
    assert str(largest_fit(WORK, 2e9, blind, limit=0.2, measured=0.19).verdict) == "fits"


def test_more_room_and_more_time_never_fit_less() -> None:
    room = largest_fit(WORK, np.linspace(0.1e9, 8e9, 40), BOARD, limit=0.5)
    assert (np.diff(room.parameters.both) >= 0).all()
    assert room.parameters.both[-1] == pytest.approx(2.2e9)  # then time is the limit
    time = largest_fit(WORK, 4e9, BOARD, np.linspace(0.02, 3.0, 40))
    assert (np.diff(time.bits.both) >= 0).all()
    assert time.bits.both[-1] == pytest.approx(8 * 3.7)  # then memory is
    chats = largest_fit(replace(WORK, kv_cache=np.linspace(0, 2e9, 20)), 2e9, BOARD, limit=0.5)
    assert (np.diff(chats.parameters.both) <= 0).all()


def test_a_word_for_each_draw() -> None:
    fit = largest_fit(replace(WORK, bits=[2.0, 8.0, 16.0]), 2e9, BOARD, limit=0.3)
    # 16 bits: 2.3 of 2 GB, and 2.25 GB at 5 to 8 GB/s take 0.28 to 0.46 s of 0.3
    assert fit.verdict.tolist() == ["fits", "fits", "too large"]
    assert fit.binds.tolist() == ["time", "time", "time"]
    assert fit.left.shape == fit.parameters.both.shape == fit.bits.both.shape == (3,)
    assert fit.bits.both == pytest.approx([fit.bits.both[0]] * 3)  # the most bits do not depend on the bits now


def test_impossible_numbers_are_refused_in_words() -> None:
    with pytest.raises(InputError, match=r"number of parameters is 0\. It must be above 0"):
        largest_fit(replace(WORK, parameters=0), 1e9, BOARD)
    with pytest.raises(InputError, match=r"time limit is 0\. It must be above 0"):
        largest_fit(WORK, 1e9, BOARD, limit=0)
    with pytest.raises(InputError, match="other traffic is -1"):
        largest_fit(replace(WORK, traffic=-1), 1e9, BOARD)
