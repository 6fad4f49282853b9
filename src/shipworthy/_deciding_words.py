"""What a screen and a record say of the options under several attitudes, and of what to find out first."""

from dataclasses import dataclass

from shipworthy.assess import Assessment
from shipworthy.deciding import Deciding, ToFindOut
from shipworthy.words import join, percent, total

MOST = 8
"""Answers that are listed; the others are counted."""
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

    lead: tuple[str, ...]
    """Sentences above the list."""
    first_head: tuple[str, ...]
    first: Rows
    """What to find out and where it is asked, what it is worth, whether it is an unconfirmed default."""
    rest: str
    standing_head: tuple[str, ...]
    standings: Rows
    chosen_head: tuple[str, ...]
    chosen: Rows
    agreement: str


def told(found: Deciding, assessment: Assessment) -> Told:
    """Put what is found into words."""
    names = {key: result.option.name for key, result in assessment.options.items()}
    money = assessment.currency()
    worth = [each for each in found.measurable[:MOST] if total(each.worth.value) != "0"]
    return Told(
        tuple(_lead(found, worth, money)),
        ("To find out", f"Worth up to [{money}]", "Stands on"),
        tuple((f"{each.label} ({each.consideration})", total(each.worth.value), _stands(each)) for each in worth),
        _rest(len(found.found) - len(worth)) if worth else "",
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


def _lead(found: Deciding, worth: list[ToFindOut], money: str) -> list[str]:
    said = []
    if found.unknown:
        said.append(f"Not known at all yet, so without a figure: {join([f'“{label}”' for label in found.unknown])}. They come first.")  # fmt: skip
    if not found.found:
        said.append("No answer is uncertain.")
    elif not worth:
        said.append(
            "No answer by itself is worth finding out: whatever it turned out to be, the same option would be chosen."
        )
    else:
        said.append(
            "Up to so much may be spent on knowing one answer before choosing. "
            f"Knowing everything would be worth {total(found.everything)} {money}."
        )
    return said


def _rest(count: int) -> str:
    if not count:
        return ""
    are, have = ("is", "has") if count == 1 else ("are", "have")
    return f"{count} more {are} uncertain and {have} no measurable or a smaller value: knowing would hardly change what is chosen."


def _stands(found: ToFindOut) -> str:
    return "an unconfirmed default" if found.unconfirmed else "the team’s answer"


def _agreement(found: Deciding, names: dict[str, str]) -> str:
    if not found.disagreeing:
        return "All of them agree."
    own = names[found.choices["expected"] or ""]
    return (
        f"They do not all agree: what is recommended, “{own}”, is the highest expected payoff; say why if you choose it "
        "all the same."
    )
