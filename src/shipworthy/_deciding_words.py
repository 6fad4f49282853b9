"""What a screen and a record say of the options under several attitudes."""

from collections.abc import Iterator
from dataclasses import dataclass

from shipworthy.assess import Assessment
from shipworthy.deciding import Deciding
from shipworthy.words import percent, total

ATTITUDES = {
    "expected": "The highest expected payoff",
    "requirements_first": "The same, among those that meet every requirement as surely as asked",
    "robust": "Never far behind the best, whatever turns out",
    "risk_averse": "The best when things go badly (mean of the worst tenth)",
}
Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Told:
    """Everything in words, ready for a table."""

    standing_head: tuple[str, ...]
    standings: Rows
    chosen_head: tuple[str, ...]
    chosen: Rows
    agreement: str
    notes: tuple[str, ...]


def told(found: Deciding, assessment: Assessment) -> Told:
    """Put what is found into words."""
    names = {key: result.option.name for key, result in assessment.options.items()}
    money = assessment.currency()
    return Told(
        (
            "Option",
            "Is the best in",
            f"Given up on average [{money}]",
            f"Given up at most [{money}]",
            f"In the worst tenth [{money}]",
        ),
        tuple(
            (
                names[key] + assessment.options[key].mark,
                percent(each.chance_best),
                total(each.regret),
                total(each.largest_regret),
                total(each.bad_case),
            )
            for key, each in found.standings.items()
        ),
        ("Whoever wants", "Would take"),
        tuple((words, _name(found.choices[attitude], names)) for attitude, words in ATTITUDES.items()),
        _agreement(found, names),
        tuple(_notes(found, names)),
    )


def _notes(found: Deciding, names: dict[str, str]) -> Iterator[str]:
    """What the columns mean, and which options are left out."""
    yield "Given up: what the option that turns out best would have paid more. In the worst tenth: the mean of the 1 in 10 that pay least."
    left = [f"“{name}”" for key, name in names.items() if key not in found.options]
    if left:
        yield f"Not compared, because nothing is known yet of what it brings: {', '.join(left)}."


def _name(key: str | None, names: dict[str, str]) -> str:
    return "none does" if key is None else names[key]


def _agreement(found: Deciding, names: dict[str, str]) -> str:
    if not found.disagreeing:
        return "All of them agree."
    if not any(found.choices[attitude] for attitude in found.disagreeing):
        return "No option meets every requirement as surely as asked; for the rest they agree."
    own = names[found.choices["expected"] or ""]
    return (
        f"They do not all agree: what is recommended, “{own}”, is the highest expected payoff; say why if you choose it "
        "all the same."
    )
