"""Snippets of HTML for the screen. Whatever a person typed goes through ``escape``."""

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup as Markup
from markupsafe import escape as escape

from shipworthy.assess import PARTS, Assessment, Finding, OptionResult
from shipworthy.considerations.base import Consideration, Figure, FlipPoint, Status
from shipworthy.considerations.show import SIGNS, signed
from shipworthy.words import amount, percent, with_unit

STYLES: dict[Status, str] = {
    "meets": "sw-meets", "at_risk": "sw-risk", "fails": "sw-fails", "unknown": "sw-unknown", "not_applicable": "sw-na",
}  # fmt: skip


def pill(status: Status) -> Markup:
    """A status as a pill."""
    return Markup('<span class="sw-status {}">{}</span>').format(STYLES[status], signed(status))


def heading(title: str, lead: str) -> Markup:
    """A panel's question and the sentence below it."""
    return Markup('<h2>{}</h2><p class="sw-lead">{}</p>').format(title, lead)


def finding(found: Finding, flips: Sequence[FlipPoint], currency: str, requirement: str) -> Markup:
    """What a consideration concludes for the option in view."""
    lines = Markup("").join(Markup("<p>{}</p>").format(text) for text in found.words.detail)
    chance = ""
    if found.probability is not None and found.status in ("meets", "at_risk", "fails"):
        chance = f" in {percent(found.probability)} of what we think possible · {requirement}"
    turning = flip_words(flips, currency)
    flip = Markup('<p class="sw-flip"><b>Flips</b> {}</p>').format(turning) if turning else ""
    note = ""
    if found.unconfirmed:
        count = len(found.unconfirmed)
        note = Markup('<p class="sw-soft">Uses {} unconfirmed default{}.</p>').format(count, "" if count == 1 else "s")
    head = Markup("{}<span class='sw-soft'>{}</span><h3>{}</h3>").format(pill(found.status), chance, found.headline)
    return Markup('<div class="sw-card sw-finding {}">{}{}{}{}</div>').format(
        STYLES[found.status], head, lines, flip, note
    )


def flip_words(flips: Sequence[FlipPoint], currency: str, most: int = 3) -> str:
    """``to meets when the gap is at least 52 days, or …``."""
    said = []
    for flip in flips[:most]:
        side = "at least" if flip.at_least else "at most"
        value = with_unit(flip.value, flip.unit, currency=currency)
        said.append(f"to {SIGNS[flip.status][1]} when “{flip.label}” is {side} {value}")
    return ", or ".join(said) + ("." if said else "")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> Markup:
    """A plain table; the first cell of a row is its heading."""
    top = Markup("").join(Markup('<th scope="col">{}</th>').format(cell) for cell in head)
    body = Markup("").join(
        Markup("<tr><th scope='row'>{}</th>{}</tr>").format(
            row[0], Markup("").join(Markup("<td>{}</td>").format(cell) for cell in row[1:])
        )
        for row in rows
    )
    title = Markup("<caption>{}</caption>").format(caption) if caption else ""
    return Markup("<table>{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(title, top, body)


def options_table(consideration: Consideration, assessment: Assessment) -> Markup:
    """The numbers of a consideration, a row an option."""
    evaluations = assessment.evaluations(consideration.key)
    usable = {key: each for key, each in evaluations.items() if not each.missing}
    if not usable:
        return Markup("")
    head, rows = consideration.table(usable, lambda option: assessment.view(consideration.key, option))
    names = {option.key: option.name for option in assessment.decision.options}
    return table(("Option", *head), [(names[row[0]], *row[1:]) for row in rows])


def how(consideration: Consideration) -> Markup:
    """How it is computed, folded away."""
    return Markup(
        "<details><summary>How this is computed, and from which source</summary><p>{}</p><p>{}</p></details>"
    ).format(consideration.formula, consideration.source)


def figure_notes(figure: Figure) -> Markup:
    """Caption of a chart and its table."""
    return Markup("<p class='sw-soft'>{}</p><details><summary>As a table</summary>{}</details>").format(
        figure.caption, table(figure.columns, figure.rows)
    )


def strip(assessment: Assessment) -> Markup:
    """The options compared, in one line each."""
    parts = []
    for key, result in assessment.options.items():
        leads = key == assessment.recommended
        name = Markup("<b>{}</b>").format(result.option.name)
        parts.append(
            Markup('<div class="sw-option{}" role="listitem">{}<span>{}</span><span>{}</span></div>').format(
                " sw-leads" if leads else "", name, *one_line(result).split(" · ")
            )
        )
    if assessment.provisional:
        count = len(assessment.missing)
        said = "1 answer is not known yet" if count == 1 else f"{count} answers are not known yet"
        parts.append(
            Markup('<div class="sw-option" role="listitem"><b>Provisional</b><span>{}</span></div>').format(said)
        )
    return Markup('<div class="sw-options" role="list" aria-label="Options compared">{}</div>').format(
        Markup("").join(parts)
    )


def one_line(result: OptionResult) -> str:
    """Payoff and chance of meeting everything: ``0.9M (0.3M to 1.6M) · meets all 81 %``."""
    found = result.summary
    paid = amount(found.mean) if found.certain else f"{amount(found.mean)} ({amount(found.p10)} to {amount(found.p90)})"
    share = result.meets_all_probability
    return f"{paid} · " + ("no requirement concerns it" if share is None else f"meets all {percent(share)}")


def comparison(assessment: Assessment) -> Markup:
    """The matrix: options by considerations, with payoff and the chance of meeting everything."""
    names = [each.name for each in assessment.registry.values()]
    rows = []
    for key, result in assessment.options.items():
        cells = []
        for finding_ in result.findings.values():
            share = finding_.probability
            shown = percent(share) if share is not None and finding_.status in ("meets", "at_risk", "fails") else ""
            cells.append(Markup("<td>{} {}</td>").format(pill(finding_.status), shown))
        mark = Markup(" <b>leads</b>") if key == assessment.recommended else ""
        share = result.meets_all_probability
        rows.append(
            Markup("<tr><th scope='row'>{}{}</th>{}<td>{}</td><td>{}</td></tr>").format(
                result.option.name,
                mark,
                Markup("").join(cells),
                "–" if share is None else percent(share),
                one_line(result).split(" · ")[0],
            )
        )
    head = Markup("").join(
        Markup('<th scope="col">{}</th>').format(name)
        for name in ("Option", *names, "Meets all", f"Payoff [{assessment.currency()}]")
    )
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(head, Markup("").join(rows))


def ledger(assessment: Assessment) -> Markup:
    """Expected money over the period, by part and option; the parts add up."""
    parts: Mapping[str, Mapping[str, float]] = {key: assessment.ledger(key) for key in assessment.options}
    used = [name for name in PARTS if any(abs(each[name]) >= 0.5 for each in parts.values())]
    head = ("", *(result.option.name for result in assessment.options.values()))
    rows = [(PARTS[name], *(amount(each[name]) for each in parts.values())) for name in used]
    rows.append(("Expected payoff", *(amount(result.summary.mean) for result in assessment.options.values())))
    return table(head, rows, f"Expected money over the period, in {assessment.currency()}")
