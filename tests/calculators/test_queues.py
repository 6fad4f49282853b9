"""Queues against the recurrence, mpmath, a simulation and their limits."""

import mpmath  # type: ignore[import-untyped]
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.calculators.queues import backlog_growth, batch_wait, erlang_b, erlang_c, mmc_wait, wait_exceeds
from shipworthy.errors import InputError


def recurrence(load: float, servers: int) -> float:
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = load * blocked / (count + load * blocked)
    return blocked


@pytest.mark.parametrize("servers", [1, 2, 5, 29, 30, 31, 100, 1000, 5000])
def test_erlang_b_against_the_recurrence(servers: int) -> None:
    loads = servers * np.array([0.5, 0.9, 0.99, 0.999, 1.0, 1.01, 1.2, 1.5, 2.0, 5.0, 100.0])
    expected = np.array([recurrence(load, servers) for load in loads])
    assert erlang_b(loads, servers) == pytest.approx(expected, rel=1e-11)


def test_erlang_b_published_values() -> None:
    # Erlang B traffic tables: load carried at 1 % blocking, to the table's three digits
    for servers, load in ((1, 0.0101), (5, 1.36), (10, 4.46), (50, 37.9), (100, 84.1)):
        assert float(erlang_b(load, servers)) == pytest.approx(0.01, abs=1.2e-4)


def test_erlang_b_between_whole_servers_against_mpmath() -> None:
    for load, servers in ((7.3, 9.5), (60.0, 55.25)):
        inverse = mpmath.quad(lambda t, a=load, c=servers: a * mpmath.e ** (-a * t) * (1 + t) ** c, [0, 1, mpmath.inf])
        assert float(erlang_b(load, servers)) == pytest.approx(float(1 / inverse), rel=1e-11)


def test_erlang_limits() -> None:
    assert erlang_b([0.0, 0.0, 5.0, 5.0, np.inf], [0.0, 5.0, 0.0, np.inf, 5.0]).tolist() == [1.0, 0.0, 1.0, 0.0, 1.0]
    assert erlang_c([0.0, 10.0, 11.0], [5.0, 10.0, 10.0]).tolist() == [0.0, 1.0, 1.0]
    assert float(erlang_c(10, 11)) == pytest.approx(0.6821, abs=5e-5)  # Cooper's tables


def test_erlang_c_with_one_server_is_its_utilisation() -> None:
    load = np.linspace(0, 0.99, 12)
    assert erlang_c(load, 1) == pytest.approx(load, abs=1e-14)


@pytest.mark.parametrize("servers", [1, 10, 30, 31, 500, 10_000])
def test_erlang_c_against_mpmath_up_to_ten_thousand_servers(servers: int) -> None:
    with mpmath.workdps(40):
        for busy in (0.8, 0.95, 0.999, 1 - 1e-9):
            load = mpmath.mpf(servers * busy)
            term = total = mpmath.mpf(1)  # 1 / B = 1 + c/a + c (c - 1)/a² + …
            for left in range(servers, 0, -1):
                term *= left / load
                total += term
            expected = 1 / (load / servers + (1 - load / servers) * total)
            assert float(erlang_c(servers * busy, servers) / expected) == pytest.approx(1.0, abs=1e-9)


def test_one_server_waits_by_hand() -> None:
    # M/M/1, 0.8 a day, one day of service: W = rho s / (1 - rho) = 4 days; P(W > t) = rho exp(-(1 - rho) t / s)
    assert float(mmc_wait(0.8, 1.0, 1)) == pytest.approx(4.0)
    assert float(wait_exceeds(0.8, 1.0, 1, 5.0)) == pytest.approx(0.8 * np.exp(-1.0))


def test_wait_against_a_simulation() -> None:
    rng = np.random.default_rng(4)
    count, servers, arrivals, service = 60_000, 3, 2.4, 1.0
    arrive = np.cumsum(rng.exponential(1 / arrivals, count))
    takes = rng.exponential(service, count)
    free, waits = [0.0] * servers, np.empty(count)
    for index in range(count):
        free.sort()
        start = max(free[0], arrive[index])
        waits[index] = start - arrive[index]
        free[0] = start + takes[index]
    assert float(mmc_wait(arrivals, service, servers)) == pytest.approx(waits.mean(), rel=0.1)
    assert float(wait_exceeds(arrivals, service, servers, 1.0)) == pytest.approx((waits > 1).mean(), abs=0.03)


def test_the_share_that_waits_integrates_to_the_mean_wait() -> None:
    limits = np.linspace(0, 60, 200_001)
    area = np.trapezoid(wait_exceeds(20, 0.5, 11, limits), limits)
    assert float(mmc_wait(20, 0.5, 11)) == pytest.approx(float(area), rel=1e-6)


def test_an_overloaded_queue_has_no_mean_wait_but_grows() -> None:
    assert np.isnan(mmc_wait([20.0, 25.0], 0.5, 10)).all()
    assert np.isnan(wait_exceeds(20, 0.5, 10, 3))
    assert backlog_growth([20.0, 25.0], 20).tolist() == [0.0, 5.0]


def test_no_work_no_wait() -> None:
    assert float(mmc_wait(0, 1, 2)) == 0.0
    assert float(mmc_wait(5, 0, 2)) == 0.0
    assert wait_exceeds(5, 0, 2, [0.0, 1.0]).tolist() == [0.0, 0.0]


def test_batch_by_hand_and_at_its_limits() -> None:
    wait, share = batch_wait([0.0, 600.0, 900.0, 1200.0, 10.0], [30.0, 30.0, 30.0, 30.0, 0.0], 30.0)
    assert wait.tolist() == [0.0, 20.0, 30.0, 30.0, 30.0]
    assert share.tolist() == [1.0, 1.0, 1.0, 0.75, 0.0]
    nothing, all_of_it = batch_wait(0, 30, 0)
    assert (float(nothing), float(all_of_it)) == (0.0, 1.0)


@given(
    contacts=st.floats(1, 1e5),
    capacity=st.floats(0.1, 1e4),
    rhythm=st.floats(0.1, 365),
    more=st.floats(1.0, 10.0),
)
def test_batch_directions(contacts: float, capacity: float, rhythm: float, more: float) -> None:
    wait, share = batch_wait(contacts, capacity, rhythm)
    longer, fewer = batch_wait(contacts * more, capacity, rhythm)
    shorter, most = batch_wait(contacts, capacity * more, rhythm)
    assert shorter <= wait <= longer <= rhythm
    assert fewer <= share <= most <= 1.0
    assert float(share * contacts) <= capacity * rhythm * (1 + 1e-12)


@given(load=st.floats(0.1, 50), servers=st.integers(1, 60), more=st.floats(0.01, 5.0))
def test_erlang_directions(load: float, servers: int, more: float) -> None:
    for measure in (erlang_b, erlang_c):
        assert 0 <= measure(load, servers) <= 1
        assert measure(load + more, servers) >= measure(load, servers) * (1 - 1e-12)
        assert measure(load, servers + 1) <= measure(load, servers) * (1 + 1e-12)


@pytest.mark.parametrize("call", [lambda x: erlang_b(x, 2), lambda x: mmc_wait(2, x, 3), lambda x: batch_wait(x, 2, 3)])
def test_negative_numbers_are_refused(call: object) -> None:
    assert callable(call)
    value: npt.ArrayLike = [1.0, -2.0]
    with pytest.raises(InputError, match=r"is -2\. It must be 0 or more"):
        call(value)
