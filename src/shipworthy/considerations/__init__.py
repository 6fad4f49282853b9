"""The considerations, one module each, and the registry through which everything else finds them."""

from collections.abc import Sequence
from functools import cache
from importlib.metadata import entry_points

from shipworthy.considerations.base import Consideration
from shipworthy.considerations.cost import Cost
from shipworthy.considerations.deadline import Deadline
from shipworthy.considerations.deployment import Deployment
from shipworthy.considerations.explainability import Explainability
from shipworthy.considerations.lead_time import LeadTime
from shipworthy.considerations.licences import Licences
from shipworthy.considerations.value_stream import ValueStream
from shipworthy.considerations.world import allotted
from shipworthy.decision import Decision
from shipworthy.documents import plain_path, read
from shipworthy.errors import InputError, ShipworthyError
from shipworthy.words import one_line

GROUP = "shipworthy.considerations"
_BUILT_IN: tuple[type[Consideration], ...] = (
    ValueStream,
    Deployment,
    LeadTime,
    Licences,
    Explainability,
    Cost,
    Deadline,
)


@cache
def registry() -> dict[str, Consideration]:
    """Every consideration by its key, in the order in which they are asked.

    Other packages add theirs through the entry point group ``shipworthy.considerations``, each naming a subclass of
    :class:`~shipworthy.considerations.base.Consideration`.
    """
    found: dict[str, Consideration] = {each.key: each() for each in _BUILT_IN}
    for point in entry_points(group=GROUP):
        made = point.load()()
        if not isinstance(made, Consideration):
            raise ShipworthyError(
                f"The package entry “{point.name}” names no consideration: remove or repair that package"
            )
        if made.key in found:
            raise ShipworthyError(f"Two packages bring the consideration “{made.key}”: remove one of them")
        found[made.key] = made
    return dict(sorted(found.items(), key=lambda item: item[1].order))


def words(path: Sequence[str | int]) -> str:
    """A path into the document in the user's words: ``Cost per use › Output tokens › low``."""
    if len(path) >= 2 and path[0] == "answers":
        consideration = registry().get(str(path[1]))
        if consideration is not None:
            question = consideration.questions.get(str(path[2])) if len(path) > 2 else None
            rest = [question.label if question else one_line(str(path[2]), 60)] if len(path) > 2 else []
            tail = plain_path(tuple(step for step in path[3:] if step != "value"))
            return " › ".join([consideration.name, *rest, *([tail] if tail else [])])
    return plain_path(path)


def check(decision: Decision) -> None:
    """Refuse a document whose answers do not fit the questions that are asked.

    Raises
    ------
    InputError
        Naming the consideration and question as the user sees them, what was found, what would do.
    """
    for key, answers in decision.answers.items():
        consideration = registry().get(key)
        if consideration is None:
            raise InputError(f"Answers › {key}: there is no such consideration here; remove it, or install its package")
        for name, answer in answers.items():
            question = consideration.questions.get(name)
            if question is None:
                raise InputError(f"{consideration.name} › {name}: there is no such question; check its spelling")
            where = f"{consideration.name} › {question.label}"
            if answer.value is not None:
                question.check(answer.value, where)
            if answer.differs and not question.per_option:
                raise InputError(f"{where}: options cannot differ in this answer; give one for all")
            for option, value in answer.by_option.items():
                if value is not None:
                    question.check(value, f"{where} › {one_line(decision.option(option).name, 60)}")
            for each in answer.estimates:
                question.check(each.value, f"{where} › {one_line(each.who, 60)}")
    known = allotted(decision, registry())
    seen: set[frozenset[str]] = set()
    for pair in decision.correlations:
        both = frozenset((pair.first, pair.second))
        if len(both) < 2 or both in seen:
            what = "twice" if both in seen else "with itself"
            raise InputError(
                f"Correlations: “{one_line(pair.first, 60)}” is paired {what}; keep one pair of two answers"
            )
        seen.add(both)
        for name in (pair.first, pair.second):
            if name not in known:
                raise InputError(f"Correlations: “{one_line(name, 60)}” is not a question; name one like lead_time.gap")


def open_text(text: str | bytes) -> Decision:
    """A decision from JSON text, fully checked, every question with its dimension."""
    decision = read(text, words=words)
    check(decision)
    return with_dimensions(decision)


def with_dimensions(decision: Decision) -> Decision:
    """The document with a dimension of the draws allotted to every question that has none yet."""
    numbers = allotted(decision, registry())
    return decision if numbers == decision.dimensions else decision.model_copy(update={"dimensions": numbers})
