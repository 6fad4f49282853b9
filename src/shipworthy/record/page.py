"""From an assessment to the record's HTML."""

import base64
import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shipworthy import _comparing_words, documents
from shipworthy import _inquiry_words as found_out_words
from shipworthy._deciding_words import told
from shipworthy.assess import PARTS, Assessment
from shipworthy.comparing import comparing
from shipworthy.comparing_figures import figures
from shipworthy.deciding import deciding
from shipworthy.decision import MAX_BYTES
from shipworthy.errors import InputError
from shipworthy.inquiries import finding_out
from shipworthy.record import embed, printed
from shipworthy.record.answers import day
from shipworthy.record.findings import Chart, Flips, all_flips, chapter, charted
from shipworthy.record.front import front, named, tied
from shipworthy.record.moving import moved
from shipworthy.record.what_if import CHANGES_HEAD
from shipworthy.record.what_if import chapters as scenarios
from shipworthy.scenarios import against_now
from shipworthy.words import total

if TYPE_CHECKING:
    from jinja2 import Environment

MOST_WITH_CHARTS = 6_000_000
FRONT_TEXT = 700
FRONT_ITEMS = 6
LOG_LINES = 400
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
"""Nothing is loaded from anywhere; of scripts only the record's own runs, and the plotly.js that it unpacks."""
KINDS = {
    "feature": "A feature in a product",
    "application": "An application around a model",
    "model": "The model itself",
}

_FOLDER = Path(__file__).with_name("templates")
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), "\ufffd")
_OPENERS, _ISOLATES = "\u202a\u202b\u202d\u202e", "\u2066\u2067\u2068"


@dataclass(frozen=True)
class Ledger:
    """Expected money by part, the last row their sum, in the unit that it says."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    unit: str


def make(
    assessment: Assessment,
    *,
    made_at: datetime,
    with_charts: bool = True,
    revision: int | None = None,
    flips: Flips | None = None,
) -> str:
    """The record of an assessment: the text of one HTML file that asks nothing of any other place.

    Parameters
    ----------
    assessment : Assessment
        What to print. Its decision goes into the file, with the date and the versions of the tables used.
    made_at : datetime
        When the record is made; it is printed.
    with_charts : bool
        Whether plotly.js goes into the file (some 2 MB), so that charts come alive with scripts. Their tables are
        always there. A file that would pass 6 MB goes without.
    revision : int, optional
        The revision of the document, printed where given.
    flips : mapping, optional
        Flip points by option and consideration where they are known already; else they are searched for here.

    Raises
    ------
    InputError
        Where the decision is so large that its record could not be opened again.
    """
    text = documents.write(embed.stamped(assessment))
    known = all_flips(assessment) if flips is None else flips
    main = assessment.decision.outcome.chosen or assessment.recommended
    chapters = [chapter(assessment, each, known, main) for each in assessment.registry.values()]
    beside = against_now(assessment)
    context = {
        "comparing": _comparing(assessment),
        "deciding": told(deciding(assessment), assessment) if assessment.comparable else None,
        "find_out": found_out_words.told(finding_out(assessment), assessment)
        if assessment.comparable or assessment.decision.inquiries
        else None,
        "delayed": found_out_words.delayed(assessment),
        "moving": moved(assessment, main),
        "what_if": tuple(scenarios(assessment, beside)),
        "what_if_head": CHANGES_HEAD,
        "a": assessment,
        "decision": assessment.decision,
        "made_at": made_at,
        "revision": revision,
        "front": front(assessment, known, main),
        "chapters": chapters,
        "ledger": _ledger(assessment),
        "log": tuple(reversed(assessment.decision.log))[:LOG_LINES],
        "correlated": tuple(_correlated(assessment)),
        "versions": _versions(assessment),
        "sha256": embed.fingerprint(text),
    }
    numbers = printed.as_json(printed.printed(assessment, beside))
    charts = with_charts and any(each.charts for each in chapters)
    page = _rendered(context, text, numbers, charts)
    if charts and len(page.encode()) > MOST_WITH_CHARTS:
        page = _rendered(context, text, numbers, False)
    if len(page.encode()) > MAX_BYTES:
        raise InputError(
            "The record would have more than 8 MB: shorten the decision’s texts, or delete old log entries"
        )
    return page


@dataclass(frozen=True)
class Compared:
    """The options against each other: in words, and charted."""

    told: _comparing_words.Told
    charts: tuple[Chart, ...]


def _comparing(assessment: Assessment) -> Compared | None:
    if not assessment.comparable:
        return None
    found = comparing(assessment)
    charts = tuple(charted(each, assessment) for each in figures(found, assessment))
    return Compared(_comparing_words.told(found, assessment), charts)


def _rendered(context: Mapping[str, Any], text: str, numbers: str, charts: bool) -> str:
    from markupsafe import Markup

    script = _file("record.js")
    hashed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = POLICY + (f"; script-src 'sha256-{hashed}' blob:" if charts else "")
    return _environment().get_template("record.html.j2").render(
        **context,
        policy=policy,
        charts=charts,
        style=Markup(_file("record.css")),
        script=Markup(script),
        plotly=Markup(embed.packed_plotly()) if charts else "",
        document=Markup(embed.script_safe(text)),
        numbers=Markup(embed.script_safe(numbers)),
        ids=embed,
    )  # fmt: skip


@cache
def _file(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


@cache
def _environment() -> "Environment":
    """Templates in which everything is escaped that is not marked as safe."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
    )
    made.filters.update(day=day, tied=tied, inert=Markup, paragraphs=_paragraphs)
    made.globals.update(front_text=FRONT_TEXT, front_items=FRONT_ITEMS, kinds=KINDS)
    return made


def _paragraphs(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def shown(value: Any) -> Any:
    """A text as it may stand on the page: no control signs, and no direction override that reaches beyond it.

    >>> shown("a\\x00b"), shown("\\u202eabc") == "\\u202eabc\\u202c"
    ('a\\ufffdb', True)
    """
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    value = value.translate(_CONTROLS)
    opened = sum(value.count(sign) for sign in _OPENERS) - value.count("\u202c")
    isolated = sum(value.count(sign) for sign in _ISOLATES) - value.count("\u2069")
    return value + "\u202c" * max(opened, 0) + "\u2069" * max(isolated, 0)


def _ledger(assessment: Assessment) -> Ledger:
    """Expected money by part, a column an option; parts that are nothing everywhere are left out."""
    found = {key: assessment.ledger(key) for key in assessment.options}
    largest = max((abs(value) for parts in found.values() for value in parts.values()), default=0.0)
    factor, word = (1e6, "million ") if largest >= 2e7 else (1e3, "thousand ") if largest >= 2e4 else (1.0, "")
    decimals = max(0, 3 - math.floor(math.log10(largest / factor))) if largest >= 1e-9 else 0

    def shown_as(value: float) -> str:
        if abs(value) > 1e12 or abs(value) < 1:
            return total(value)
        text = f"{abs(value) / factor:,.{decimals}f}"
        return ("−" if value < 0 and text.strip("0.,") else "") + (text if text.strip("0.,") else "0")

    rows = [
        (label, *(shown_as(parts[name]) for parts in found.values()))
        for name, label in PARTS.items()
        if any(shown_as(parts[name]) != "0" for parts in found.values())
    ]
    sums = ("Expected payoff", *(shown_as(sum(parts.values())) for parts in found.values()))
    names = tuple(result.option.name + result.mark for result in assessment.options.values())
    return Ledger(names, (*rows, sums), f"Expected {word}{assessment.currency()}")


def _correlated(assessment: Assessment) -> Iterator[tuple[str, str, str]]:
    for pair in assessment.decision.correlations:
        first, second = (" › ".join(named(assessment, name)) for name in (pair.first, pair.second))
        yield first, second, f"{pair.rank:+.2g}".replace("-", "−")


def _versions(assessment: Assessment) -> tuple[tuple[str, str], ...]:
    tables = embed.stamped(assessment).tables
    return (("shipworthy", version("shipworthy")), *sorted(tables.items()))
