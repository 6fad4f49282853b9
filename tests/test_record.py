"""The record: what it says, that it keeps to itself, that nothing typed gets out of hand, and the way back."""

import base64
import hashlib
import json
import math
import re
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy import documents, edits
from shipworthy.assess import Assessment, assess
from shipworthy.considerations import with_dimensions
from shipworthy.decision import (
    Condition,
    Correlation,
    Decision,
    Evidence,
    Frame,
    LogEntry,
    Option,
    Outcome,
    PersonalEstimate,
    RangeValue,
    Signature,
    new_decision,
)
from shipworthy.errors import InputError
from shipworthy.examples import example, keys
from shipworthy.record import embed, make, open_any, open_record, sniff
from shipworthy.record.front import tied
from shipworthy.record.page import shown

ON = date(2026, 11, 20)
MADE = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
HOSTILE = "</script><script>alert(1)</script> \"quoted\" 'single' {{7*7}} {% raw %} &amp; <img src=x onerror=alert(1)>"
BIDI = "\u202eevil\u2066 name\u200f \u2028 \x00 end"


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """What a parser finds in a page: elements with the text directly within them, and all text that is shown."""

    source: str
    elements: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[Element] = []
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.elements.append(element)
        if tag not in ("bdi", "b", "time", "code"):
            self.texts.append(" ")
        if tag not in ("meta", "br", "link", "img", "line"):
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1].text += data
            if self._open[-1].tag not in ("script", "style", "title"):
                self.texts.append(data)

    @property
    def shown(self) -> str:
        """The text of the page as it is read, spaces made one."""
        return " ".join("".join(self.texts).replace("\u00a0", " ").split())

    def all(self, tag: str) -> list[Element]:
        return [each for each in self.elements if each.tag == tag]

    def data(self, name: str) -> str:
        return next(each.text for each in self.all("script") if each.attributes.get("id") == name)


@cache
def assessed(key: str) -> Assessment:
    return assess(example(key), on=ON, size=2**11)


@cache
def made(key: str) -> str:
    return make(assessed(key), made_at=MADE, revision=41, flips={})


def record_of(decision: Decision, **options: object) -> str:
    return make(assess(decision, on=ON, size=2**10), made_at=MADE, **{"flips": {}, "with_charts": False, **options})


def changed(decision: Decision, **parts: object) -> Decision:
    return Decision.model_validate({**dict(decision), **parts})


@cache
def nasty() -> Decision:
    """A decision in which everything that can be typed is hostile."""
    decision = example("churn")
    first, second, *rest = decision.options
    evidence = Evidence(kind="quoted", who=HOSTILE[:200], source=HOSTILE, note=BIDI, at=MADE)
    answer = decision.answer("lead_time.persuasion")
    assert answer is not None
    said = PersonalEstimate(who=HOSTILE[:200], value=RangeValue(low=300.0, likely=400.0, high=500.0))
    decision = edits.with_answer(decision, "lead_time.persuasion", answer.model_copy(update={"evidence": evidence}))
    events = decision.answer("lead_time.events")
    assert events is not None
    decision = edits.with_answer(decision, "lead_time.events", events.model_copy(update={"estimates": (said,)}))
    return changed(
        decision,
        frame=Frame(title=HOSTILE, question=HOSTILE + BIDI, product=HOSTILE, users=BIDI, decider=HOSTILE[:200]),
        options=(
            first.model_copy(update={"name": HOSTILE[:120], "note": HOSTILE}),
            second.model_copy(update={"name": BIDI}),
            *rest,
        ),
        outcome=Outcome(
            chosen="three_month_gap",
            reasons=HOSTILE * 20,
            conditions=(Condition(text=HOSTILE, owner=HOSTILE[:200], by=ON),) * 8,
            signatures=(Signature(who=HOSTILE[:200], role=BIDI, at=MADE),),
            reopen=(HOSTILE, BIDI),
            decided_at=MADE,
        ),
        log=(LogEntry(at=MADE, who=HOSTILE[:200], path=HOSTILE[:250], what=HOSTILE, before=BIDI, after=HOSTILE),),
        correlations=(Correlation(first="lead_time.precision", second="lead_time.recall", rank=-0.5),),
    )


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


@given(st.text(min_size=1, max_size=60), st.text(max_size=80), st.floats(0.0, 1e300), st.floats(0.501, 0.999))
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
        ("<" * (8 * 2**20 + 1), "The file has 8 MB: a record has at most 8 MB"),
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
    import gzip

    return gzip.decompress(base64.b64decode(text))


def test_a_large_decision_goes_without_charts_and_a_huge_one_is_refused() -> None:
    entry = LogEntry(at=MADE, path="Frame › product", what="changed", before="é" * 3_000, after="x" * 3_000)
    large = changed(example("churn"), log=(entry,) * 450)
    text = record_of(large, with_charts=True)
    assert len(text.encode()) < 8 * 2**20
    assert embed.PLOTLY_ID not in text
    assert open_record(text).decision.log == large.log
    assert "50 earlier changes are in the embedded document" in Page(text).shown
    with pytest.raises(InputError, match="more than 8 MB"):
        record_of(changed(large, log=(entry,) * 900))


# ---- what it says


def test_the_first_page_of_an_open_decision() -> None:
    assessment = assessed("churn")
    page = Page(made("churn")).shown
    main = assessment.options[assessment.recommended]
    for words in (
        "Decision record · Churn calls · 21 November 2026 · revision 41 · to be decided by Head of retention",
        "Not decided yet",
        f"Recommended: {main.option.name}.",
        "of what we think possible",
        "over 3 years",
        "No answer is missing.",
        "answers are defaults that nobody has confirmed",
        "2,048 draws, seed 7",
        "tables as of 20 November 2026",
        f"shipworthy {embed.version('shipworthy')}, genai-prices {embed.version('genai-prices')}",
    ):
        assert words in page, words
    stamped = documents.write(embed.stamped(assessment))
    assert f"sha256 {hashlib.sha256(stamped.encode()).hexdigest()}" in page


def test_statuses_have_a_sign_and_a_word() -> None:
    found = {each.status for result in assessed("churn").options.values() for each in result.findings.values()}
    page = Page(made("churn")).shown
    words = {"meets": "✓ meets", "at_risk": "! at risk", "fails": "✕ fails", "not_applicable": "– n/a"}
    assert {"meets", "fails", "not_applicable"} <= found
    for status in found:
        assert words[status] in page


def test_what_could_change_it_is_said_with_the_nearest_flip_point() -> None:
    assessment = assessed("churn")
    main = assessment.recommended
    flips = {main: assessment.flips(main)}
    page = Page(make(assessment, made_at=MADE, with_charts=False, flips=flips)).shown
    said = re.search(r"The one thing that could change this: if “(.+?)” is (.+?), then (.+?)\.", page)
    assert said
    labels = {point.label for points in flips[main].values() for point in points}
    assert said[1] in labels
    assert re.search(r"(above|below) [\d.,]+ .+ \(now [\d.,]+", said[2])
    assert said[3].endswith(("fails", "is at risk"))
    assert re.search(r"Flips to [✕!✓] (fails|at risk|meets) when “", page)


def test_flip_points_are_searched_where_they_are_not_given() -> None:
    assessment = assessed("shopping-assistant")
    page = Page(make(assessment, made_at=MADE, with_charts=False)).shown
    assert page.count("What would flip it, nearest first") >= 3


def test_a_decided_record_says_who_what_and_under_which_conditions() -> None:
    outcome = Outcome(
        chosen="two_month_gap",
        reasons="The desk asked for it.\n\nIt can be changed later.",
        conditions=tuple(Condition(text=f"Condition {number}", owner="sales", by=ON) for number in range(9)),
        signatures=(Signature(who="A. Meier", role="Head of retention", at=MADE),),
        reopen=("on 1 June, whatever happened",),
        decided_at=MADE,
    )
    page = Page(record_of(changed(example("churn"), outcome=outcome))).shown
    for words in (
        "decided by Head of retention on 21 November 2026",
        "Decided: Two-month gap. Go with conditions.",
        "The highest expected payoff has “",
        "The desk asked for it. It can be changed later.",
        "Condition 5 (sales, by 20 November 2026) and 3 more, in full",
        "Condition 8 (sales, by 20 November 2026)",
        "on 1 June, whatever happened",
        "A. Meier, Head of retention",
    ):
        assert words in page, words
    assert "Not decided yet" not in page


def test_an_unknown_answer_makes_it_provisional() -> None:
    page = Page(record_of(edits.say_unknown(example("churn"), "lead_time.success"))).shown
    for words in (
        "Provisional: 1 answer missing",
        "These figures are without “Success of an intervention”, not known yet.",
        "first of all what is not known yet",
        "Success of an intervention (Intervention lead time)",
        "? unknown",
        "† without what is not known yet",
    ):
        assert words in page, words


def test_doing_nothing_can_be_recommended() -> None:
    dear = edits.say(example("churn"), "value_stream.value", 1.0)
    page = Page(record_of(dear)).shown
    assert "Recommended: Do nothing." in page
    assert "No option is expected to bring more than it costs." in page


def test_an_option_in_phases_names_the_phase_that_decides() -> None:
    decision = example("churn")
    phased = Option(key="later", name="Rules, then model", phases=("contract_rules", "three_month_gap"))
    page = Page(record_of(changed(decision, options=(*decision.options, phased)))).shown
    assert "Phases: Rules on contract end, then Three-month gap." in page
    assert "Of its phases, “Rules on contract end” decides." in page


def test_the_ledger_adds_up() -> None:
    page = Page(made("shopping-assistant"))
    cells = re.search(r"Expected (?:thousand |million )?USD over .*?</table>", page.source, re.S)
    assert cells
    rows = [re.findall(r'<td class="n">(.*?)</td>', row) for row in re.findall(r"<tr.*?</tr>", cells[0], re.S)[1:]]
    numbers = [[float(cell.replace(",", "").replace("−", "-")) for cell in row] for row in rows]
    assert len(numbers) > 4
    for column in zip(*numbers, strict=True):
        assert sum(column[:-1]) == pytest.approx(column[-1], abs=0.51 * len(column) * 0.1)
    mean = assessed("shopping-assistant").options["small_hosted"].summary.mean
    assert numbers[-1][1] == pytest.approx(mean / 1e3, abs=0.051)


def test_every_question_that_is_asked_is_there_and_no_other() -> None:
    churn, shopping = Page(made("churn")), Page(made("shopping-assistant"))
    ids = [{each.attributes.get("id") for each in page.elements} for page in (churn, shopping)]
    assert "q-lead_time.gap" in ids[0] and "q-lead_time.gap" not in ids[1]
    assert "q-cost.turns" in ids[1] and "q-cost.turns" not in ids[0]
    assert "q-value_stream.effect" in ids[1] and "q-value_stream.effect" not in ids[0]
    for page, own in zip((churn, shopping), ids, strict=True):
        for link in page.all("a"):
            assert str(link.attributes["href"])[1:] in own


def test_answers_are_exact_and_stand_on_their_evidence() -> None:
    decision = edits.say(example("churn"), "value_stream.value", RangeValue(low=1800.25, likely=2500.125, high=3400.0))
    decision = edits.with_evidence(
        decision,
        "value_stream.value",
        Evidence(kind="measured", who="finance", source="ledger 2025", note="net", at=MADE),
    )
    decision = edits.confirm(decision, "value_stream.period", 3.0, "planning default")
    page = Page(record_of(decision)).shown
    assert "2,500.125 USD (1,800.25 to 3,400) measured by finance ledger 2025 net 21 November 2026" in page
    assert "3 years default, confirmed planning default" in page
    assert "typically 60 days; 1 in 20 above 90 days" in page
    assert "with 80 % confidence default, not confirmed" in page
    assert re.search(r"Notice period .{1,40} default, not confirmed .+? · .+? · as of \d+ \w+ 20\d\d", page)
    assert "Two-month gap and Rules on contract end 61 days" in page


def test_several_people_are_named_with_what_they_said() -> None:
    page = Page(record_of(nasty())).shown
    assert f"{HOSTILE[:200]}: 400 events a month (300 to 500)" in " ".join(page.split())


def test_log_correlations_formula_and_source_are_printed() -> None:
    page = Page(record_of(nasty())).shown
    assert "2026-11-21 09:30" in page
    assert "Intervention lead time › Precision and Intervention lead time › Recall: rank correlation −0.5" in page
    for each in assessed("churn").registry.values():
        assert " ".join(each.formula.split()) in page
        assert " ".join(each.source.split()) in page


def test_the_printed_numbers_are_kept_with_nine_digits() -> None:
    numbers = json.loads(Page(made("churn")).data(embed.NUMBERS_ID))
    assessment = assessed("churn")
    assert numbers["recommended"] == assessment.recommended
    assert (numbers["on"], numbers["draws"]) == ("2026-11-20", 2048)
    assert [each["key"] for each in numbers["options"]] == list(assessment.options)
    for each in numbers["options"]:
        found = assessment.options[each["key"]].summary
        assert each["payoff"]["mean"] == float(f"{found.mean:.9g}")
        assert each["payoff"]["p90"] == float(f"{found.p90:.9g}")


def test_structure_for_those_who_listen() -> None:
    page = Page(made("churn"))
    assert page.all("html")[0].attributes["lang"] == "en"
    assert {"header", "main", "nav", "footer"} <= {each.tag for each in page.elements}
    levels = [int(each.tag[1]) for each in page.elements if re.fullmatch(r"h[1-6]", each.tag)]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    assert len(page.all("table")) == len(page.all("caption")) > 5
    assert all(each.attributes.get("scope") in ("col", "row") for each in page.all("th"))
    ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    for each in page.elements:
        assert each.attributes.get("aria-labelledby", ids[0]) in ids
    plots = [each for each in page.all("div") if each.attributes.get("class") == "plot"]
    assert plots and all("hidden" in each.attributes and each.attributes.get("aria-label") for each in plots)
    assert all("open" in each.attributes for each in page.all("details"))


def test_a_number_stays_with_what_it_counts() -> None:
    assert tied("in over 99 % (8 in 10: 3 years)") == "in over\u00a099\u00a0% (8\u00a0in\u00a010: 3\u00a0years)"


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
