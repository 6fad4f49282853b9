"""What goes with an option that is removed, in words."""

from collections.abc import Iterator

from shipworthy.decision import Decision
from shipworthy.words import join, one_line


def gone_with(before: Decision, after: Decision, key: str) -> str:
    """What of the outcome, the scenarios and the options in turn went with an option, in sentences; nothing where nothing did."""
    said = list(_gone(before, after, key))
    if not said:
        return ""
    return f"“{_called(before.option(key).name)}” is removed: {'; '.join(said)}. Undo brings all of it back."


def _gone(before: Decision, after: Decision, key: str) -> Iterator[str]:
    if before.outcome.chosen == key:
        yield "it was the chosen option"
    triggers = len(before.outcome.triggers) - len(after.outcome.triggers)
    forecasts = len(before.outcome.forecasts) - len(after.outcome.forecasts)
    counted = [_count(triggers, "condition") + " for reopening"] if triggers else []
    counted += [_count(forecasts, "forecast")] if forecasts else []
    if counted:
        yield f"{join(counted)} named it alone and went with it"
    left = {each.name: each for each in after.scenarios}
    whole = [f"“{_called(each.name)}”" for each in before.scenarios if each.name not in left]
    if whole:
        yield f"the scenario{'' if len(whole) == 1 else 's'} {join(whole)} changed answers for it alone and went with it"
    for each in before.scenarios:
        fewer = len(each.changes) - len(left[each.name].changes) if each.name in left else 0
        if fewer:
            yield f"the scenario “{_called(each.name)}” lost {_count(fewer, 'change')} that {'was' if fewer == 1 else 'were'} for it"
    turns = [f"“{_called(each.name)}”" for each in before.options if key in each.phases]
    if turns:
        yield f"{join(turns)} {'goes' if len(turns) == 1 else 'go'} on without it"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _called(name: str) -> str:
    return one_line(name, 60)
