"""Servers that cannot become more: what they get done in a day, how long a use waits, whether a night is enough."""

import numpy as np
import pytest

from shipworthy.calculators.general_queues import simulated_wait
from shipworthy.calculators.overload import capacity_share, hourly_day, night_hours, peaked_day, wait_stage
from shipworthy.calculators.queues import wait_exceeds
from shipworthy.calculators.scale import peak_factor, wait_percentile
from shipworthy.errors import InputError


@pytest.mark.parametrize("factor", [1.0, 1.6, 3.0, 12.0, 24.0])
def test_a_peaked_day_has_all_its_uses_in_24_hours(factor: float) -> None:
    levels = peaked_day(factor)
    assert sum(share for _, share in levels) == pytest.approx(1.0)
    hours = sum(share * 24 / factor / against for against, share in levels if against > 0)
    assert hours == pytest.approx(24.0 if factor < 24 else 1.0)


def test_a_factor_above_24_is_one_hour_and_below_1_is_refused() -> None:
    assert [float(part) for level in peaked_day(40.0) for part in level] == [1.0, 1.0, 0.0, 0.0]
    with pytest.raises(InputError, match=r"1 or more"):
        peaked_day(0.5)


def test_the_hours_of_a_day_are_levels_with_the_same_busiest_hour() -> None:
    hours = [0, 0, 0, 1, 2, 3, 5, 8, 10, 10, 10, 8, 8, 8, 10, 5, 3, 2, 2, 1, 1, 0, 0, 0]
    levels = hourly_day(hours)
    assert sum(share for _, share in levels) == pytest.approx(1.0)
    assert levels[0] == (1.0, pytest.approx(40 / sum(hours)))
    busy = sum(each > 0 for each in hours)
    assert sum(share / against for against, share in levels) == pytest.approx(busy / 24 * peak_factor(hours))
    for bad in ([0.0] * 24, [-1.0, *[1.0] * 23]):
        with pytest.raises(InputError, match="not all 0"):
            hourly_day(bad)


def test_what_is_lost_is_what_comes_above_counted_use_by_use() -> None:
    hours = np.array([1.0] * 12 + [2.0] * 8 + [4.0] * 4)
    for busy in (0.5, 1.0, 1.5, 2.5, 8.0, 100.0):
        able = hours.max() / busy
        expected = np.minimum(hours, able).sum() / hours.sum()
        assert capacity_share(busy, hourly_day(hours.tolist())) == pytest.approx(expected)


def test_more_load_loses_more_and_in_the_end_all() -> None:
    busy = np.array([0.0, 0.9, 1.0, 1.1, 3.0, 1e9])
    done = capacity_share(busy, peaked_day(np.full(6, 2.0)))
    assert done[:3].tolist() == pytest.approx([1.0, 1.0, 1.0])
    assert (np.diff(done[2:]) < 0).all()
    assert done[-1] < 1e-8
    with pytest.raises(InputError, match="0 or more"):
        capacity_share(-0.1, peaked_day(2.0))


@pytest.mark.parametrize(("rate", "servers"), [(34.0, 9), (34.0, 12), (3.0, 2), (400.0, 104)])
def test_the_wait_is_that_of_the_queue(rate: float, servers: int) -> None:
    found = wait_stage(rate, 0.25, 1.0, servers)
    for share in (0.5, 0.95, 0.99):
        assert found.percentile(share) == pytest.approx(float(wait_percentile(rate, 0.25, servers, share)))
    late = wait_exceeds(rate, 0.25, servers, found.typical)
    assert late == pytest.approx(0.5 * float(found.share))
    assert wait_exceeds(rate, 0.25, servers, found.slow) == pytest.approx(0.05 * float(found.share))


def test_work_that_is_always_the_same_waits_as_simulated() -> None:
    found, simulated = wait_stage(34.0, 0.25, 0.0, 10), simulated_wait(34.0, 0.25, 0.0, 10, requests=400_000)
    mean = float(found.share * found.typical / np.log(2.0))
    assert mean == pytest.approx(simulated.mean, rel=0.15)  # Allen and Cunneen's formula: too low by some 15 %


def test_an_overloaded_queue_waits_without_end_and_an_empty_one_not_at_all() -> None:
    found = wait_stage(np.array([0.0, 40.0, 50.0]), 0.25, 1.0, 10)
    assert found.share.tolist() == [0.0, 1.0, 1.0]
    assert found.typical.tolist()[1:] == [np.inf, np.inf]
    assert found.percentile(0.95).tolist() == [0.0, np.inf, np.inf]
    with pytest.raises(InputError, match="0 or more"):
        wait_stage(1.0, -1.0, 1.0, 1)


def test_a_night() -> None:
    assert night_hours(7200, 1.0, 1) == pytest.approx(2.0)
    assert night_hours(7200, 1.0, np.array([1.0, 4.0])).tolist() == pytest.approx([2.0, 0.5])
    with pytest.raises(InputError, match="a server"):
        night_hours(1, 1, 0)
