"""What a screen and a record say of the options under several attitudes."""

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


def told(found: Deciding, assessment: Assessment) -> Told:
    """Put what is found into words."""
    names = {key: result.option.name for key, result in assessment.options.items()}
    money = assessment.currency()
    return Told(
        ("Option", "Is the best in", f"Given up on average [{money}]", f"In the worst tenth [{money}]"),
        tuple(
            (names[key], percent(each.chance_best), total(each.regret), total(each.bad_case))
            for key, each in found.standings.items()
        ),
        ("Whoever wants", "Would take"),
        tuple((words, _name(found.choices[attitude], names)) for attitude, words in ATTITUDES.items()),
        _agreement(found, names),
    )


def _name(key: str | None, names: dict[str, str]) -> str:
    return "none does" if key is None else names[key]


def _agreement(found: Deciding, names: dict[str, str]) -> str:
    if not found.disagreeing:
        return "All of them agree."
    own = names[found.choices["expected"] or ""]
    return (
        f"They do not all agree: what is recommended, “{own}”, is the highest expected payoff; say why if you choose it "
        "all the same."
    )
