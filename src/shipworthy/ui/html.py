"""Snippets of HTML for the screen. Whatever a person typed goes through ``escape``."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from markupsafe import Markup as Markup
from markupsafe import escape as escape

from shipworthy.assess import PARTS, Assessment, Finding, OptionResult
from shipworthy.considerations.base import Consideration, Figure, FlipPoint, Listing, Status
from shipworthy.considerations.show import SIGNS, signed
from shipworthy.decision import DO_NOTHING
from shipworthy.insight import along, going_on, nearest_first, standing
from shipworthy.words import chance_words, percent, plain, total, with_unit

STYLES: dict[Status, str] = {
    "meets": "sw-meets", "at_risk": "sw-risk", "fails": "sw-fails", "unknown": "sw-unknown", "not_applicable": "sw-na",
}  # fmt: skip


def pill(status: Status) -> Markup:
    """A status as a pill."""
    return Markup('<span class="sw-status {}">{}</span>').format(STYLES[status], signed(status))


def heading(title: str, lead: str) -> Markup:
    """A panel's question and the sentence below it."""
    return Markup('<h2>{}</h2><p class="sw-lead">{}</p>').format(title, lead)


def paragraph(text: str) -> Markup:
    """A quiet sentence."""
    return Markup('<p class="sw-soft">{}</p>').format(text)


SHOWN = 2
"""Sentences of a finding that are always shown: the chart stands below them."""


def finding(found: Finding, flips: Sequence[FlipPoint], currency: str, requirement: str) -> Markup:
    """What a consideration concludes for the option in view."""
    lines = _lines(found.words.detail[:SHOWN])
    more = found.words.detail[SHOWN:]
    if more:
        lines += Markup("<details><summary>{} more</summary>{}</details>").format(len(more), _lines(more))
    chance = ""
    if found.probability is not None and found.status in ("meets", "at_risk", "fails"):
        chance = f": {chance_words(found.probability)} of meeting it · "
    turning = flip_words(flips, currency)
    flip = Markup('<p class="sw-flip"><b>Flips</b> {}</p>').format(turning) if turning else ""
    note = ""
    if found.unconfirmed:
        count = len(found.unconfirmed)
        note = Markup('<p class="sw-soft">Uses {} unconfirmed default{}.</p>').format(count, "" if count == 1 else "s")
    asked = Markup("<span class='sw-whole'>{}</span>").format(requirement) if chance else ""
    head = Markup("{}<span class='sw-soft'>{}{}</span><h3>{}</h3>").format(
        pill(found.status), chance, asked, found.headline
    )
    return Markup('<div class="sw-card sw-finding {}">{}{}{}{}</div>').format(
        STYLES[found.status], head, lines, flip, note
    )


def _lines(texts: Iterable[str]) -> Markup:
    return Markup("").join(Markup("<p>{}</p>").format(text) for text in texts)


def flip_words(flips: Sequence[FlipPoint], currency: str, most: int = 3) -> str:
    """``to meets when the gap is at least 52 days; or when …``: the nearest first, a change to the same told once."""
    said, before = "", ""
    for flip in nearest_first(flips)[:most]:
        side = "at least" if flip.at_least else "at most"
        value = with_unit(flip.value, flip.unit, currency=currency, beside=flip.here)
        stands = "" if flip.here is None else standing(flip.here, flip.unit, flip.value)
        to = f"to {SIGNS[flip.status][1]} "
        said += ("; or " if said else "") + (to if to != before else "")
        said += f"when “{flip.label}” is {side} {value}{going_on(flip, currency)}{stands}{along(flip)}"
        before = to
    return said + ("." if said else "")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> Markup:
    """A plain table; the first cell of a row is its heading, and takes a line of its own where a wide table has no room."""
    top = Markup("").join(Markup('<th scope="col">{}</th>').format(cell) for cell in head)
    body = Markup("").join(
        Markup("<tr><th scope='row'>{}</th>{}</tr>").format(
            row[0], Markup("").join(Markup("<td>{}</td>").format(cell) for cell in row[1:])
        )
        for row in rows
    )
    title = Markup("<caption>{}</caption>").format(caption) if caption else ""
    cells = len(head) - 1
    few, fewer = (cells if cells <= most else -(-cells // 2) for most in (5, 3))
    wide = Markup(' class="sw-wide" style="--sw-few:{};--sw-fewer:{}"').format(few, fewer) if cells > 2 else ""
    return Markup("<table{}>{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(wide, title, top, body)


def options_table(consideration: Consideration, assessment: Assessment) -> Markup:
    """The numbers of a consideration, a row an option."""
    evaluations = assessment.evaluations(consideration.key)
    usable = {key: each for key, each in evaluations.items() if not each.missing}
    if not usable:
        return Markup("")
    head, rows = consideration.table(usable, lambda option: assessment.view(consideration.key, option))
    names = {option.key: option.name for option in assessment.decision.options}
    return table(("Option", *head), [(names[row[0]], *row[1:]) for row in rows])


def listings(lists: Iterable[Listing]) -> Markup:
    """Lists to follow and texts to take over, each folded away."""
    found = Markup("")
    for each in lists:
        count = "" if each.text else f" ({len(each.items)})"
        lines = Markup("").join(Markup("<li>{}</li>").format(item) for item in each.items)
        whole = Markup("<pre class='sw-text'>{}</pre>").format("\n".join(each.items))
        found += Markup("<details class='sw-list'><summary>{}{}</summary>{}</details>").format(
            each.title, count, whole if each.text else Markup("<ol>{}</ol>").format(lines)
        )
    return found


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
    """The options compared, a block each; the leading one comes first, as it is the one that stays in view."""
    first = assessment.recommended
    order = [assessment.options[first], *(each for key, each in assessment.options.items() if key != first)]
    parts = [
        Markup('<div class="sw-option{}" role="listitem"><b><span title="{}">{}</span></b>{}</div>').format(
            " sw-leads" if result.key == first and assessment.comparable else "",
            result.option.name,
            result.option.name,
            Markup("").join(Markup("<span>{}</span>").format(words) for words in one_line(result).split(" · ")),
        )
        for result in order
    ]
    return Markup('<p class="sw-about">{}</p><div class="sw-options" role="list">{}</div>').format(
        _about(assessment), Markup("").join(parts)
    )


def _about(assessment: Assessment) -> Markup:
    """What all figures of the strip have in common: ``Provisional: 1 answer is not known yet · EUR over 3 years``."""
    said = Markup("")
    if assessment.provisional:
        count = len(assessment.missing)
        words = "1 answer is not known yet" if count == 1 else f"{count} answers are not known yet"
        yet = "" if assessment.comparable else "nothing can be compared yet, "
        said = Markup("<b>Provisional</b>: {}{} (†) · ").format(yet, words)
    years = assessment.options[DO_NOTHING].runs[0].terms.get("period", 3 * 365.0)
    counted = plain(float(np.mean(years)) / 365.0)
    over = "1 year" if counted == "1" else f"{counted} years"
    return said + f"{assessment.currency()} over {over}"


def brief(found: Finding) -> Markup:
    """A finding in one line, for where it would come only after all questions; the bridge leads to the whole of it."""
    link = '{} <button type="button" class="sw-link"><span>{}</span></button>'
    return Markup(link).format(pill(found.status), found.headline)


def earlier(text: str) -> Markup:
    """That a finding does not know of what was typed last, where that is so."""
    return Markup('<p class="sw-error">{}</p>').format(text) if text else Markup("")


def one_line(result: OptionResult) -> str:
    """Payoff and chance of meeting everything: ``0.9M (0.3M to 1.6M) · meets all 81 %``."""
    if result.unknown:
        return f"{paid(result)} · meets all: not known"
    concerned = result.meets_all_probability is not None
    return f"{paid(result)} · " + (f"meets all {result.meets_all_words}" if concerned else "no requirement concerns it")


def paid(result: OptionResult) -> str:
    """The expected payoff, marked where it is without an answer, and between what it lies: ``0.9M † (0.3M to 1.6M)``."""
    found = result.summary
    between = "" if found.certain else f" ({total(found.p10)} to {total(found.p90)})"
    return f"{total(found.mean)}{result.mark}{between}"


def comparison(assessment: Assessment) -> Markup:
    """The matrix: options by considerations, with payoff and the chance of meeting everything."""
    names = {key: each.name for key, each in assessment.registry.items()}
    concerned = assessment.concerned
    rows = []
    for key, result in assessment.options.items():
        cells = []
        for consideration in concerned:
            cells.append(Markup("<td>{}</td>").format(_leading_to(result.findings[consideration], assessment)))
        leads = "leads, provisionally" if assessment.provisional else "leads"
        mark = Markup(" <b>{}</b>").format(leads) if key == assessment.recommended and assessment.comparable else ""
        rows.append(
            Markup("<tr><th scope='row'>{}{}</th>{}<td>{}</td><td>{}</td></tr>").format(
                result.option.name,
                mark,
                Markup("").join(cells),
                result.meets_all_words,
                paid(result),
            )
        )
    head = Markup("").join(
        Markup('<th scope="col">{}</th>').format(name)
        for name in ("Option", *(names[each] for each in concerned), "Meets all", f"Payoff [{assessment.currency()}]")
    )
    made = Markup('<table class="sw-matrix"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>').format(
        head, Markup("").join(rows)
    )
    silent = [name for key, name in names.items() if key not in concerned]
    unsaid = paragraph(f"Concerns no option here: {', '.join(silent)}.") if silent else Markup("")
    return made + unsaid + _without(assessment)


def _leading_to(found: Finding, assessment: Assessment) -> Markup:
    """A cell of the matrix: status and chance, as a button that leads to the finding."""
    share = found.probability
    shown = percent(share) if share is not None and found.status in ("meets", "at_risk", "fails") else ""
    whole = f"{assessment.registry[found.consideration].name}, {assessment.options[found.option].option.name}: {found.headline}"
    return Markup(
        '<button type="button" class="sw-link sw-to" data-place="{}" data-option="{}" title="{}">{} {}</button>'
    ).format(found.consideration, found.phase or found.option, whole, pill(found.status), shown)


def findings(assessment: Assessment) -> Markup:
    """Every finding in a sentence, option by option, folded away."""
    parts = Markup("")
    for result in assessment.options.values():
        told = [each for each in result.findings.values() if each.status != "not_applicable"]
        lines = Markup("").join(
            Markup("<li>{} <b>{}</b>: {}</li>").format(pill(each.status), assessment.registry[each.consideration].name, each.headline)
            for each in told
        )  # fmt: skip
        said = Markup("<ul class='sw-plain'>{}</ul>").format(lines) if told else paragraph("Nothing concerns it.")
        parts += Markup("<h4>{}</h4>{}").format(result.option.name, said)
    return Markup("<details><summary>Every finding in a sentence</summary>{}</details>").format(parts)


def _without(assessment: Assessment) -> Markup:
    """What the mark behind a figure means."""
    if not assessment.provisional:
        return Markup("")
    if not assessment.comparable:
        return Markup(
            '<p class="sw-soft">Nothing can be compared yet: what the options bring is not known. † {}.</p>'
        ).format(assessment.without_words(assessment.missing))
    return Markup('<p class="sw-soft">† {}, not known yet: provisional.</p>').format(
        assessment.without_words(assessment.missing)
    )


def ledger(assessment: Assessment) -> Markup:
    """Expected money over the period, by part and option; the parts add up."""
    parts: Mapping[str, Mapping[str, float]] = {key: assessment.ledger(key) for key in assessment.options}
    used = [name for name in PARTS if any(abs(each[name]) >= 1 for each in parts.values())]
    head = ("", *(result.option.name + result.mark for result in assessment.options.values()))
    rows = [(PARTS[name], *(total(each[name]) for each in parts.values())) for name in used]
    rows.append(
        ("Expected payoff", *(total(result.summary.mean) + result.mark for result in assessment.options.values()))
    )
    caption = f"Expected money over the period, in {assessment.currency()}"
    return table(head, rows, caption) + _without(assessment)
