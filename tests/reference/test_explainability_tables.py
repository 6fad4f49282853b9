"""The tables of explainability: every row complete, every code known, dates that parse, strengths for every pair."""

import re
from datetime import date

import pytest

from shipworthy.calculators._duties_table import duties, duty, read
from shipworthy.calculators._duties_words import BESIDES, DOMAINS, GIVES, LEVELS, PEOPLE, PLACES, STATUS, TRIGGERS
from shipworthy.calculators.explanation import METHODS, STRENGTHS
from shipworthy.errors import ShipworthyError
from shipworthy.reference import CHECKED, load
from shipworthy.reference.loader import parse

DUTIES, EXPLANATIONS, FAMILIES = load("duties"), load("explanations"), load("families")
SET_OFF = {"any_use", "recommends", "supports", "significant", "adverse"}


def test_the_tables_are_complete() -> None:
    assert (len(DUTIES), len(FAMILIES)) == (59, 11)
    assert (DUTIES.shelf_life, EXPLANATIONS.shelf_life, FAMILIES.shelf_life) == (180, 730, 730)
    assert DUTIES["US-ECOA-AA"].stale(date(2027, 5, 20))
    assert not DUTIES["US-ECOA-AA"].stale(date(2027, 5, 19))


@pytest.mark.parametrize("row", duties(), ids=lambda row: row.key)
def test_a_duty_holds_together(row) -> None:
    assert row.places
    assert row.places <= set(PLACES)
    assert row.domains <= set(DOMAINS)
    assert row.people <= set(PEOPLE)
    assert row.people
    assert row.triggers & SET_OFF
    assert row.triggers <= set(TRIGGERS)
    assert row.level in LEVELS
    assert set(row.besides) <= set(BESIDES)
    assert set(row.gives) <= set(GIVES)
    assert row.status in STATUS
    assert row.checked in CHECKED
    for text in (row.instrument, row.citation, row.source, row.to_whom, row.timing, row.checklist, row.note):
        assert text.strip() == text != ""
    assert row.most_reasons in (None, 4)
    assert row.status != "from" or row.starts
    assert not (row.certain and row.starts and row.certain <= row.starts)
    assert not row.fact or row.fact.startswith("whether ")
    assert not row.checklist.endswith(".")


@pytest.mark.parametrize("row", duties(), ids=lambda row: row.key)
def test_what_is_given_fits_the_level(row) -> None:
    given = set(row.gives)
    assert bool(given) == (not row.empty)
    if row.level == "logic":
        assert given & {"logic"}
    assert ("bias_audit" in row.besides) == ("bias_audit" in given)
    assert ("human_decision" in row.besides) == ("human_decision" in given)
    if row.level == "none":
        assert not given & {"reasons", "logic", "use_notice", "description"}


def test_nothing_of_a_workplace_is_in_the_tables() -> None:
    for table in (DUTIES, EXPLANATIONS, FAMILIES):
        for row in table:
            text = " ".join([row.source, *(value for value in row.values.values() if isinstance(value, str))])
            assert not re.search(r"file id|text index|/work|facts/", text), row.key


def test_rows_as_their_texts_have_them() -> None:
    assert duty("EU-AIA-86").certain == date(2027, 12, 2)
    assert duty("CO-SB26-189").starts == date(2027, 1, 1)
    assert duty("EU-CCD2").starts == date(2026, 11, 20)
    assert duty("US-CFPB-CIRC").status == "withdrawn"
    assert {row.key for row in duties() if row.solely} == {
        "EU-GDPR-1315", "EU-GDPR-22", "UK-DUAA", "CH-FADP", "CA-ADMT", "QC-L25", "BR-LGPD20", "KR-PIPA372", "KR-CIA", "ZA-POPIA71",
        "US-STATE-PRIV",
    }  # fmt: skip
    assert {row.key for row in duties() if row.empty} == {"US-REGB-2026", "US-HIPAA", "IN-DPDP", "JP-AI"}
    assert {row.key for row in duties() if row.level == "logic"} == {
        "EU-GDPR-1315", "EU-CCD2", "CH-FADP", "CA-ADMT", "US-FDA-CDS", "CA-DADM", "BR-LGPD20", "ZA-POPIA71", "FR-CRPA",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value", "word"),
    [
        ("level", "much", "level says 'much'"),
        ("jurisdictions", "US;Mars", "jurisdictions says 'US;Mars'"),
        ("gives", "reasons;reasons", "codes unknown or twice"),
        ("solely", "", "one code is needed"),
        ("from_date", "2027", "from_date says '2027'; no such date"),
    ],
)
def test_a_broken_row_is_refused(column: str, value: str, word: str) -> None:
    source = DUTIES["US-ECOA-AA"]
    cells = {
        "duty": "toy", **{key: "" if cell is None else str(cell) for key, cell in source.values.items() if key != "duty"},
        "source": "s", "as_of": "2026-11", "checked": "seen", column: value,
    }  # fmt: skip
    head = ",".join("most_reasons [1]" if key == "most_reasons" else key for key in cells)
    text = head + "\n" + ",".join(f'"{cell}"' for cell in cells.values()) + "\n"
    with pytest.raises(ShipworthyError, match=re.escape(word)):
        read(parse(text, name="duties", key="duty", shelf_life=180)["toy"])


def test_every_family_has_a_row_for_each_of_its_methods_and_levels() -> None:
    wanted = {
        f"{row.key}.{method}.{level}"
        for row in FAMILIES
        for method in row.text("methods").split(";")
        for level in ("notice", "reasons", "logic")
    }
    assert set(EXPLANATIONS.rows) == wanted
    for row in EXPLANATIONS:
        assert row.key == ".".join(row.text(column) for column in ("family", "method", "level"))
        assert row.text("method") in METHODS
        assert row.text("strength") in STRENGTHS
        assert row.text("why").endswith(".")


def test_gaps_are_in_order_and_the_derived_one_is_what_its_source_says() -> None:
    for row in FAMILIES:
        low, likely, high = (row.number(f"gap_{word}") for word in ("low", "likely", "high"))
        assert 0 <= low <= likely <= high < 0.2, row.key
        assert row.text("methods").split(";")[-1] == "none"
    forest, boosted = [0.903, 0.890, 0.992, 0.824, 0.950], [0.927, 0.851, 0.992, 0.828, 0.981]
    lost = sorted(round(max(pair) - pair[0], 3) for pair in zip(forest, boosted, strict=True))
    found = FAMILIES["random_forest"]
    assert [found.number(f"gap_{word}") for word in ("low", "likely", "high")] == [lost[0], lost[2], lost[4]]
    assert FAMILIES["additive"].number("gap_high") == 0.01
    assert FAMILIES["scorecard_logistic"].number("gap_high") == 0.02


def test_how_far_a_duty_was_checked_says_where_a_part_was_not() -> None:
    assert duty("EU-GDPR-1315").how_checked == "the primary text or data was read"
    assert duty("US-ECOA-AA").how_checked == "the primary text or data was read, not all of it verified"
    assert duty("EU-AIA-HR-DEV").how_checked == "not checked: verify it"
    for row in duties():
        partly = "not verified" in row.note.lower() or "from memory" in row.note.lower()
        assert row.how_checked.endswith((", not all of it verified", "verify it")) == partly, row.key


@pytest.mark.parametrize("row", duties(), ids=lambda row: row.key)
def test_a_ground_that_is_needed_is_asked_for_and_given(row) -> None:
    assert ("lawful_ground" in row.besides) == ("lawful_ground" in row.gives)
    assert "lawful_ground" not in row.besides or row.solely
    assert not row.unless.endswith(".")
    assert not (row.unless and row.fact)
