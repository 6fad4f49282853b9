"""Scale against a search with the exact formula, hand-worked values, simulation and its limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.calculators.general_queues import allen_cunneen, servers_needed_varying, simulated_wait
from shipworthy.calculators.queues import mmc_wait, wait_exceeds
from shipworthy.calculators.scale import (
    concurrency,
    cost_month,
    peak_factor,
    peak_rate,
    servers_needed,
    utilisation,
    wait_percentile,
)
from shipworthy.errors import InputError


def test_peak_by_hand() -> None:
    # 2,628,000 uses in a month of 2,628,000 seconds, twice as many at the peak
    assert float(peak_rate(87_600, 30, 2)) == pytest.approx(2.0)
    assert peak_factor([1] * 24) == 1.0
    assert peak_factor([0] * 23 + [5]) == 24.0
    assert peak_factor([2] * 12 + [1] * 12) == pytest.approx(4 / 3)
    assert peak_factor([20.0] * 12 + [10.0] * 12) == pytest.approx(4 / 3)


def test_little_and_utilisation_by_hand() -> None:
    assert float(concurrency(40, 0.25)) == 10.0
    assert utilisation(40, 0.25, [8, 20]).tolist() == [1.25, 0.5]


def least_by_search(rate: float, service: float, wait: float, share: float) -> int:
    count = int(np.floor(rate * service)) + 1
    while not wait_exceeds(rate, service, count, wait) <= 1 - share:
        count += 1
    return count


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999999])
def test_servers_against_a_search(share: float) -> None:
    for rate in (0.001, 0.3, 1.0, 7.0, 60.0, 900.0):
        for service in (0.05, 1.0, 2.5):
            for patience in (0.0, 0.3, 5.0):
                expected = least_by_search(rate, service, patience * service, share)
                assert servers_needed(rate, service, patience * service, share) == expected


@pytest.mark.parametrize("largest", [1, 2, 4])
def test_servers_are_enough_and_one_fewer_is_not(largest: float) -> None:
    rng = np.random.default_rng(int(largest))
    count = 6000
    rate, service = 10 ** rng.uniform(-2, largest, count), 10 ** rng.uniform(-2, 0.5, count)
    wait = service * rng.choice([0.0, 0.05, 1.0, 10.0], count) * rng.random(count)
    share = rng.choice([0.0, 0.5, 0.9, 0.95, 0.99, 0.99999], count)
    found = servers_needed(rate, service, wait, share)
    assert (found == np.round(found)).all()
    assert (wait_exceeds(rate, service, found, wait) <= 1 - share).all()
    assert not (wait_exceeds(rate, service, found - 1, wait) <= 1 - share).any()


def test_one_server_by_hand() -> None:
    # M/M/1: rho exp(-(1 - rho) t / s) <= 1 - q. With rho 0.5, t 2 s of service: 0.5 exp(-1) = 0.184
    assert servers_needed(0.5, 1.0, 2.0, [0.81, 0.82]).tolist() == [1.0, 2.0]


def test_servers_at_their_limits() -> None:
    assert servers_needed([0.0, 5.0], [1.0, 0.0], 0.1, 0.95).tolist() == [1.0, 1.0]
    assert float(servers_needed(10, 1, 1e9, 0.95)) == 11.0
    assert servers_needed(np.full((2, 3), 4.0), 1.0, 0.5, 0.9).shape == (2, 3)


@given(rate=st.floats(0.01, 500), more=st.floats(0.01, 100), share=st.floats(0, 0.999), patience=st.floats(0, 5))
def test_servers_directions(rate: float, more: float, share: float, patience: float) -> None:
    found = servers_needed(rate, 0.5, patience, share)
    assert servers_needed(rate + more, 0.5, patience, share) >= found
    assert servers_needed(rate, 0.5, patience + more, share) <= found
    assert servers_needed(rate, 0.5, patience, (1 + share) / 2) >= found
    assert servers_needed(rate / 86_400, 0.5 * 86_400, patience * 86_400, share) == pytest.approx(found, abs=1)


def test_large_systems_need_less_reserve() -> None:
    busy = utilisation([10, 1000, 100_000], 0.1, servers_needed([10, 1000, 100_000], 0.1, 0.05, 0.95))
    assert (np.diff(busy) > 0).all()


def test_percentiles_of_the_wait_come_back() -> None:
    for q in (0.8, 0.95, 0.99):
        wait = wait_percentile(34, 0.25, 10, q)
        assert float(wait_exceeds(34, 0.25, 10, wait)) == pytest.approx(1 - q)
    assert float(wait_percentile(34, 0.25, 40, 0.95)) == 0.0
    assert np.isnan(wait_percentile(34, 0.25, [8.0, 8.5], 0.95)).all()
    assert float(wait_percentile(0, 1.0, 1, 0.95)) == 0.0


def test_cost_by_hand() -> None:
    assert float(cost_month(3, 2, 100)) == 730 * 6 + 100


def test_allen_cunneen_is_exact_where_it_should_be() -> None:
    # M/D/1, rho 0.8: W = rho s / (2 (1 - rho)) = 2 s; M/M/c at cv 1
    assert float(allen_cunneen(0.8, 1.0, 0, 1)) == pytest.approx(2.0)
    assert float(allen_cunneen(8, 1.0, 1, 10)) == pytest.approx(float(mmc_wait(8, 1.0, 10)))
    assert np.isnan(allen_cunneen(12, 1.0, 0.5, 10))


def test_by_how_much_allen_cunneen_is_off() -> None:
    found = simulated_wait(0.7 * 16, 1.0, 0.0, 16, seed=1, requests=600_000)
    off = float(allen_cunneen(0.7 * 16, 1.0, 0.0, 16)) / found.mean - 1
    assert off == pytest.approx(-0.16, abs=0.06)


@pytest.mark.parametrize(("rate", "servers"), [(0.7, 1), (2.4, 3), (17.0, 20)])
def test_simulation_meets_the_formula_for_exponential_times(rate: float, servers: int) -> None:
    found = simulated_wait(rate, 1.0, 1.0, servers, seed=2)
    assert found.mean == pytest.approx(float(mmc_wait(rate, 1.0, servers)), abs=2 * found.error)
    assert found.exceeds(1.0) == pytest.approx(float(wait_exceeds(rate, 1.0, servers, 1.0)), abs=0.02)
    assert found.percentile(0.95) == pytest.approx(float(wait_percentile(rate, 1.0, servers, 0.95)), rel=0.15)
    assert 0 < found.error < 0.2 * found.mean


@pytest.mark.parametrize("cv", [0.0, 0.5, 3.0])
def test_simulation_of_one_server_meets_pollaczek_and_khinchine(cv: float) -> None:
    # M/G/1: W = rho s (1 + cv²) / (2 (1 - rho)), exact
    found = simulated_wait(0.5, 1.0, cv, 1, seed=3, requests=400_000)
    assert found.mean == pytest.approx(0.5 * (1 + cv * cv), abs=2 * found.error)


def test_servers_for_work_that_varies() -> None:
    rates = np.array([1.0, 34.0, 400.0])
    assert (
        servers_needed_varying(rates, 0.25, 1.0, 0.1, 0.95).tolist() == servers_needed(rates, 0.25, 0.1, 0.95).tolist()
    )
    calm, usual, wild = (servers_needed_varying(rates, 0.25, cv, 0.1, 0.95) for cv in (0.0, 1.0, 3.0))
    assert (calm <= usual).all()
    assert (usual <= wild).all()
    needed = int(servers_needed_varying(34, 0.25, 0.5, 0.1, 0.95))
    assert simulated_wait(34, 0.25, 0.5, needed, requests=100_000).exceeds(0.1) < 0.05 + 0.01
    with pytest.raises(InputError, match="coefficient of variation of -1"):
        servers_needed_varying(34, 0.25, -1.0, 0.1, 0.95)


def test_simulation_at_its_limits() -> None:
    overloaded = simulated_wait(10, 1.0, 2.0, 10)
    assert np.isnan([overloaded.mean, overloaded.exceeds(1.0), overloaded.percentile(0.9)]).all()
    idle = simulated_wait(0, 1.0, 2.0, 10)
    assert (idle.mean, idle.exceeds(0.0), idle.percentile(0.9)) == (0.0, 0.0, 0.0)
    again = [simulated_wait(2.0, 1.0, 2.0, 3, seed=7, requests=5000).mean for _ in range(2)]
    assert again[0] == again[1]
    calm, wild = (simulated_wait(2.4, 1.0, cv, 3, requests=50_000).mean for cv in (0.5, 2.5))
    assert calm < wild


def test_what_cannot_be_is_refused_in_words() -> None:
    with pytest.raises(InputError, match="share of 1 was found"):
        servers_needed(3, 1, 1, 1.0)
    with pytest.raises(InputError, match="the arrival rate is -3"):
        servers_needed(-3, 1, 1, 0.5)
    with pytest.raises(InputError, match="without end"):
        servers_needed(np.inf, 1, 1, 0.5)
    with pytest.raises(InputError, match="Give 24, one for each hour"):
        peak_factor([1] * 23)
    with pytest.raises(InputError, match="the number of servers is 0"):
        utilisation(3, 1, 0)
    with pytest.raises(InputError, match="above, simulate"):
        allen_cunneen(3, 1, 1.5, 4)
    with pytest.raises(InputError, match="found 0 servers"):
        simulated_wait(3, 1, 1, 0)
    with pytest.raises(InputError, match="coefficient of variation is -1"):
        simulated_wait(3, 1, -1, 5)
