"""What a screen and a record say of the options side by side."""

from collections.abc import Iterator
from dataclasses import dataclass

from shipworthy.assess import Assessment
from shipworthy.comparing import Comparing, Missed
from shipworthy.words import amount, chance_words, percent

_MOST = 3
"""Requirements of an option that are named."""
Rows = tuple[tuple[str, ...], ...]


class Named(dict[str, str]):
    """The options' names by their keys."""

    def __init__(self, assessment: Assessment) -> None:
        super().__init__({key: each.option.name for key, each in assessment.options.items()})


@dataclass(frozen=True)
class Told:
    """The comparison in words."""

    finding: tuple[str, ...]
    missed_head: tuple[str, ...]
    missed: Rows
    """A requirement that an option misses, in how many draws, and in how many as the only one."""
    rest: str


def told(found: Comparing, assessment: Assessment) -> Told:
    """Put the comparison into words."""
    names = Named(assessment)
    rows = [
        (f"{names[key]}: {each.label} ({each.consideration})", percent(each.how_often.missed), percent(each.how_often.alone))
        for key, those in found.missed.items() for each in _worth_telling(those)
    ]  # fmt: skip
    met = [
        names[key] for key, those in found.missed.items() if not _worth_telling(those) and _concerned(assessment, key)
    ]
    return Told(
        tuple(_finding(found, assessment, names)),
        ("What is missed", "Missed in", "The only one missed in"),
        tuple(rows),
        "" if not met else f"Met, or missed in fewer than 1 in 100: {', '.join(met)}.",
    )


def _concerned(assessment: Assessment, option: str) -> bool:
    return assessment.options[option].meets_all_probability is not None


def _worth_telling(missed: tuple[Missed, ...]) -> tuple[Missed, ...]:
    return tuple(each for each in missed if each.how_often.missed >= 0.01)[:_MOST]


def _finding(found: Comparing, assessment: Assessment, names: Named) -> Iterator[str]:
    """Which option leads, by how much, how surely, and what it misses."""
    if not assessment.comparable:
        yield "Nothing can be compared yet: what the options bring is not known."
        return
    lead, money = assessment.options[found.leading], assessment.currency()
    mean = f"{amount(lead.summary.mean)} {money}"
    second = found.next_best
    if second is None:
        yield f"“{names[found.leading]}” is expected to bring {mean}."
        return
    gap = found.ahead[second]
    if gap.mean <= 0:
        yield f"“{names[found.leading]}” and “{names[second]}” are expected to bring the same, {mean}."
    else:
        yield (
            f"“{names[found.leading]}” is expected to bring {mean}, {amount(gap.mean)} more than the next best, “{names[second]}”. "
            f"It has {chance_words(gap.chance_better)} of being the better of the two."
        )
    yield from _requirements(found, assessment)


def _requirements(found: Comparing, assessment: Assessment) -> Iterator[str]:
    lead = assessment.options[found.leading]
    share = lead.meets_all_probability
    if share is None:
        return
    worst = next(iter(found.missed[found.leading]), None)
    said = f"It has {chance_words(share)} of meeting every requirement"
    if worst is not None and share < 0.995:
        said += f"; what it misses most often is “{worst.label}” ({worst.consideration})"
    yield said + "."
