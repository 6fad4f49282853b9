"""Memory of a model against published values, by hand, and against the rules of thumb that it replaces."""

import math

import numpy as np
import pytest

from shipworthy.calculators.device import (
    Workload,
    activation_bytes,
    kv_cache_bytes,
    memory_left,
    memory_need,
    weight_bytes,
)
from shipworthy.calculators.device_known import known_model
from shipworthy.errors import InputError
from shipworthy.reference import load

LLAMA2_7B = 6.738e9
LANGUAGE_MODELS = [row.key for row in load("models") if row.get("layers") is not None]


@pytest.mark.parametrize(
    ("shape", "context", "published"),
    [
        ((32, 32, 128), 1, 524_288),  # Llama 2 7B: 0.5 MB a token in fp16
        ((32, 32, 128), 2048, 1.07e9),  # and 1.07 GB at 2,048 tokens
        ((32, 8, 128), 1, 128 * 1024),  # Llama 3 8B: 128 kB a token
        ((32, 8, 128), 4096, 0.5 * 1024**3),  # 0.5 GB at 4k, 16 GB at 128k
        ((32, 8, 128), 131_072, 16 * 1024**3),
        ((80, 8, 128), 1_000_000, 328e9),  # Llama 3.1 70B: 328 GB at a million tokens
    ],
)
def test_kv_cache_is_the_published_one(shape: tuple[int, int, int], context: int, published: float) -> None:
    assert float(kv_cache_bytes(*shape, 2, context)) == pytest.approx(published, rel=0.005)


def test_kv_cache_is_the_size_of_the_arrays_that_hold_it() -> None:
    layers, heads, size, context, batch = 3, 2, 8, 17, 5
    held = np.zeros((2, batch, layers, heads, context, size), dtype=np.float16)
    assert float(kv_cache_bytes(layers, heads, size, held.itemsize, context, batch)) == held.nbytes


def test_weights_by_hand() -> None:
    assert weight_bytes([25.53e6, 7e9], [8, 4]).tolist() == [25.53e6, 3.5e9]
    # a 4-bit file of Llama 3 8B takes about 4.9 GB: its format takes 4.9 bits, not 4
    assert float(weight_bytes(8.03e9, 4.88)) == pytest.approx(4.9e9, rel=0.001)
    assert float(weight_bytes(8.03e9, 4)) < 0.83 * 4.9e9


def test_activations_of_a_published_network() -> None:
    # MCUNetV2 (2021): MobileNetV2 at 224 pixels, int8, peaks at 1,372 kB. Its first layer alone takes 539 kB
    assert float(activation_bytes(112 * 112 * (16 + 96), 8)) / 1024 == pytest.approx(1372)
    assert float(activation_bytes(224 * 224 * 3 + 112 * 112 * 32, 8)) / 1024 == pytest.approx(539, abs=0.5)
    assert float(activation_bytes(100, 16, batch=3)) == 600


def test_the_parts_add_up_and_what_is_left_may_be_negative() -> None:
    need = memory_need(Workload(8e9, [4, 8, 16], 16e9, activations=0.25e9, kv_cache=0.75e9))
    assert (need.total / 1e9).tolist() == [5.0, 9.0, 17.0]
    assert (need.weights + need.activations + need.kv_cache).tolist() == need.total.tolist()
    assert (memory_left(9e9, need) / 1e9).tolist() == [4.0, 0.0, -8.0]


def test_a_rule_from_the_number_of_parameters_misses_the_kv_cache_by_far() -> None:
    """The 0.5 MB a token of Llama 2 7B, scaled by parameters, for the models of the table."""
    misses = {}
    for name in LANGUAGE_MODELS:
        model = known_model(name)
        exact = float(kv_cache_bytes(model.layers, model.kv_heads, model.head_dimension, 2, 1))
        misses[name.split(" ")[0]] = 524_288 * model.parameters / LLAMA2_7B / exact - 1
    assert misses["GPT-J"] == pytest.approx(0.03, abs=0.01)  # a model of its own age and kind: well hit
    assert misses["Phi-3-mini"] == pytest.approx(-0.24, abs=0.01)
    assert misses["Mistral-7B"] == pytest.approx(3.30, abs=0.01)
    assert misses["Llama-3-70B"] == pytest.approx(15.8, abs=0.1)


def test_a_fifth_on_top_of_the_weights_misses_by_far() -> None:
    """“Weights and 20 %” against weights and KV cache, fp16, one short chat to eight long ones at once."""
    misses = []
    for name in LANGUAGE_MODELS:
        model = known_model(name)
        for context, batch in ((512, 1), (8192, 1), (8192, 8), (131_072, 1)):
            work = model.workload(16, context * batch)
            misses.append(float(1.2 * weight_bytes(model.parameters, 16) / memory_need(work).total - 1))
    assert min(misses) == pytest.approx(-0.84, abs=0.01)  # Phi-3-mini, 131,072 tokens
    assert max(misses) == pytest.approx(0.20, abs=0.01)


def test_more_of_anything_takes_more() -> None:
    figures = {"layers": 32.0, "kv_heads": 8.0, "head_dimension": 128.0, "bytes_per_value": 2.0}
    base = {**figures, "context": 4096.0, "batch": 2.0}
    start = float(kv_cache_bytes(**base))
    for name, value in base.items():
        assert float(kv_cache_bytes(**{**base, name: 2 * value})) == 2 * start, name
    assert float(kv_cache_bytes(32, 8, 128, 2, 0)) == 0.0
    assert float(weight_bytes(0, 8)) == 0.0


def test_arrays_broadcast_and_unknowns_stay_unknown() -> None:
    assert kv_cache_bytes(32, 8, 128, [[1], [2]], [1, 2, 3]).shape == (2, 3)
    assert math.isnan(float(kv_cache_bytes(math.nan, 8, 128, 2, 100)))
    assert math.isnan(float(memory_left(math.nan, memory_need(Workload(1e9, 8, 2e9)))))
    need = memory_need(Workload(1e9, 8, 2e9, kv_cache=[0.0, math.nan]))
    assert need.weights.tolist() == 1e9
    assert need.total.tolist()[0] == 1e9
    assert math.isnan(need.total.tolist()[1])


def test_impossible_numbers_are_refused_in_words() -> None:
    with pytest.raises(InputError, match=r"number of parameters is -1\. It must be 0 or more"):
        weight_bytes(-1, 8)
    with pytest.raises(InputError, match=r"bits a parameter is 0\. It must be above 0"):
        weight_bytes([1.0, 1.0], [8, 0])
    with pytest.raises(InputError, match="context is -5"):
        kv_cache_bytes(32, 8, 128, 2, -5)
    with pytest.raises(InputError, match="usable memory is -1"):
        memory_left(-1, memory_need(Workload(1, 8, 2)))
    with pytest.raises(InputError, match="intermediate results is -2"):
        memory_need(Workload(1, 8, 2, activations=-2))
