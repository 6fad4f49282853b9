"""Cost per use: tokens of a conversation, hosted and self-hosted cost, break-evens."""

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from shipworthy.calculators.cost import (
    HOURS_PER_MONTH,
    ConversationTokens,
    Fleet,
    TurnMoments,
    TurnSpread,
    break_even_revenue,
    break_even_tokens,
    break_even_utilisation,
    cache_break_even,
    conversation_tokens,
    cost_per_million_tokens,
    crossover_volume,
    fixed_turns,
    flat,
    hosted_cost,
    margin,
    per_call,
    request_tokens,
    self_hosted,
    tokens_by_tier,
    turn_moments,
)
from shipworthy.errors import EstimateError, InputError

SIZE = st.floats(0, 5_000)


def turn_by_turn(system, user, answer, turns, hit=None, tier=math.inf):
    """The conversation as it happens: totals of input, output, cached, written, and input above a tier's threshold."""
    totals = np.zeros(5)
    before = system  # what the cache holds: at first the system prompt of other conversations
    history = system
    for _ in range(turns):
        request = history + user
        cached = 0.0 if hit is None else hit * before
        written = 0.0 if hit is None else request - cached
        totals += (request, answer, cached, written, request if request > tier else 0.0)
        before, history = request, request + answer
    return totals


# tokens of a conversation


@given(SIZE, SIZE, SIZE, st.integers(1, 60), st.one_of(st.none(), st.floats(0, 1)))
def test_tokens_are_those_of_the_conversation_summed_turn_by_turn(system, user, answer, turns, hit):
    found = conversation_tokens(system, user, answer, fixed_turns(turns), hit)
    expected = turn_by_turn(system, user, answer, turns, hit)[:4]
    assert [float(x) for x in found] == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_a_spread_of_turns_enters_through_its_mean_and_mean_square():
    turns = np.random.default_rng(7).geometric(0.25, size=4_000)
    moments = TurnMoments(turns.mean(), (turns.astype(float) ** 2).mean())
    found = conversation_tokens(800.0, 60.0, 210.0, moments, 0.7)
    expected = np.mean([turn_by_turn(800, 60, 210, int(n), 0.7)[:4] for n in turns], axis=0)
    assert [float(x) for x in found] == pytest.approx(expected, rel=1e-10)


def test_the_spread_costs_more_than_its_mean():
    moments = turn_moments(4, 16)
    typical = conversation_tokens(0, 50, 200, fixed_turns(moments.mean))
    assert conversation_tokens(0, 50, 200, moments).input > 1.5 * typical.input


@pytest.mark.parametrize(
    ("p50", "p95", "cap"),
    [(4, 12, None), (1, 8, None), (1.5, 2, None), (7, 40, None), (4, 12, 6), (2, 30, 10), (5, 9, 1)],
)
def test_turn_moments_against_numerical_integration(p50, p95, cap):
    sigma = math.log(p95 / p50) / stats.norm.ppf(0.95)
    limit = math.inf if cap is None else cap
    kinks = [z for z in (-math.log(p50) / sigma, math.log(limit / p50) / sigma if cap else 0.0) if -12 < z < 12]
    moments = turn_moments(p50, p95, cap)
    for order, found in ((1, moments.mean), (2, moments.square)):

        def weighted(z, order=order):
            turns = min(max(p50 * math.exp(sigma * z), 1.0), limit)
            return turns**order * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)

        expected = integrate.quad(weighted, -12, 14, points=kinks, limit=400)[0]
        assert float(found) == pytest.approx(expected, rel=1e-8)


def test_turn_moments_against_mpmath():
    """4 and 12 turns, integrated over ln n with mpmath (30 digits of work, 15 kept)."""
    moments = turn_moments(4, 12)
    assert float(moments.mean) == pytest.approx(5.00330811576109, rel=1e-10)
    assert float(moments.square) == pytest.approx(39.0544071610961, rel=1e-10)


def test_turn_moments_without_width_and_on_arrays():
    plain = turn_moments(6, 6)
    assert (float(plain.mean), float(plain.square)) == pytest.approx((6, 36))
    low, high = np.array([1.0, 2.0, 4.0, 6.0]), np.array([1.0, 9.0, 12.0, 6.0])
    arrays = turn_moments(low, high, cap=20)
    for index in range(4):
        one = turn_moments(low[index], high[index], cap=20)
        assert arrays.mean[index] == pytest.approx(float(one.mean), rel=1e-12)
        assert arrays.square[index] == pytest.approx(float(one.square), rel=1e-12)


def test_turn_moments_move_the_right_way():
    base = turn_moments(4, 12)
    assert turn_moments(5, 12).mean > base.mean
    assert turn_moments(4, 16).square > base.square
    assert turn_moments(4, 12, cap=8).mean < base.mean
    assert float(turn_moments(4, 12, cap=1e9).mean) == pytest.approx(float(base.mean), rel=1e-12)


@pytest.mark.parametrize(
    ("p50", "p95", "cap", "word"),
    [
        (0.5, 3, None, "at least 1 turn"),
        (4, 3, None, "below p50"),
        (4, math.inf, None, "a number"),
        (4, 9, 0, "first turn"),
    ],
)
def test_impossible_turns_are_refused_in_words(p50, p95, cap, word):
    with pytest.raises(EstimateError, match=word):
        turn_moments(p50, p95, cap)
    with pytest.raises(EstimateError):
        turn_moments(math.nan, 3)


def test_no_turn_and_an_impossible_cache_share_are_refused():
    with pytest.raises(InputError, match="at least 1 turn"):
        fixed_turns(0)
    with pytest.raises(InputError, match="share from 0 to 1"):
        conversation_tokens(1, 1, 1, fixed_turns(2), 1.2)


@given(st.integers(1, 30), SIZE, st.floats(1, 500), st.floats(1, 500), st.floats(0, 20_000))
def test_a_context_tier_splits_the_conversation_at_the_right_request(turns, system, user, answer, tier):
    below, above = tokens_by_tier((system, user, answer), TurnSpread(turns, turns), tier, 0.8)
    whole = turn_by_turn(system, user, answer, turns, 0.8, tier)
    edge = [float(request_tokens(system, user, answer, k)) for k in range(1, turns + 1)]
    if min(abs(e - tier) for e in edge) < 1e-6 * (1 + tier):
        return  # rounding decides on which side a request of exactly that size falls
    assert float(above.input) == pytest.approx(whole[4], rel=1e-6, abs=1e-3)
    assert float(below.input + above.input) == pytest.approx(whole[0], rel=1e-6)
    assert float(below.cached + above.cached) == pytest.approx(whole[2], rel=1e-6, abs=1e-3)


def test_a_context_tier_under_a_spread_of_turns():
    """Against draws of the spread, cut at the last turn below the tier."""
    p50, p95, last = 5.0, 20.0, 8
    spread = stats.lognorm(math.log(p95 / p50) / stats.norm.ppf(0.95), scale=p50)
    turns = np.clip(spread.ppf((np.arange(400_000) + 0.5) / 400_000), 1, last)
    below, above = tokens_by_tier((1_000, 100, 300), TurnSpread(p50, p95), 1_000 + 100 * last + 300 * (last - 1))
    expected = conversation_tokens(1_000, 100, 300, TurnMoments(turns.mean(), (turns**2).mean()))
    assert float(below.input) == pytest.approx(float(expected.input), rel=1e-6)
    assert float(above.output) > 0


def test_a_first_request_above_the_tier_puts_everything_above():
    below, above = tokens_by_tier((5_000, 100, 300), TurnSpread(3, 9), 4_000, 0.5)
    assert [float(x) for x in below] == [0, 0, 0, 0]
    assert float(above.input) == pytest.approx(float(conversation_tokens(5_000, 100, 300, turn_moments(3, 9)).input))


def test_a_tier_that_no_conversation_reaches_costs_nothing():
    whole = conversation_tokens(1_000, 100, 300, turn_moments(3, 9), 0.5)
    for tier, cap in ((1e6, None), (6_000, 5)):
        below, above = tokens_by_tier((1_000, 100, 300), TurnSpread(3, 9, cap), tier, 0.5)
        assert [float(x) for x in above] == [0, 0, 0, 0]
        assert cap or [float(x) for x in below] == pytest.approx([float(x) for x in whole])
    above = tokens_by_tier((1_000, 100, 300), TurnSpread(3, 9), 20_000, 0.5)[1]
    assert 0 < float(above.input) < 1e-3 * float(whole.input)


def test_equal_requests_stay_on_one_side_of_the_tier():
    assert float(tokens_by_tier((500, 0, 0), TurnSpread(3, 3), 400)[0].input) == 0
    assert float(tokens_by_tier((500, 0, 0), TurnSpread(3, 3), 600)[1].input) == pytest.approx(0)


# hosted, per call, flat


def test_hosted_cost_by_hand():
    """Two turns, worked on paper: 2,350 in (2,050 read, 300 written), 400 out, at 1.00, 0.10, 1.25 and 5.00 USD."""
    tokens = conversation_tokens(1000, 50, 200, fixed_turns(2), 1.0)
    assert float(hosted_cost(tokens, 1, 5, 0.1, 1.25)) == pytest.approx((2_050 * 0.1 + 300 * 1.25 + 400 * 5) / 1e6)
    assert float(hosted_cost(tokens, 1, 5)) == pytest.approx((2_350 + 400 * 5) / 1e6)


def test_caching_saves_where_history_is_long_and_costs_where_nothing_is_read_again():
    def bill(turns, hit):
        return float(hosted_cost(conversation_tokens(0, 500, 500, fixed_turns(turns), hit), 1, 5, 0.1, 1.25))

    assert bill(12, 0.9) < bill(12, None)
    assert bill(1, 0.9) > bill(1, None)
    assert bill(12, 0.9) < bill(12, 0.5)


def test_history_grows_with_the_square_of_the_turns():
    def tokens(turns):
        return float(conversation_tokens(0, 50, 200, fixed_turns(turns)).input)

    assert tokens(200) / tokens(100) == pytest.approx(4, rel=0.01)


def test_cache_break_even_of_the_fact_sheet():
    """1.25 + 0.1 k < 1 + k, so k > 0.28: one read again already pays."""
    assert float(cache_break_even(0.1, 1.25)) == pytest.approx(0.25 / 0.9)
    assert float(cache_break_even(0.1, 1.0)) == 0
    assert float(cache_break_even(1.0, 1.25)) == math.inf


def test_per_call_and_flat():
    assert float(per_call(0.002)) == 0.002
    assert list(per_call(np.array([1.0, 2.0]), 3)) == [3, 6]
    assert float(flat(100, 400)) == 0.25
    assert float(flat(100, 0)) == math.inf


# self-hosted


@pytest.mark.parametrize(("price", "used", "expected"), [(2.95, 1.0, 0.30), (2.95, 0.3, 1.01), (4.50, 0.3, 1.54)])
def test_cost_of_a_million_tokens_of_the_fact_sheet(price, used, expected):
    assert round(float(cost_per_million_tokens(price, 21_606, used, gpus=8)), 2) == expected


FLEET = Fleet(gpu_price=2.95, throughput=2700, utilisation=0.3, people=10_000, minimum=8, step=8)


def test_self_hosting_by_hand():
    """One H100 at 30 % of 2,700 tokens/s: 810 × 3,600 × 730 = 2,128,680,000 tokens a month, 3,362,843.6 uses of 633."""
    found = self_hosted(np.array([1e5, 2.6e7, 2.8e7, 0.0]), 633, FLEET)
    assert list(found.gpus) == [8, 8, 16, 8]
    assert found.cost_month[:3] == pytest.approx([27_228, 27_228, 44_456])
    assert found.cost_use == pytest.approx([0.27228, 27_228 / 2.6e7, 44_456 / 2.8e7, math.inf])
    assert found.capacity[0] == pytest.approx(8 * 2_128_680_000 / 633)
    assert not found.overloaded.any()


def test_a_full_fleet_costs_what_its_tokens_cost():
    fleet = Fleet(gpu_price=2.95, throughput=21_606 / 8, utilisation=0.3, minimum=8)
    capacity = self_hosted(1, 1_000_000, fleet).capacity
    full = self_hosted(capacity, 1_000_000, fleet, fixed=8)
    assert float(full.cost_use) == pytest.approx(float(cost_per_million_tokens(2.95, 21_606, 0.3, gpus=8)))
    assert not full.overloaded


def test_exactly_full_does_not_ask_for_another_gpu():
    fleet = Fleet(gpu_price=1, throughput=3, utilisation=0.1)
    one = float(self_hosted(1, 7, fleet).capacity)
    assert [int(g) for g in self_hosted(one * np.arange(1, 50), 7, fleet).gpus] == list(range(1, 50))


def test_a_fixed_fleet_is_overloaded_and_serves_what_it_can():
    found = self_hosted(np.array([2.6e7, 5e7]), 633, FLEET, fixed=8)
    assert list(found.overloaded) == [False, True]
    assert found.cost_use[1] == pytest.approx(27_228 / float(found.capacity))


@pytest.mark.parametrize(
    ("fleet", "word"),
    [
        (Fleet(2.95, 0, 0.3), "Throughput"),
        (Fleet(2.95, 2700, 0), "Utilisation: 0 was found"),
        (Fleet(2.95, 2700, 30), "up to 1"),
        (Fleet(2.95, math.nan, 0.3), "Throughput"),
    ],
)
def test_impossible_fleets_are_refused(fleet, word):
    with pytest.raises(InputError, match=word):
        self_hosted(1e6, 600, fleet)
    with pytest.raises(InputError, match=word):
        crossover_volume(0.01, 600, fleet)


# break-evens


def test_margin_and_break_even_revenue():
    cost = break_even_revenue(0.03, kept=0.2)
    assert float(cost) == pytest.approx(0.15)
    assert float(margin(0.2 * cost, 0.03)) == pytest.approx(0)
    with pytest.raises(InputError, match="kept"):
        break_even_revenue(0.03, kept=0)


def test_break_even_tokens_puts_the_margin_to_nought():
    tokens = conversation_tokens(1000, 50, 200, turn_moments(3, 10))
    cost = hosted_cost(tokens, 1, 5)
    used = tokens.input + tokens.output
    best = break_even_tokens(0.05, cost + 0.01, used, fixed_use=0.01)
    grown = ConversationTokens(tokens.input * best / used, tokens.output * best / used, 0.0, 0.0)
    assert float(margin(0.05, hosted_cost(grown, 1, 5) + 0.01)) == pytest.approx(0, abs=1e-12)


def test_break_even_tokens_at_its_limits():
    assert float(break_even_tokens(0.01, 0.05, 1000, fixed_use=0.02)) == 0
    assert float(break_even_tokens(0.01, 0.0, 1000)) == math.inf
    assert list(break_even_tokens(np.array([0.0, 0.02]), 0.01, 1000)) == pytest.approx([0, 2000])


def test_break_even_utilisation_meets_the_cost_it_was_asked_for():
    share = break_even_utilisation(0.001, 633, 2.95, 2700)
    assert float(cost_per_million_tokens(2.95, 2700, share)) * 633 / 1e6 == pytest.approx(0.001)
    assert math.isnan(float(break_even_utilisation(0.0001, 633, 2.95, 2700)))
    assert math.isnan(float(break_even_utilisation(-0.1, 633, 2.95, 2700)))


@pytest.mark.parametrize("hosted", [0.0009, 0.00095, 0.0012, 0.002, 0.01])
@pytest.mark.parametrize("minimum", [1, 8])
def test_crossover_against_a_scan_of_volumes(hosted, minimum):
    fleet = Fleet(gpu_price=2.95, throughput=2700, utilisation=0.3, people=3_000, minimum=minimum)
    found = float(crossover_volume(hosted, 633, fleet, variable_use=0.0001))
    volumes = np.linspace(1e4, 4e8, 200_001)
    cheaper = self_hosted(volumes, 633, fleet).cost_month + 0.0001 * volumes <= hosted * volumes
    assert cheaper.any()
    step = volumes[1] - volumes[0]
    assert volumes[cheaper.argmax()] - step <= found <= volumes[cheaper.argmax()] + 1


def test_crossover_is_never_where_self_hosting_cannot_win():
    assert math.isnan(float(crossover_volume(0.01, 633, FLEET, variable_use=0.01)))
    full = 2.95 * HOURS_PER_MONTH / float(self_hosted(1, 633, FLEET).capacity / 8)
    assert math.isnan(float(crossover_volume(full * 0.999, 633, FLEET)))
    assert float(crossover_volume(full * 1.01, 633, FLEET)) > 0


def test_crossover_stays_within_the_capacity_when_no_gpu_is_added():
    capacity = float(self_hosted(1, 633, FLEET).capacity)
    edge = 27_228 / capacity  # hosted price at which the crossover is the capacity itself
    assert float(crossover_volume(edge * 1.0001, 633, FLEET, add_gpus=False)) == pytest.approx(capacity, rel=1e-3)
    assert math.isnan(float(crossover_volume(edge * 0.999, 633, FLEET, add_gpus=False)))
    assert float(crossover_volume(edge * 0.999, 633, FLEET)) > capacity


def test_crossover_on_arrays_is_that_of_each_number():
    hosted = np.array([0.0005, 0.001, 0.01, 0.5])
    price = np.array([1.5, 2.95, 2.95, 5.0])
    arrays = crossover_volume(hosted, 633, Fleet(price, 2700, 0.3, people=10_000, minimum=8, step=8))
    ones = [
        float(crossover_volume(h, 633, Fleet(p, 2700, 0.3, 10_000, 8, 8))) for h, p in zip(hosted, price, strict=True)
    ]
    assert arrays == pytest.approx(ones, nan_ok=True)


def test_numbers_stay_numbers():
    found = self_hosted(1e6, 633, FLEET)
    for value in (found.gpus, found.cost_use, crossover_volume(0.01, 633, FLEET), margin(1, 2), *turn_moments(2, 5, 8)):
        assert np.ndim(value) == 0
        assert not isinstance(value, np.ndarray)


def test_importing_the_calculators_brings_neither_scipy_nor_a_price_list():
    heavy = "('scipy', 'genai_prices', 'pydantic', 'statistics')"
    code = f"import sys, shipworthy.calculators.cost; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
