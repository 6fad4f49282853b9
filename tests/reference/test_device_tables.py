"""The device, model and efficiency tables: complete, unknown figures empty, sums that agree."""

import pytest

from shipworthy.reference import CHECKED, load

DEVICES, MODELS, EFFICIENCY = load("devices"), load("models"), load("efficiency")


def test_the_tables_are_complete() -> None:
    assert (len(DEVICES), len(MODELS)) == (36, 39)
    assert "dense int8" in DEVICES.title
    assert "usable memory is a judgement" in DEVICES.title
    assert DEVICES.units["bandwidth"] == "GB/s"
    assert MODELS.units["parameters"] == "M"


def test_unknown_figures_are_empty_never_nothing() -> None:
    for table in (DEVICES, MODELS):
        for row in table:
            zeros = [column for column in table.units if row.get(column) == 0]
            allowed = ["price_low", "price_high"] if row.key.startswith("Browser") else []
            assert zeros == allowed, row.key
    assert DEVICES["Hailo-8 M.2"].get("bandwidth") is None
    assert DEVICES["Raspberry Pi 3B"].get("int8") is None
    assert DEVICES["Apple M4"].get("rent_low") is None
    assert DEVICES["Snapdragon 8 Elite phone"].get("price_low") is None


@pytest.mark.parametrize("row", list(DEVICES), ids=lambda row: row.key)
def test_a_device_holds_together(row) -> None:
    pairs = [("usable_memory", "memory"), ("bandwidth", "bandwidth_high"), ("price_low", "price_high")]
    for low, high in [*pairs, ("fp16", "int8"), ("rent_low", "rent_high")]:
        if row.get(low) is not None and row.get(high) is not None:
            assert row.number(low) <= row.number(high), (low, high)
    kind = row.text("class")
    assert kind == "other" or any(key.startswith(f"{kind}.") for key in EFFICIENCY.rows)
    assert "unverified" not in row.text("note")


@pytest.mark.parametrize("row", list(MODELS), ids=lambda row: row.key)
def test_a_model_holds_together(row) -> None:
    assert row.number("flops") == pytest.approx(2 * row.number("macs"))
    shape = [row.get(column) for column in ("layers", "kv_heads", "head_dimension")]
    assert len({value is None for value in shape}) == 1
    assert (row.text("shape_checked") in CHECKED) == (shape[0] is not None)
    assert bool(row.text("shape_source")) == (shape[0] is not None)
    if row.text("counted_for") == "one token":  # a token takes a multiply-add a parameter
        assert row.number("macs") * 1000 == pytest.approx(row.number("parameters"), rel=0.001)
        assert shape[0] is not None


def test_derived_arithmetic_is_what_its_source_says() -> None:
    def encoder(layers: int, tokens: int, hidden: int) -> float:
        return layers * (12 * tokens * hidden**2 + 2 * tokens**2 * hidden) / 1e9

    for name, shape in {
        "BERT-base seq 128": (12, 128, 768),
        "BERT-large seq 384": (24, 384, 1024),
        "DistilBERT seq 128": (6, 128, 768),
        "MiniLM-L6 seq 128 (embeddings)": (6, 128, 384),
        "Whisper tiny encoder, 30 s audio": (4, 1500, 384),
        "Whisper base": (6, 1500, 512),
        "Whisper small encoder, 30 s": (12, 1500, 768),
        "Whisper large-v3": (32, 1500, 1280),
    }.items():
        assert MODELS[name].number("macs") == pytest.approx(encoder(*shape), rel=0.005), name
    assert MODELS["GBM 500 trees depth 6"].number("macs") == pytest.approx(500 * 6 / 1e9)


def test_hourly_prices_are_those_of_the_price_table() -> None:
    for device, gpu in (("NVIDIA L4", "L4"), ("NVIDIA T4 (cloud/edge server)", "T4")):
        priced = load("gpus")[gpu]
        assert DEVICES[device].number("rent_low") == priced.number("price_low")
        assert DEVICES[device].number("rent_high") == priced.number("price_high")


def test_shares_are_shares_and_judgements_say_so() -> None:
    for row in EFFICIENCY:
        ends = [row.get(column) for column in ("low", "p10", "p50", "p90", "high")]
        found = [value for value in ends if value is not None]
        assert found == sorted(found), row.key
        assert found[0] > 0
        if row.unit == "share":
            assert found[-1] <= 1
        assert (row.checked == "judgement") == row.source.startswith("planning default"), row.key
    arm = EFFICIENCY["arm_board.compute"]
    assert [arm.number(column) for column in ("low", "p10", "p50", "p90", "high")] == [0.04, 0.08, 0.19, 0.38, 0.62]
    nvidia = EFFICIENCY["nvidia.compute"]
    assert [nvidia.number(column) for column in ("low", "p50", "high")] == [0.03, 0.15, 0.77]
    m7 = EFFICIENCY["microcontroller_m7.macs"]
    assert (m7.number("low"), m7.number("high")) == (0.65, 1.2)
