"""Hosted prices: held against the library they come from, and against what it gets wrong."""

import random
import socket
import subprocess
import sys
from datetime import UTC, date, datetime
from importlib.metadata import version

import genai_prices
import numpy as np
import pytest
from genai_prices.data import providers

from shipworthy.errors import InputError
from shipworthy.reference import load
from shipworthy.reference.prices import MAIN_PROVIDERS, TokenPrice, cost, models, price

TODAY = date(2026, 11, 20)
BEFORE_BATCH = date(2026, 10, 13)
USAGES = [
    (1_000, 0, 200, 0),
    (50_000, 30_000, 1_000, 5_000),
    (150_000, 100_000, 4_000, 50_000),
    (300_000, 0, 1_000, 0),
    (900_000, 850_000, 8_000, 10_000),
]


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("the price list must not use the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def library(reference, on, batch, usage):
    provider, model = reference.split("/", 1)
    tokens_in, cached, out, written = usage
    used = genai_prices.Usage(
        input_tokens=tokens_in, cache_read_tokens=cached, output_tokens=out, cache_write_tokens=written
    )
    found = genai_prices.calc_price(
        used,
        model,
        provider_id=provider,
        genai_request_timestamp=datetime(on.year, on.month, on.day, 12, tzinfo=UTC),
        price_context={"processing": "batch"} if batch else None,
    )
    return float(found.total_price), found.model.id


def compare(references, on, batch):
    compared = 0
    for reference in references:
        ours = price(reference, on, batch)
        for usage in USAGES:
            try:
                expected, model = library(reference, on, batch, usage)
            except LookupError:  # the library does not find some models by their own name
                continue
            if model == ours.model:
                assert float(cost(ours, *usage)) == pytest.approx(expected, rel=1e-9), (reference, usage)
                compared += 1
    return compared


def test_costs_are_those_of_the_library_for_the_main_providers():
    main = [ref for ref in models(TODAY) if ref.split("/")[0] in MAIN_PROVIDERS]
    assert compare(main, TODAY, batch=False) > 1_000


def test_costs_are_those_of_the_library_for_a_sample_of_the_others_and_for_other_days():
    rest = [ref for ref in models(TODAY) if ref.split("/")[0] not in MAIN_PROVIDERS]
    assert compare(random.Random(3).sample(rest, 120), TODAY, batch=False) > 300
    changing = [f"{p.id}/{m.id}" for p in providers for m in p.models if isinstance(m.prices, list)]
    listed = set(models(date(2026, 3, 1)))
    past = [ref for ref in changing if ref in listed][:80]
    assert compare(past, date(2026, 3, 1), batch=False) > 200


def test_batch_costs_are_those_of_the_library_and_never_the_standard_ones_unsaid():
    with_batch = models(TODAY, batch=True)
    assert len(with_batch) > 60
    assert compare(with_batch, TODAY, batch=True) > 300
    for reference in with_batch:
        batch, standard = price(reference, TODAY, batch=True), price(reference, TODAY)
        assert batch.batch
        assert not standard.batch
        assert batch.input < standard.input or "costs the same" in batch.note or batch.output < standard.output


def test_arrays_of_requests():
    tiered = price("google/gemini-2.5-pro", TODAY)
    tokens_in, cached, out, written = (np.array(column, dtype=float) for column in zip(*USAGES, strict=True))
    found = cost(tiered, tokens_in, cached, out, written)
    assert found == pytest.approx([float(cost(tiered, *usage)) for usage in USAGES])
    assert len({float(x) for x in found}) == len(USAGES)


def test_the_checks_of_the_fact_sheet():
    """o3 fell from 50 to 10 USD; half-cached gpt-5 1.6875, batch half of that; gemini's tier holds for all tokens."""
    assert float(cost(price("openai/o3", date(2025, 1, 1)), 1e6, 0, 1e6)) == pytest.approx(50)
    assert float(cost(price("openai/o3", TODAY), 1e6, 0, 1e6)) == pytest.approx(10)
    assert float(cost(price("openai/gpt-5", TODAY), 1e6, 5e5, 1e5)) == pytest.approx(1.6875)
    assert float(cost(price("openai/gpt-5", TODAY, batch=True), 1e6, 5e5, 1e5)) == pytest.approx(0.84375)
    assert float(cost(price("google/gemini-2.5-pro", TODAY), 300_000, 0, 1_000)) == pytest.approx(0.765)


def test_a_tier_starts_above_its_threshold_not_at_it():
    found = price("anthropic/claude-haiku-5-5", TODAY)
    assert [tier.above for tier in found.tiers] == [100_000]
    assert float(cost(found, 100_000, 0, 0)) == pytest.approx(0.01)
    assert float(cost(found, 100_001, 0, 0)) == pytest.approx(0.0500005)
    assert found.tier(100_000).input == found.input == 0.1
    assert found.tier(100_001).input == 0.5


@pytest.mark.parametrize(
    ("reference", "first"),
    [
        ("anthropic/claude-haiku-4-5", "2026-10-14"),
        ("google/gemini-3.8-flash", "2026-10-14"),
        ("openai/gpt-4o", "2026-10-14"),
    ],
)
def test_a_batch_price_before_its_day_is_refused_and_its_first_day_named(reference, first):
    start = date.fromisoformat(first)
    before = date.fromordinal(start.toordinal() - 1)
    standard, _ = library(reference, before, True, USAGES[0])
    assert standard == library(reference, before, False, USAGES[0])[0]  # what the library would have said unasked
    with pytest.raises(InputError, match=rf"{reference} from {first} on; {before.isoformat()} was asked for"):
        price(reference, before, batch=True)
    assert price(reference, start, batch=True).input < price(reference, start).input


@pytest.mark.parametrize(
    "reference", ["anthropic/claude-opus-4-1", "deepseek/deepseek-chat", "openai/gpt-3.5-turbo-1106"]
)
def test_a_model_without_batch_price_is_refused(reference):
    with pytest.raises(InputError, match=f"no batch price for {reference}"):
        price(reference, TODAY, batch=True)


def test_a_batch_list_without_cached_price_says_so():
    assert "no price for cached input" in price("openai/gpt-4o", TODAY, batch=True).note
    assert price("anthropic/claude-haiku-4-5", TODAY, batch=True).note == ""


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("anthropic/claude-haiku-45", "Did you mean anthropic/claude-haiku-4-5"),
        ("anthropic/claude-haiku-4-5x", "anthropic/claude-haiku-4-5"),  # the library prices this without a word
        ("google/gemini-2.5-proo", "google/gemini-2.5-pro"),
        ("antropic/claude-haiku-4-5", "no provider 'antropic'. Did you mean anthropic/claude-haiku-4-5"),
        ("openai/claude-haiku-4-5", "listed at anthropic"),
        ("azure/o3-deep-research", "listed at openai"),  # the library falls back to another provider's price
        ("gpt-4o-mini", "provider/model is needed"),
        ("claude-haiku-4-5", "anthropic/claude-haiku-4-5"),
        ("opus", "Did you mean anthropic/claude-opus-5-5"),
        ("Claude Opus", "Did you mean anthropic/claude-opus-5-5"),
        (
            "claude",
            "Did you mean anthropic/claude-haiku-5-5 or anthropic/claude-opus-5-5 or anthropic/claude-sonnet-5-5",
        ),
        ("gpt", "Did you mean openai/gpt-6.1-sol or openai/gpt-6.1-terra?"),
        ("gemini flash", "Did you mean google/gemini-3.8-flash"),
        ("anthropic/opus", "Did you mean anthropic/claude-opus-5-5"),
        ("nobody/nothing-at-all", "It has anthropic, openai"),
        ("openai/", "provider/model is needed"),
        ("", "provider/model is needed"),
    ],
)
def test_unknown_names_are_errors_with_near_names(reference, words):
    with pytest.raises(InputError) as error:
        price(reference, TODAY)
    assert words in str(error.value)


def test_dated_and_latest_names_of_the_same_model_are_found():
    assert price("anthropic/claude-haiku-4-5-20251001", TODAY).model == "claude-haiku-4-5"
    assert price("OpenAI/GPT-5", TODAY).reference == "openai/gpt-5"
    assert price("openai/gpt-4o-2024-05-13", TODAY).input == 5.0  # a model of its own, dearer than gpt-4o
    assert price("openai/gpt-4o", TODAY).input == 2.5


def test_a_model_without_token_prices_is_refused():
    with pytest.raises(InputError, match="no price for text tokens in and out"):
        price("openai/whisper-1", TODAY)


def test_prices_by_the_hour_are_said_to_be_so():
    found = price("deepseek/deepseek-v4-flash", TODAY)
    assert (found.input, found.output) == (0.15, 0.6)
    assert "depends on the hour: 0.15 in and 0.6 out up to 0.3 and 1.2" in found.note


def test_a_fee_for_each_request_is_counted():
    found = price("perplexity/sonar", TODAY)
    assert found.per_request == pytest.approx(0.012)
    assert float(cost(found, 0, 0, 0)) == pytest.approx(0.012)


def test_where_no_cached_price_is_listed_cached_input_is_plain_input():
    found = price("deepseek/deepseek-v3.2", TODAY)
    assert found.cache_read == found.input
    assert "counts as plain input" in found.note


def test_more_cached_than_sent_is_refused():
    with pytest.raises(InputError, match="more tokens are read"):
        cost(price("openai/gpt-5", TODAY), 100, 200, 0)


def test_the_list_of_models():
    listed = models(TODAY)
    assert listed[0].startswith("anthropic/")
    order = list(dict.fromkeys(ref.split("/")[0] for ref in listed))
    assert order[: len(MAIN_PROVIDERS)] == list(MAIN_PROVIDERS)
    assert order[len(MAIN_PROVIDERS) :] == sorted(order[len(MAIN_PROVIDERS) :])
    assert len(listed) == len(set(listed)) > 1_500
    assert "openai/whisper-1" not in listed
    assert "mistral/mistral-embed" not in listed or price("mistral/mistral-embed", TODAY).output >= 0
    listed.clear()
    assert models(TODAY)  # a caller cannot empty it for the others


def test_every_listed_model_has_a_price():
    for reference in models(TODAY):
        found = price(reference, TODAY)
        assert found.input >= 0
        assert found.output >= 0
        assert found.reference == reference


def test_a_price_says_where_it_is_from_and_how_far_the_list_knows():
    found = price("anthropic/claude-haiku-4-5", TODAY)
    assert isinstance(found, TokenPrice)
    assert found.source == f"genai-prices {version('genai-prices')}, anthropic/claude-haiku-4-5, prices of 2026-11-20"
    row = load("price_lists")[f"genai-prices {version('genai-prices')}"]
    assert price("anthropic/claude-haiku-4-5", date(2027, 6, 1)).as_of == row.as_of
    assert price("anthropic/claude-haiku-4-5", BEFORE_BATCH).as_of == BEFORE_BATCH
    assert (len(providers), sum(len(p.models) for p in providers)) == (row.number("providers"), row.number("models"))


def test_the_same_question_gives_the_same_object():
    assert price("openai/gpt-5", TODAY) is price("openai/gpt-5", TODAY)
    assert price("openai/gpt-5", TODAY) is not price("openai/gpt-5", TODAY, batch=True)


def test_the_price_library_is_imported_late():
    code = (
        "import sys, shipworthy.reference.prices; print([m for m in ('genai_prices', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
