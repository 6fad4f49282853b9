"""Reference tables: every table loads, every row says where it is from, and broken tables are refused in words."""

from datetime import date, timedelta

import pytest

from shipworthy.errors import InputError, ShipworthyError
from shipworthy.reference import CHECKED, load, names
from shipworthy.reference.loader import near, parse

HEAD = "thing,price [USD/h],note,source,as_of,checked\n"
GOOD = HEAD + "H100,2.95,fast,somewhere,2026-05,seen\nT4,,,elsewhere,2026-11-20,memory\n"


def read(text):
    return parse(text, name="toy", key="thing", shelf_life=30)


@pytest.mark.parametrize("name", names())
def test_every_table_loads_and_every_row_says_where_it_is_from(name):
    table = load(name)
    assert len(table) > 0
    assert table.shelf_life > 0
    assert table.title
    for row in table:
        assert row.source.strip()
        assert date(2023, 1, 1) < row.as_of <= date(2026, 11, 20)
        assert row.checked in CHECKED
        if name not in ("licences", "duties", "explanations"):  # rules are words, most of them without a number
            assert any(isinstance(value, float) for value in row.values.values()), row.key


@pytest.mark.parametrize("name", names())
def test_a_source_that_is_memory_says_so_and_no_row_is_dressed_up(name):
    for row in load(name):
        if row.checked == "memory":
            assert "memory" in row.source, row.key
        if "from memory" in row.source:
            assert row.checked in ("memory", "judgement"), row.key


@pytest.mark.parametrize("name", names())
def test_ranges_are_in_order(name):
    for row in load(name):
        for columns in (
            ("low", "likely", "high"),
            ("price_low", "price_median", "price_high"),
            ("p10", "p50", "p90", "p99"),
            ("p50", "p95"),
        ):
            found = [value for column in columns if isinstance(value := row.values.get(column), float)]
            assert found == sorted(found), row.key


def test_defaults_are_a_range_a_number_or_a_spread_and_name_their_consideration():
    considerations = {"value_stream", "deployment", "lead_time", "licences", "explainability", "cost", "deadline"}
    for row in load("defaults"):
        kinds = [("low", "likely", "high"), ("value",), ("p50", "p95")]
        filled = [kind for kind in kinds if all(row.get(column) is not None for column in kind)]
        given = [column for kind in kinds for column in kind if row.get(column) is not None]
        assert len(filled) == 1, row.key
        assert len(given) == len(filled[0]), row.key
        assert row.unit, row.key
        consideration, question = row.key.split(".")
        assert consideration in considerations
        assert question.isidentifier()


def test_numbers_are_those_of_the_published_sources():
    h100 = load("gpus")["H100"]
    assert (h100.number("price_low"), h100.number("price_median"), h100.number("price_high")) == (1.49, 2.95, 5.0)
    served = load("throughput")["Llama 2 70B on 8 x H100 SXM 80GB"]
    assert (served.number("server"), served.number("offline"), served.number("count")) == (21605.79, 24524.9, 8)
    assert load("defaults")["cost.throughput"].number("value") == pytest.approx(21605.79 / 8, abs=0.01)
    chat = load("tokens")["azure_chat.input"]
    assert [chat.number(c) for c in ("p10", "p50", "p90", "p99", "mean")] == [207, 1020, 2735, 4142, 1155]
    churn = load("churn")
    assert churn["save.telco_calls"].number("value") == pytest.approx(0.019 / 0.172, abs=0.001)
    assert churn["empc.threshold"].number("value") == pytest.approx(11 / 67, abs=0.0005)
    alpha, beta = churn["empc.alpha"].number("value"), churn["empc.beta"].number("value")
    assert churn["empc.acceptance"].number("value") == pytest.approx(alpha / (alpha + beta))
    monthly = load("defaults")["lead_time.churn_month"]
    year = churn["churn.mobile_year"]
    assert monthly.number("low") == pytest.approx(1 - (1 - year.number("low")) ** (1 / 12), abs=1e-4)
    assert monthly.number("high") == pytest.approx(1 - (1 - year.number("high")) ** (1 / 12), abs=1e-4)


def test_rows_are_typed():
    table = read(GOOD)
    row = table["H100"]
    assert row.number("price") == 2.95
    assert row.text("note") == "fast"
    assert table.units == {"price": "USD/h"}
    assert table["T4"].get("price") is None
    assert row.as_of == date(2026, 5, 1)
    assert [r.key for r in table] == ["H100", "T4"]
    assert "T4" in table
    assert "L4" not in table
    with pytest.raises(InputError, match="holds None, a number was asked for"):
        table["T4"].number("price")
    with pytest.raises(InputError, match="a text was asked for"):
        row.text("price")


def test_an_unknown_name_is_answered_with_near_ones():
    with pytest.raises(InputError, match=r"no reference table 'gpu'\. Did you mean gpus"):
        load("gpu")
    with pytest.raises(InputError, match=r"Table gpus has no row 'h10'\. Did you mean H100"):
        load("gpus")["h10"]
    with pytest.raises(InputError, match=r"Table gpus has no column 'price_lo'\. Did you mean price_low"):
        load("gpus")["H100"].number("price_lo")
    with pytest.raises(InputError, match="It has H100"):
        load("gpus")["zzzzzz"]
    assert near("ALPHA", ["beta", "Alpha"]) == ["Alpha"]


def test_a_row_goes_stale_the_day_after_its_shelf_life():
    table = read(GOOD)
    last = date(2026, 5, 1) + timedelta(days=30)
    assert not table["H100"].stale(last)
    assert table["H100"].stale(last + timedelta(days=1))
    assert [row.key for row in table.stale(date(2026, 11, 25))] == ["H100"]
    assert len(table.stale(date(2027, 11, 25))) == 2
    assert table["H100"].age(last) == 30


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (HEAD + "H100,2.95,,,2026-05,seen\n", "source is empty"),
        (HEAD + "H100,2.95,,s,,seen\n", "as_of is empty"),
        (HEAD + "H100,2.95,,s,2026-05,\n", "checked is empty"),
        (HEAD + ",2.95,,s,2026-05,seen\n", "thing is empty"),
        (HEAD + "H100,2.95,,s,2026-05,sure\n", "checked says 'sure'; one of seen, seen-secondary"),
        (HEAD + "H100,2.95,,s,May 2026,seen\n", "as_of says 'May 2026'"),
        (HEAD + "H100,cheap,,s,2026-05,seen\n", "price holds 'cheap'"),
        (HEAD + "H100,nan,,s,2026-05,seen\n", "price holds 'nan'"),
        (HEAD + "H100,1,,s,2026-05,seen\nH100,2,,s,2026-05,seen\n", "row 3: the key 'H100' is there twice"),
        (HEAD + "H100,1,,s,2026-05\n", "5 cells found, 6 are needed"),
        ("thing,price [USD/h],source,as_of\nH100,1,s,2026-05\n", "no column 'checked'"),
        ("name,source,as_of,checked\n", "no column 'thing'"),
        ("thing,Price (USD),source,as_of,checked\n", "unit in square brackets"),
        ("thing,thing,source,as_of,checked\n", "column 'thing' is there twice"),
        ("", "cannot be read"),
    ],
)
def test_a_broken_table_is_refused_in_words(text, word):
    with pytest.raises(ShipworthyError, match=word):
        read(text)


def test_the_version_changes_with_the_text_and_only_with_it():
    assert read(GOOD).version == read(GOOD).version
    assert read(GOOD).version != read(GOOD.replace("2.95", "2.96")).version
    assert len(read(GOOD).version) == 12
