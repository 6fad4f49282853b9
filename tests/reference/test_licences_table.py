"""The licence table: every coded column in its words, every row from somewhere, rows that agree with themselves."""

import re
from itertools import pairwise

import pytest

from shipworthy.calculators._licence_spelling import fold, own_spellings
from shipworthy.reference import load

TABLE = load("licences")
YES_NO = {"yes", "no"}
CODED = {
    "kind": {"software", "data", "model", "service", "source", "status"},
    "commercial": {"yes", "limited", "no"},
    "policy": {*YES_NO, "read"},
    "derivatives": {"yes", "private", "no", "unclear"},
    "share_alike": {"none", "file", "library", "work", "network", "data", "adapted", "terms"},
    "reaches_models": {"yes", "no", "unsettled"},
    "reaches_distilled": YES_NO,
    "attribution": YES_NO,
    "training": {"yes", "non_commercial", "permission", "no", "unclear"},
    "outputs": {
        "yes", "named", "terms", "non_commercial", "no_other_llm", "no_competing_model", "no_competing_product", "no", "na",
    },
}  # fmt: skip
FIELDS = {
    "automated_decisions", "credit_jobs_housing", "medical", "legal_advice", "biometric", "law_enforcement", "military",
    "minors", "production",
}  # fmt: skip
COLUMNS = [
    "licence", "name", "kind", "spdx", "scancode", "aliases", "commercial", "users_most", "revenue_most", "closed_in", "fact",
    "fields_barred", "policy", "derivatives", "share_alike", "reaches_models", "reaches_distilled", "attribution", "notice",
    "naming", "training", "outputs", "clause", "note",
]  # fmt: skip


def codes(row, column: str) -> list[str]:
    return [code for code in row.text(column).split(";") if code]


def test_the_table_has_all_rows_and_columns_in_order() -> None:
    assert len(TABLE) == 91
    assert TABLE.shelf_life == 180
    assert list(next(iter(TABLE)).values) == COLUMNS
    assert TABLE.units == {"users_most": "users/month", "revenue_most": "USD/year"}


@pytest.mark.parametrize("row", list(TABLE), ids=lambda row: row.key)
def test_a_row_keeps_to_the_words_and_agrees_with_itself(row) -> None:
    for column, words in CODED.items():
        assert row.text(column) in words, column
    assert set(codes(row, "fields_barred")) <= FIELDS
    assert all(re.fullmatch(r"[A-Z]{2}", code) for code in codes(row, "closed_in"))
    assert re.fullmatch(r"[a-z0-9.-]+", row.key)
    assert row.source
    assert row.as_of.isoformat() == "2026-11-20"
    assert row.text("clause")
    if row.text("share_alike") == "none" and row.text("derivatives") != "private":
        # whether a model is adapted material is open for terms that only ask for names, too
        named = row.text("kind") == "data" and row.text("attribution") == "yes"
        assert row.text("reaches_models") in (("no", "unsettled") if named else ("no",))
        assert row.text("reaches_distilled") == "no"
    if row.text("share_alike") == "terms":
        assert row.text("reaches_models") == "yes"
    if row.text("reaches_distilled") == "yes":
        assert row.text("outputs") == "terms"
    if row.text("outputs") == "named":
        assert row.text("naming")
    if row.text("attribution") == "yes" and row.text("kind") in ("software", "model"):
        assert row.text("notice")
    if row.text("kind") in ("model", "service"):
        assert row.text("outputs") != "na"
    if row.text("kind") == "software":
        assert row.text("outputs") == "na"


@pytest.mark.parametrize("row", [row for row in TABLE if row.text("commercial") == "limited"], ids=lambda row: row.key)
def test_a_limited_row_says_what_limits_it(row) -> None:
    numbers = [row.get("users_most"), row.get("revenue_most")]
    limits = [*filter(None, numbers), *codes(row, "fields_barred"), *codes(row, "closed_in"), row.text("fact")]
    assert any(limits) or row.text("policy") == "yes"
    assert all(number is None or number >= 1_000_000 for number in numbers)


@pytest.mark.parametrize("row", [row for row in TABLE if row.text("commercial") == "no"], ids=lambda row: row.key)
def test_a_row_without_commercial_use_says_where_the_text_says_so(row) -> None:
    assert row.text("clause") or row.text("note")
    assert row.text("training") != "yes"
    assert row.get("users_most") is None


def test_a_spelling_means_one_row_and_is_there_once() -> None:
    seen: dict[str, str] = {}
    for row in TABLE:
        for spelling in own_spellings(row):
            assert spelling == spelling.strip()
            assert seen.setdefault(fold(spelling), row.key) == row.key, spelling
        folded = [fold(spelling) for spelling in codes(row, "aliases")]
        assert len(set(folded) - {fold(row.key), fold(row.text("name"))}) == len(folded), row.key
        assert row.text("aliases") == row.text("aliases").lower()


def test_what_is_not_verified_says_so_and_no_sentence_is_left_open() -> None:
    open_rows = {row.key for row in TABLE if "unverified:" in row.text("note")}
    assert {"azure-openai", "cohere-cc-by-nc", "mistral-mnpl", "common-crawl", "phi", "gpl-2.0"} <= open_rows
    for row in TABLE:
        assert ("memory" in row.text("note")) <= ("unverified" in row.text("note")), row.key
        for column in ("clause", "fact", "note", "notice", "naming"):
            text = row.text(column)
            assert text == text.strip(), row.key
            assert "  " not in text


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("mit", {"commercial": "yes", "share_alike": "none", "outputs": "na"}),
        ("gpl-3.0", {"share_alike": "work", "training": "unclear", "reaches_models": "unsettled"}),
        ("agpl-3.0", {"share_alike": "network"}),
        ("lgpl-2.1", {"share_alike": "library"}),
        ("mpl-2.0", {"share_alike": "file"}),
        ("bsl-1.1", {"commercial": "limited", "fields_barred": "production"}),
        ("cc-by-sa-4.0", {"share_alike": "adapted", "reaches_models": "unsettled", "training": "yes"}),
        ("cc-by-nd-4.0", {"commercial": "yes", "derivatives": "private"}),
        ("odbl-1.0", {"share_alike": "data", "reaches_models": "no"}),
        ("llama-2", {"users_most": 700e6, "outputs": "no_other_llm"}),
        ("llama-3.2", {"users_most": 700e6, "outputs": "named", "closed_in": "EU"}),
        ("gemma", {"outputs": "terms", "reaches_distilled": "yes", "users_most": None}),
        ("qwen-2024", {"users_most": 100e6, "outputs": "named"}),
        ("hunyuan", {"users_most": 1e6, "closed_in": "EU;UK;KR", "outputs": "no"}),
        ("stability-community", {"revenue_most": 1e6, "outputs": "no_other_llm"}),
        ("flux-1-dev", {"commercial": "no", "outputs": "no_competing_model"}),
        ("openai-tou-2023", {"commercial": "yes", "outputs": "no_competing_model"}),
        ("anthropic-commercial", {"outputs": "no_competing_product"}),
        ("reddit-data-api", {"commercial": "no", "training": "permission"}),
        ("x-developer", {"training": "no"}),
        ("unspecified", {"commercial": "no", "derivatives": "no", "training": "permission"}),
    ],
)
def test_a_row_says_what_its_text_says(key: str, expected: dict[str, object]) -> None:
    assert {column: TABLE[key][column] for column in expected} == expected


def test_licences_stand_before_what_is_licensed_under_them() -> None:
    """An id that several rows carry belongs to the first: that has to be the licence itself."""
    order = ["software", "data", "model", "service"]
    general = [row for row in TABLE if row.text("kind") in order[:2]][:33]
    assert [row.text("kind") for row in general if row.key != "wtfpl"] == sorted(
        (row.text("kind") for row in general if row.key != "wtfpl"), key=order.index
    )
    assert all(row.text("spdx") for row in general)
    ids = [row.text("spdx") for row in TABLE if row.text("spdx")]
    first = {spdx: next(row.key for row in TABLE if row.text("spdx") == spdx) for spdx in ids}
    assert (first["MIT"], first["Apache-2.0"], first["CC-BY-NC-4.0"]) == ("mit", "apache-2.0", "cc-by-nc-4.0")
    assert (first["CC-BY-SA-4.0"], first["CC-BY-4.0"]) == ("cc-by-sa-4.0", "cc-by-4.0")
    llamas = [key for key in TABLE.rows if key.startswith("llama-")]
    assert all(earlier < later for earlier, later in pairwise(llamas))
