"""The record as a file: the decision comes back exactly, nothing is loaded, nothing typed gets out of hand."""

import base64
import gzip
import hashlib
import json
import math
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records import HOSTILE, MADE, ON, Page, assessed, changed, made, nasty, record_of

from shipworthy import documents, edits
from shipworthy.assess import assess
from shipworthy.considerations import with_dimensions
from shipworthy.decision import MAX_BYTES, Correlation, LogEntry, Option, new_decision
from shipworthy.errors import InputError
from shipworthy.examples import example, keys
from shipworthy.record import embed, make, open_any, open_record, sniff
from shipworthy.record.page import shown

# ---- the way back


@pytest.mark.parametrize("key", keys())
def test_a_record_gives_its_decision_back(key: str) -> None:
    opened = open_record(made(key))
    assert opened.warning is None
    assert opened.decision.as_of == ON
    assert opened.decision.tables["genai-prices"]
    assert opened.decision.tables["defaults"]
    untouched = opened.decision.model_copy(update={"as_of": None, "tables": {}})
    assert untouched == with_dimensions(example(key))
    assert documents.write(untouched) == documents.write(with_dimensions(example(key)))


def test_a_record_of_a_reopened_record_is_the_same_record() -> None:
    again = assess(open_record(made("churn")).decision, on=ON, size=2**11)
    assert make(again, made_at=MADE, revision=41, flips={}) == made("churn")


def test_a_hostile_decision_comes_back_exactly() -> None:
    decision = nasty()
    opened = open_record(record_of(decision).encode())
    assert opened.warning is None
    assert opened.decision.model_copy(update={"as_of": None, "tables": {}}) == with_dimensions(decision)


@given(st.text(min_size=1, max_size=60), st.text(max_size=80), st.floats(0.0, 1e15), st.floats(0.501, 0.999))
def test_any_text_and_number_survives_the_block(title: str, note: str, value: float, rank: float) -> None:
    decision = with_dimensions(new_decision(title, (Option(key="a", name=title, note=note),)))
    decision = edits.say(decision, "value_stream.uses", value)
    pair = Correlation(first="value_stream.uses", second="value_stream.value", rank=rank)
    decision = decision.model_copy(update={"correlations": (pair,)})
    text = documents.write(decision)
    block = embed.script_safe(text)
    assert not set(block) & set("<>&\u2028\u2029")
    assert json.loads(block) == json.loads(text)
    opened = open_record(page_around(block, embed.fingerprint(text)))
    assert opened.decision == decision
    assert opened.warning is None


def page_around(block: str, sha256: str) -> str:
    start = f'<script type="application/json" id="{embed.DOCUMENT_ID}" data-sha256="{sha256}">'
    return f"<!doctype html><html><body>{start}{block}</script></body></html>"


def test_an_edited_record_opens_with_a_warning() -> None:
    edited = made("churn").replace('"seed": 7', '"seed": 8').replace("Head of retention", "Head of sales")
    opened = open_record(edited)
    assert opened.decision.frame.decider == "Head of sales"
    assert opened.warning is not None
    assert opened.warning.startswith("This record was edited after it was exported")
    gone = re.sub(r' data-sha256="\w+"', "", made("churn"))
    assert "edited" in (open_record(gone).warning or "")


def test_spaces_and_escapes_do_not_count_as_an_edit() -> None:
    page = made("churn")
    inside = Page(page).data(embed.DOCUMENT_ID)
    packed = json.dumps(json.loads(inside)).replace("<", "\\u003c")
    assert open_record(page.replace(inside, packed)).warning is None


def test_a_record_with_an_impossible_edit_is_refused_in_words() -> None:
    page = made("churn")
    inside = Page(page).data(embed.DOCUMENT_ID)
    with pytest.raises(InputError, match="newer Shipworthy"):
        open_record(page.replace('"schema_version": 1', '"schema_version": 99'))
    with pytest.raises(InputError, match="cannot be read as JSON"):
        open_record(page.replace(inside, inside[:-40]))


def test_a_cut_off_record_says_so() -> None:
    page = made("churn")
    block = page.index(f'id="{embed.DOCUMENT_ID}"')
    for length in (600, 40_000, block - 30, block + 5, block + 3_000):
        with pytest.raises(InputError, match="ends in the middle, as if cut off"):
            open_record(page[:length])
    late = open_record(page[: page.index(f'id="{embed.PLOTLY_ID}"') + 1000])
    assert late.warning == "This record ends in the middle, as if cut off. The decision inside it is whole."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<!doctype html><title>Something else</title></html>", "No decision is inside this file"),
        (b"<html>\xff\xfe</html>", "not text in UTF-8"),
        ("<" * (MAX_BYTES + 1), "The file has 8 MB: a record has at most 8 MB"),
        ("<script" * 1_000_000, "No decision is inside this file"),
        ('<script id="shipworthy-decision">{}</script>', "No decision is inside this file"),
    ],
)
def test_what_is_no_record_is_refused_in_one_sentence(text: str | bytes, words: str) -> None:
    with pytest.raises(InputError, match=words) as refused:
        open_record(text)
    assert "\n" not in str(refused.value)


def test_two_decisions_in_one_file_are_refused() -> None:
    page = made("churn")
    with pytest.raises(InputError, match="more than one decision"):
        open_record(page + page)


def test_any_file_is_recognised() -> None:
    text = documents.write(example("churn"))
    assert sniff(text) == sniff(text.encode()) == sniff("") == "decision"
    assert sniff("\ufeff\n <!doctype html>") == sniff(b"\xef\xbb\xbf<html>") == "record"
    assert open_any(text).decision == example("churn")
    assert open_any(made("churn").encode()).decision.frame == example("churn").frame
    with pytest.raises(InputError, match="The file is empty"):
        open_any("")


# ---- it keeps to itself


@pytest.mark.parametrize("text", [pytest.param(lambda: made("churn"), id="churn"), pytest.param(lambda: record_of(nasty(), with_charts=True), id="nasty")])  # fmt: skip
def test_nothing_is_loaded_and_only_our_script_runs(text: object) -> None:
    page = Page(text())  # type: ignore[operator]
    for element in page.elements:
        assert not {"src", "srcset", "action", "poster", "background", "ping"} & element.attributes.keys()
        assert not [name for name in element.attributes if name.startswith("on")]
        assert (element.attributes.get("href") or "#").startswith("#")
        assert element.tag not in {"img", "link", "iframe", "object", "embed", "base", "form", "audio", "video"}
        assert "url(" not in (element.attributes.get("style") or "")
    styles = "".join(each.text for each in page.all("style"))
    assert not re.search(r"url\(|@import|https?:|//", styles)
    policy = next(each.attributes["content"] for each in page.all("meta") if "http-equiv" in each.attributes) or ""
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe-eval" not in policy
    running = [each for each in page.all("script") if "type" not in each.attributes]
    assert len(running) == 1
    digest = base64.b64encode(hashlib.sha256(running[0].text.encode()).digest()).decode()
    assert re.findall(r"script-src ([^;]+)", policy) == [f"'sha256-{digest}' blob:"]
    types = {each.attributes["type"] for each in page.all("script") if each is not running[0]}
    assert types == {"application/json", "application/octet-stream"}


def test_what_is_typed_is_shown_as_typed() -> None:
    page = Page(record_of(nasty()))
    assert page.all("title")[0].text == f"{HOSTILE} · decision record"
    assert page.all("h1")[0].text.startswith(HOSTILE)
    assert page.shown.count("{{7*7}}") > 10
    assert "49" not in page.all("h1")[0].text
    assert "\x00" not in page.source
    assert json.loads(page.data(embed.DOCUMENT_ID))["frame"]["title"] == HOSTILE
    assert page.shown.count("alert(1)") == page.source.split("<script type=")[0].count("alert(1)") - HOSTILE.count(
        "alert(1)"
    )


def test_directions_stay_within_what_was_typed() -> None:
    assert shown("\u202aa\u202b\u202c") == "\u202aa\u202b\u202c\u202c"
    assert shown("\u2067a") == "\u2067a\u2069"
    assert shown("tab\tand\nline") == "tab\tand\nline"
    assert shown(3) == 3


def test_names_in_charts_are_no_markup_and_numbers_are_finite() -> None:
    figure = {
        "data": [{"name": "<b>A</b> & co", "y": (1.0, math.nan, math.inf, 1 / 3)}],
        "layout": {"title": "<b>x</b>"},
    }
    text = embed.chart_json(figure, ("<b>A</b> & co", "plain"))
    assert "<" not in text
    assert json.loads(text) == {
        "data": [{"name": "&lt;b&gt;A&lt;/b&gt; &amp; co", "y": [1.0, None, None, 0.333333]}],
        "layout": {"title": "<b>x</b>"},
    }


def test_size_with_and_without_charts() -> None:
    with_charts = made("churn")
    without = make(assessed("churn"), made_at=MADE, with_charts=False, flips={})
    assert len(with_charts.encode()) < 2.6e6
    assert len(without.encode()) < 2e5
    assert not [each for each in Page(without).all("script") if each.attributes.get("type") != "application/json"]
    assert "script-src" not in without
    assert gunzipped(Page(with_charts).data(embed.PLOTLY_ID)).startswith(b"/**\n* plotly.js")


def gunzipped(text: str) -> bytes:
    return gzip.decompress(base64.b64decode(text))


def test_a_large_decision_goes_without_charts_and_a_huge_one_is_refused() -> None:
    entry = LogEntry(at=MADE, path="Frame › product", what="changed", before="é" * 3_000, after="x" * 3_000)
    large = changed(example("churn"), log=(entry,) * 450)
    text = record_of(large, with_charts=True)
    assert len(text.encode()) < MAX_BYTES
    assert embed.PLOTLY_ID not in text
    assert open_record(text).decision.log == large.log
    assert "50 earlier changes are in the embedded document" in Page(text).shown
    with pytest.raises(InputError, match="more than 8 MB"):
        record_of(changed(large, log=(entry,) * 900))


def test_a_record_needs_no_plotly_pandas_or_early_jinja() -> None:
    code = (
        "import sys, datetime as d; import shipworthy.record as r; assert 'jinja2' not in sys.modules;"
        "from shipworthy.examples import example; from shipworthy.assess import assess;"
        "a = assess(example('churn'), on=d.date(2026, 11, 20), size=64);"
        "r.make(a, made_at=d.datetime.now(d.UTC), flips={});"
        "print([m for m in ('plotly', 'pandas', 'scipy.stats') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
