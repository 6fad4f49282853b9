"""Cost per use: every way of paying worked by hand, the price list against its own library, and the shopping case."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import genai_prices
import numpy as np
import pytest
from decisions import ON, PLAIN, assessed, cost_table, decision, own, rng, spread
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.assess import Assessment, assess
from shipworthy.considerations import registry
from shipworthy.decision import Answer, RequirementValue
from shipworthy.errors import InputError
from shipworthy.words import amount

HAIKU = "anthropic/claude-haiku-4-5"
TALK: dict[str, Any] = {
    **PLAIN,
    "cost.priced": "hosted",
    "cost.turns": spread(3.0, 3.0),
    "cost.system_tokens": 1000,
    "cost.user_tokens": 50,
    "cost.answer_tokens": 200,
    "cost.cache_hit": 0,
}
"""PLAIN with a conversation: three turns of 1000 + 50 and what was said before, answers of 200 tokens."""
TYPED = {**TALK, "cost.input_price": 2, "cost.output_price": 10}
SERVERS: dict[str, Any] = {
    **TALK,
    "cost.priced": "self_hosted",
    "cost.gpu_price": 2,
    "cost.gpus": 1,
    "cost.throughput": 1000,
    "cost.utilisation": 0.5,
    "cost.people": 270,
    "value_stream.usd_rate": 0.5,
}


def found(answers: Mapping[str, Any], size: int = 2, on: date = ON, **changes: Any) -> Assessment:
    return assess(
        decision("a", {**answers, **{f"cost.{name}": value for name, value in changes.items()}}), on=on, size=size
    )


def figure(assessment: Assessment, name: str, option: str = "a") -> float:
    return float(np.mean(assessment.evaluations("cost")[option].figures[name]))


def paid(assessment: Assessment, option: str = "a") -> float:
    return float(np.mean(assessment.options[option].payoff))


# By hand. Without any cost of use, PLAIN pays 87,200: 4500 a month over 21.6 months, less 10,000


def test_a_price_a_call_by_hand() -> None:
    # 1000 uses at 0.5: 500 a month; a use brings 5 and keeps 4.5
    here = found({**PLAIN, "cost.priced": "per_call", "cost.call_price": 0.5})
    assert paid(here) == pytest.approx(87_200 - 500 * 21.6)
    assert (figure(here, "cost"), figure(here, "margin"), figure(here, "bill")) == pytest.approx((0.5, 4.5, 500))
    assert here.options["a"].findings["cost"].headline == "A use costs 0.5 USD and brings 5 USD: 4.5 USD is left."


def test_a_flat_price_by_hand() -> None:
    # 800 a month whatever is used, 0.8 a use
    here = found({**PLAIN, "cost.priced": "flat", "cost.flat_price": 800})
    assert paid(here) == pytest.approx(87_200 - 800 * 21.6)
    assert (figure(here, "cost"), figure(here, "margin")) == pytest.approx((0.8, 4.2))
    assert cost_table(here)["a"]["Bill at ten times the use"] == cost_table(here)["a"]["Bill a month"] == "800 USD"


def test_nothing_by_hand() -> None:
    assert paid(found(PLAIN)) == pytest.approx(87_200)
    assert figure(found(PLAIN), "cost") == 0


def test_a_hosted_model_with_typed_prices_by_hand() -> None:
    # input 3 × 1000 + 50 × (1 + 2 + 3) + 200 × (0 + 1 + 2) = 3900 tokens, output 600
    # 3900 × 2 + 600 × 10 = 13,800 USD a million conversations: 0.0138, at half a unit of money to the dollar 0.0069
    here = found({**TYPED, "value_stream.usd_rate": 0.5})
    assert figure(here, "tokens") == pytest.approx(4500)
    assert figure(here, "cost") == pytest.approx(0.0069)
    assert paid(here) == pytest.approx(87_200 - 6.9 * 21.6)


def test_a_hosted_model_with_a_cache_by_hand() -> None:
    # what can be read again: 3 × 1000 + 50 × (0 + 1 + 2) + 200 × (0 + 0 + 1) = 3350, half of it is: 1675, at a tenth of
    # the price: 2225 × 2 + 1675 × 0.2 + 600 × 10 = 10,785 USD a million
    assert figure(found(TYPED, cache_hit=0.5), "cost") == pytest.approx(0.010785)


def test_own_servers_by_hand() -> None:
    # one GPU serves 1000 × 0.5 × 3600 × 730 = 1.314e9 tokens a month; 1000 × 600 are written: one is enough.
    # 2 × 730 × 0.5 = 730, and 270 for people: 1000 a month
    here = found(SERVERS)
    assert figure(here, "bill") == pytest.approx(1000)
    assert paid(here) == pytest.approx(87_200 - 1000 * 21.6)
    # three million uses write 1.8e9 tokens: two GPUs, 1460 + 270
    more = found({**SERVERS, "value_stream.uses": 3_000_000})
    assert figure(more, "bill") == pytest.approx(1730)
    assert figure(more, "cost") == pytest.approx(1730 / 3e6)


def test_the_bill_at_ten_times_the_use() -> None:
    here = found({**PLAIN, "cost.priced": "per_call", "cost.call_price": 0.5})
    assert (cost_table(here)["a"]["Bill a month"], cost_table(here)["a"]["Bill at ten times the use"]) == (
        "500 USD",
        "5k USD",
    )


# Against the price list's own library


def library(reference: str, tokens_in: int, out: int, *, read: int = 0, written: int = 0, batch: bool = False) -> float:
    provider, model = reference.split("/", 1)
    usage = genai_prices.Usage(
        input_tokens=tokens_in, output_tokens=out, cache_read_tokens=read, cache_write_tokens=written
    )
    when = datetime(ON.year, ON.month, ON.day, 12, tzinfo=UTC)
    context = {"processing": "batch"} if batch else None
    return float(
        genai_prices.calc_price(
            usage, model, provider_id=provider, genai_request_timestamp=when, price_context=context
        ).total_price
    )


MODELS = [
    HAIKU,
    "anthropic/claude-opus-5-5",
    "openai/gpt-4o",
    "google/gemini-2.5-pro",
    "perplexity/sonar",
    "deepseek/deepseek-chat",
]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("hit", [0.0, 0.6])
def test_one_turn_costs_what_the_price_list_computes(model: str, hit: float) -> None:
    here = found(TALK, model=model, turns=spread(1.0, 1.0), cache_hit=hit)
    read = round(1000 * hit)
    expected = library(model, 1050, 200, read=read, written=1050 - read)
    assert figure(here, "cost") == pytest.approx(expected, rel=1e-9)
    assert here.options["a"].findings["cost"].status == "meets"
    assert model in " ".join(here.options["a"].findings["cost"].words.detail)


def test_a_request_fee_is_paid_for_every_turn() -> None:
    one, four = (figure(found(TALK, model="perplexity/sonar", turns=spread(n, n)), "cost") for n in (1.0, 4.0))
    requests = [1050, 1300, 1550, 1800]
    assert one == pytest.approx(library("perplexity/sonar", 1050, 200))
    assert four == pytest.approx(sum(library("perplexity/sonar", tokens, 200) for tokens in requests), rel=1e-9)


@pytest.mark.parametrize(
    ("model", "system"),
    [("google/gemini-2.5-pro", 300_000), ("google/gemini-2.5-pro", 190_000), ("openrouter/qwen/qwen3-coder-flash", 25_000),
     ("openrouter/qwen/qwen3-coder-flash", 120_000), ("openrouter/qwen/qwen3-coder-flash", 300_000)],
)  # fmt: skip
def test_long_requests_pay_the_price_of_their_tier(model: str, system: int) -> None:
    # four turns: requests of the instructions, 1000 a question and 9000 an answer; the later ones lie above the tier
    here = found(TALK, model=model, turns=spread(4.0, 4.0), system_tokens=system, user_tokens=1000, answer_tokens=9000)
    requests = [system + 1000 * k + 9000 * (k - 1) for k in range(1, 5)]
    assert figure(here, "cost") == pytest.approx(
        sum(library(model, tokens, 9000, written=tokens) for tokens in requests), rel=1e-6
    )


def test_batch_prices_hold_from_their_day_on() -> None:
    here = found(TALK, model=HAIKU, turns=spread(1.0, 1.0), batch="yes")
    assert figure(here, "cost") == pytest.approx(library(HAIKU, 1050, 200, written=1050, batch=True))
    assert figure(here, "cost") == pytest.approx(0.5 * figure(found(TALK, model=HAIKU, turns=spread(1.0, 1.0)), "cost"))
    early = found(TALK, on=date(2026, 10, 13), model=HAIKU, batch="yes").options["a"].findings["cost"]
    assert early.status == "unknown"
    assert early.missing == ("cost.model",)
    assert "knows batch prices of anthropic/claude-haiku-4-5 from 2026-10-14 on" in early.headline


def test_an_unknown_model_is_unknown_and_near_names_are_said() -> None:
    here = found(TALK, model="anthropic/claude-haku-4-5")
    finding = here.options["a"].findings["cost"]
    assert finding.status == "unknown"
    assert finding.missing == ("cost.model",)
    assert here.provisional
    assert "Did you mean anthropic/claude-haiku-4-5" in finding.headline
    assert paid(here) == pytest.approx(87_200)  # an unknown price costs nothing
    with pytest.raises(InputError, match="Did you mean"):
        registry()["cost"].check("model", "anthropic/claude-haku-4-5", ON)
    registry()["cost"].check("model", HAIKU, ON)
    registry()["cost"].check("model", "  ", ON)


def test_prices_typed_in_stand_before_the_list() -> None:
    listed = found(TYPED, model=HAIKU, turns=spread(1.0, 1.0), cache_hit=1)
    # 1000 read from the cache at a tenth of 2, 50 written at 1.25 of 2, 200 out at 10
    assert figure(listed, "cost") == pytest.approx((1000 * 0.2 + 50 * 2.5 + 200 * 10) / 1e6)
    only_out = found(TALK, model=HAIKU, turns=spread(1.0, 1.0), output_price=50)
    assert figure(only_out, "cost") == pytest.approx(library(HAIKU, 1050, 0, written=1050) + 200 * 50e-6)
    above = found(TYPED, model="google/gemini-2.5-pro", turns=spread(1.0, 1.0), system_tokens=300_000)
    assert figure(above, "cost") == pytest.approx((300_050 * 2 + 200 * 10) / 1e6)


def test_prices_typed_in_make_an_unknown_model_known() -> None:
    here = found(TYPED, model="anthropic/claude-haku-4-5")
    finding = here.options["a"].findings["cost"]
    assert finding.status == "meets"
    assert finding.headline.startswith("A use costs")
    assert "The prices typed in are used." in " ".join(finding.words.detail)
    assert figure(here, "cost") == pytest.approx(0.0138)


def test_one_typed_price_without_a_model_is_not_enough() -> None:
    here = found(TALK, input_price=2).options["a"].findings["cost"]
    assert here.status == "unknown"
    assert here.missing == ("cost.model",)


@pytest.mark.parametrize(
    ("answers", "name"),
    [({**PLAIN, "cost.priced": "per_call"}, "call_price"), ({**PLAIN, "cost.priced": "flat"}, "flat_price"),
     ({key: value for key, value in PLAIN.items() if key != "cost.priced"}, "priced")],
)  # fmt: skip
def test_an_unknown_price_costs_nothing_and_is_named(answers: dict[str, Any], name: str) -> None:
    here = found(answers)
    finding = here.options["a"].findings["cost"]
    assert finding.status == "unknown"
    assert finding.missing == (f"cost.{name}",)
    assert here.world.question(f"cost.{name}").label in finding.headline
    assert paid(here) == pytest.approx(87_200)


@pytest.mark.parametrize("name", ["turns", "system_tokens", "user_tokens", "answer_tokens", "cache_hit"])
def test_an_unknown_part_of_a_conversation_is_named(name: str) -> None:
    here = found(TYPED, **{name: Answer(state="unknown")})
    assert here.options["a"].findings["cost"].missing == (f"cost.{name}",)
    assert here.options["a"].findings["cost"].status == "unknown"
    assert np.isfinite(paid(here))


@pytest.mark.parametrize("name", ["gpu_price", "gpus", "throughput", "utilisation", "people"])
def test_an_unknown_part_of_own_servers_is_named(name: str) -> None:
    here = found(SERVERS, **{name: Answer(state="unknown")})
    assert f"cost.{name}" in here.options["a"].findings["cost"].missing
    assert here.options["a"].findings["cost"].status == "unknown"
    assert np.isfinite(paid(here))


@pytest.mark.parametrize(("limit", "status"), [(4.49, "meets"), (4.51, "fails")])
def test_the_margin_is_held_against_what_is_asked_for(limit: float, status: str) -> None:
    here = found({**PLAIN, "cost.priced": "per_call", "cost.call_price": 0.5}, margin=RequirementValue(limit=limit))
    assert here.options["a"].findings["cost"].status == status


def test_a_use_that_loses_money_is_said_to() -> None:
    here = found({**PLAIN, "cost.priced": "per_call", "cost.call_price": 7})
    assert (
        here.options["a"].findings["cost"].headline == "A use costs 7 USD and brings only 5 USD: each one loses 2 USD."
    )


def test_the_conversation_that_just_pays() -> None:
    # it brings 5 and costs 0.0138 with 4500 tokens: 4500 × 5 / 0.0138
    assert f"{amount(4500 * 5 / 0.0138)} tokens a conversation" in cost_table(found(TYPED))["a"]["Breaks even at"]


def both(**changes: Any) -> Assessment:
    answers = {
        **SERVERS,
        **TYPED,
        "value_stream.usd_rate": 0.5,
        **{key: SERVERS[key] for key in SERVERS if key not in TYPED},
        **changes,
    }
    answers["cost.priced"] = own(a="hosted", b="self_hosted")
    return assessed(decision("a b", answers))


def test_the_volume_at_which_own_servers_cost_less() -> None:
    # own servers 1000 a month for one GPU; hosted 0.0069 a use: 144,928 uses
    here = both()
    said = cost_table(here)["b"]["Breaks even at"]
    assert "cheaper than A from 145k uses a month" in said
    for uses, dearer in ((144_900, "b"), (144_960, "a")):
        at = both(**{"value_stream.uses": uses})
        assert max(("a", "b"), key=lambda key: figure(at, "bill", key)) == dearer


def test_own_servers_that_are_never_cheaper() -> None:
    # a full GPU serves 2.19 million conversations a month for 730; hosted, they would cost 0.0003 each
    said = cost_table(both(**{"cost.input_price": 0.06, "cost.output_price": 0.6, "cost.people": 10_000}))["b"][
        "Breaks even at"
    ]
    assert "never cheaper than A" in said


def test_the_utilisation_that_just_pays() -> None:
    # a use brings 0.02 of money = 0.04 USD, people take 270 / 0.5 / 100,000 = 0.0054 USD of it; 600 tokens on a GPU at
    # full load cost 600 / 3.6e6 × 2 = 0.000333 USD: 0.000333 / 0.0346 = 1 %. The GPU that always runs costs 0.0146 a use
    enough = {**SERVERS, "value_stream.uses": 100_000, "value_stream.value": 0.2}
    assert "; 1 % utilisation" in cost_table(found(enough))["a"]["Breaks even at"]
    # with 1000 uses the idle GPU alone costs 1.46 a use: however busy it is, 0.04 does not pay it
    idle = cost_table(found({**enough, "value_stream.uses": 1000}))["a"]["Breaks even at"]
    assert "no utilisation" in idle


tokens = st.floats(0, 20_000)


@given(tokens, tokens, st.floats(1, 20), st.floats(1, 3), st.floats(0, 1), st.floats(0, 1))
def test_longer_conversations_cost_more_and_the_cache_saves(
    system: float, more: float, turns: float, wide: float, hit: float, better: float
) -> None:
    base = {"system_tokens": system, "turns": spread(turns, turns * wide), "cache_hit": hit}
    here = figure(found(TYPED, **base), "cost")
    slack = 1e-12 + 1e-9 * here
    assert figure(found(TYPED, **{**base, "system_tokens": system + more}), "cost") >= here - slack
    assert figure(found(TYPED, **{**base, "user_tokens": 50 + more}), "cost") >= here - slack
    assert figure(found(TYPED, **{**base, "answer_tokens": 200 + more}), "cost") >= here - slack
    longer = spread(turns + wide, (turns + wide) * wide)
    assert figure(found(TYPED, **{**base, "turns": longer}), "cost") >= here - slack
    assert figure(found(TYPED, **{**base, "cache_hit": min(1.0, hit + better)}), "cost") <= here + slack


@pytest.mark.parametrize(
    "answers",
    [
        TYPED,
        SERVERS,
        {**PLAIN, "cost.priced": "per_call", "cost.call_price": 0.5},
        {**PLAIN, "cost.priced": "flat", "cost.flat_price": 9},
    ],
)
def test_doubling_all_money_doubles_payoff(answers: dict[str, Any]) -> None:
    # prices in dollars double with the rate
    names = [
        "value_stream.value",
        "value_stream.harm",
        "value_stream.running",
        "value_stream.one_off",
        "cost.call_price",
        "cost.flat_price",
        "cost.people",
    ]
    twice = {**answers, "value_stream.usd_rate": 2 * answers.get("value_stream.usd_rate", 1.0)}
    twice |= {name: 2 * answers[name] for name in names if name in answers}
    assert paid(found(twice)) == pytest.approx(2 * paid(found(answers)), rel=1e-9)


def test_a_spread_of_turns_is_integrated_not_drawn() -> None:
    # long conversations cost more than their share, so the mean is above the typical one; every draw has the same cost
    here = found(TYPED, size=2**10, turns=spread(3.0, 12.0))
    cost = np.asarray(here.evaluations("cost")["a"].figures["cost"])
    assert np.ptp(cost) == 0
    rng_ = np.random.default_rng(1)
    turns = np.maximum(1, np.exp(np.log(3) + np.log(4) / 1.6448536 * rng_.standard_normal(400_000)))
    tokens_in = turns * 1000 + 50 * turns * (turns + 1) / 2 + 200 * turns * (turns - 1) / 2
    assert float(cost.mean()) == pytest.approx(np.mean(tokens_in * 2 + turns * 200 * 10) / 1e6, rel=0.02)


def test_uncertain_prices_move_the_margin_and_its_words() -> None:
    here = found({**PLAIN, "cost.priced": "per_call", "cost.call_price": rng(3, 5, 8)}, size=2**12)
    finding = here.options["a"].findings["cost"]
    assert finding.status == "at_risk"
    assert finding.probability == pytest.approx(0.5, abs=0.002)
    assert any(
        sentence.startswith("In 8 of 10 cases what is left lies between −3 USD and 2 USD")
        for sentence in finding.words.detail
    )
