"""Crews: people from a day on and for a part of their time, against each person followed by themselves, draw by draw."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.calculators.crews import Crew, Person, heads
from shipworthy.calculators.schedule import Schedule, Task, criticality, schedule
from shipworthy.errors import InputError

DRAWS = 64
SEEDS = st.integers(0, 10_000)


def plan(seed: int, part_time: bool) -> tuple[list[Task], dict[str, list[Person]]]:
    """A plan by chance; people come in the course of it, some of them for a part of their time."""
    random = np.random.default_rng(seed)

    def person() -> Person:
        start = float(random.choice([0.0, 0.0, random.uniform(0, 40)]))
        return Person(start, float(random.choice([1.0, 0.5, 0.2])) if part_time else 1.0)

    people = {who: [person() for _ in range(random.integers(1, 5))] for who in ("ann", "bob")}
    tasks = []
    for number in range(int(random.integers(2, 14))):
        before = {f"t{each}" for each in random.integers(0, number, 2)} if number else set()
        who = ["", *people][int(random.integers(0, 3))]
        delay = random.lognormal(0, 1, DRAWS) if number % 4 == 3 else 0.0
        tasks.append(
            Task(f"t{number}", random.lognormal(2, 0.7, DRAWS), tuple(sorted(before)), who, delay, earliest=2.0)
        )
    return tasks, people


def followed(
    tasks: Sequence[Task], people: Mapping[str, Sequence[Person]], draw: int
) -> dict[str, tuple[float, float]]:
    """Each person by themselves: a task goes to whoever is done with it first, of those to who was free last."""
    free = {(who, number): each.start for who, crew in people.items() for number, each in enumerate(crew)}
    found: dict[str, tuple[float, float]] = {}
    for task in tasks:
        days, delay = (float(np.broadcast_to(each, DRAWS)[draw]) for each in (task.days, task.delay))
        ready = max([2.0, *(found[each][1] for each in task.after)])
        if not task.who:
            found[task.key] = (ready, ready + days + delay)
            continue
        shares = {key: people[task.who][key[1]].share for key in free if key[0] == task.who}
        done = {key: max(ready, free[key]) + days / share for key, share in shares.items()}
        best = min(done, key=lambda key: (done[key], -free[key]))
        found[task.key] = (max(ready, free[best]), done[best] + delay)
        free[best] = done[best] + delay
    return found


def same(found: Schedule, tasks: Sequence[Task], people: Mapping[str, Sequence[Person]]) -> None:
    for draw in (0, 7, DRAWS - 1):
        expected = followed(tasks, people, draw)
        for task, start, finish in zip(found.tasks, found.starts, found.finishes, strict=True):
            got = tuple(float(np.broadcast_to(each, DRAWS)[draw]) for each in (start, finish))
            assert got == pytest.approx(expected[task.key], rel=1e-12), task.key


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_people_who_come_later(seed: int) -> None:
    tasks, people = plan(seed, part_time=False)
    same(schedule(tasks, people), tasks, people)


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_people_who_work_a_part_of_their_time(seed: int) -> None:
    tasks, people = plan(seed, part_time=True)
    found = schedule(tasks, people)
    same(found, tasks, people)
    assert all(0 <= share <= 1 for share in criticality(found).values())


def test_whoever_is_hired_later_holds_nobody_up() -> None:
    tasks = [Task(f"t{number}", 10.0, who="ann") for number in range(4)]
    alone = float(schedule(tasks, {"ann": 1}).finish)
    ends = [float(schedule(tasks, {"ann": [Person(), Person(day)]}).finish) for day in (500.0, 30.0, 15.0, 0.0)]
    assert alone == 40.0
    assert ends == [40.0, 40.0, 30.0, 20.0]
    assert float(schedule(tasks, {"ann": [Person(25.0)]}).finish) == 65.0
    # the order in which they are listed is nothing
    assert float(schedule(tasks, {"ann": [Person(15.0), Person()]}).finish) == 30.0


@pytest.mark.parametrize(
    ("number", "one", "four"),
    [(0.1, 100.0, 400.0), (0.5, 20.0, 80.0), (1.0, 10.0, 40.0), (1.5, 10.0, 30.0), (2.0, 10.0, 20.0), (2.5, 10.0, 20.0)],
)  # fmt: skip
def test_parts_of_a_person(number: float, one: float, four: float) -> None:
    # with 1.5: two tasks by the first to day 20, one by the second to day 20, and the fourth by the first to day 30
    tasks = [Task(f"t{each}", 10.0, who="ann") for each in range(4)]
    assert float(schedule(tasks[:1], {"ann": heads(number)}).finish) == pytest.approx(one)
    assert float(schedule(tasks, {"ann": heads(number)}).finish) == pytest.approx(four)


def test_more_of_a_person_is_never_later_for_tasks_side_by_side() -> None:
    for count in range(1, 9):
        tasks = [Task(f"t{each}", 10.0, who="ann") for each in range(count)]
        ends = [float(schedule(tasks, {"ann": heads(tenth / 10)}).finish) for tenth in range(1, 41)]
        assert ends == sorted(ends, reverse=True)


def test_a_delay_is_not_stretched() -> None:
    assert [float(each) for each in Crew([Person(share=0.5)], 1).take(0.0, 10.0, 3.0)] == [0.0, 23.0]
    assert [float(each) for each in Crew([Person(share=0.5), Person(9.0)], 2).take(0.0, 10.0, 3.0)] == [9.0, 22.0]


def test_heads() -> None:
    assert [each.share for each in heads(3.25)] == [1.0, 1.0, 1.0, 0.25]
    assert heads(0.0) == heads(1e-12) == []
    assert heads(2.0, 5.0) == [Person(5.0), Person(5.0)]
    assert len(heads(0.1 + 0.2 + 0.7)) == 1  # 0.9999999999999999 is one


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (
            {"Ann": []},
            "Task “Train” has nobody to do it: “Ann” has 0 people. Type how many there are, such as 1 or 0.5",
        ),
        ({"Ann": 0}, "Task “Train” has nobody to do it: “Ann” has 0 people"),
        ({"Ann": [Person(share=0.0)]}, "“Ann” has 0 people"),
        ({"Bob": 1}, "Task “Train” has nobody to do it: there is no “Ann” among the people"),
    ],
)
def test_nobody_is_told_from_too_few(people: Mapping[str, int | Sequence[Person]], said: str) -> None:
    with pytest.raises(InputError, match=said):
        schedule([Task("a", 1.0, who="Ann", name="Train")], people)
