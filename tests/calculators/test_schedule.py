"""Schedules: against all paths, a clock that ticks through the plan, textbook values, limits, and in words where impossible."""

import heapq
import math
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.calculators.pert import classic
from shipworthy.calculators.schedule import Task, alike_scores, criticality, latest_start, ordered, schedule, shortened
from shipworthy.errors import InputError

DRAWS = 2**14
TRIANGLE = (8.0, 10.0, 15.0)

FOURTEEN: Mapping[str, tuple[tuple[float, float, float], str]] = {
    "access": ((3, 8, 19), ""), "clean": ((4, 10, 28), "access"), "label": ((5, 9, 25), "access"),
    "baseline": ((3, 5, 13), "clean"), "train": ((8, 15, 40), "label baseline"), "evaluate": ((3, 5, 13), "train"),
    "contract": ((5, 12, 37), ""), "security": ((5, 10, 27), "contract"), "interface": ((5, 10, 21), ""),
    "integrate": ((8, 15, 34), "interface security"), "monitor": ((3, 6, 15), "integrate"),
    "approve": ((5, 10, 27), "evaluate security"), "shadow": ((5, 10, 15), "approve monitor"), "roll_out": ((2, 4, 6), "shadow"),
}  # fmt: skip


def betas(ranges: Mapping[str, tuple[float, float, float]], size: int = DRAWS, seed: int = 5) -> dict[str, np.ndarray]:
    """PERT durations: the beta distribution whose mean is (a + 4m + b) / 6."""
    random = np.random.default_rng(seed)
    found = {}
    for key, (low, likely, high) in ranges.items():
        one, two = 1 + 4 * (likely - low) / (high - low), 1 + 4 * (high - likely) / (high - low)
        found[key] = low + (high - low) * random.beta(one, two, size)
    return found


def fourteen(size: int = DRAWS) -> tuple[list[Task], dict[str, tuple[float, float, float]]]:
    ranges = {key: each[0] for key, each in FOURTEEN.items()}
    days = betas(ranges, size)
    return [Task(key, days[key], tuple(each[1].split())) for key, each in FOURTEEN.items()], ranges


def paths(tasks: Sequence[Task], key: str) -> list[list[str]]:
    """Every way through the plan to a task."""
    task = next(each for each in tasks if each.key == key)
    before = [path for each in task.after for path in paths(tasks, each)] or [[]]
    return [[*path, key] for path in before]


def test_the_finish_is_the_longest_of_all_paths() -> None:
    tasks, _ = fourteen()
    days = {task.key: task.days for task in tasks}
    every = [sum(days[key] for key in path) for path in paths(tasks, "roll_out")]
    assert len(every) == 5
    longest = np.max(every, axis=0)
    found = schedule(tasks)
    np.testing.assert_allclose(found.finish, longest, rtol=1e-12)
    # a task is critical where one of the longest paths goes through it
    index = criticality(found)
    for key in days:
        through = [total for total, path in zip(every, paths(tasks, "roll_out"), strict=True) if key in path]
        share = np.mean(np.isclose(np.max(through, axis=0), longest, rtol=1e-12, atol=0))
        assert index[key] == pytest.approx(float(share), abs=1e-12), key
    assert index["roll_out"] == index["shadow"] == 1.0
    assert 0.05 < index["contract"] < index["access"] < 0.95


def test_classic_pert_is_more_hopeful_than_the_simulation_of_fourteen_tasks() -> None:
    tasks, ranges = fourteen(2**17)
    textbook, finish = classic(tasks, ranges), schedule(tasks).finish
    due = textbook.mean + 1.2426 * textbook.deviation  # where classic PERT says 0.893
    assert textbook.chance(due) == pytest.approx(0.893, abs=5e-5)
    assert 0.80 < float(np.mean(finish <= due)) < 0.87
    assert float(np.mean(finish)) > textbook.mean + 1  # merge bias, in days


def test_five_equal_paths_are_all_in_time_by_their_own_mean_in_three_per_cent() -> None:
    # each path in time by its mean in half of the cases, all five in 0.5^5; symmetric, so that the mean is the median
    random = np.random.default_rng(11)
    tasks = [Task(f"path{number}", random.normal(50, 5, 2**18)) for number in range(5)]
    found = schedule(tasks)
    assert float(np.mean(found.finish <= 50)) == pytest.approx(0.5**5, abs=0.001)
    assert classic(tasks, {task.key: (35.0, 50.0, 65.0) for task in tasks}).chance(50.0) == 0.5
    assert sum(criticality(found).values()) == pytest.approx(1.0)
    assert all(share == pytest.approx(0.2, abs=0.004) for share in criticality(found).values())


def test_classic_pert_by_hand() -> None:
    # (8 + 40 + 15) / 6 = 10.5 and (7/6)² = 1.3611 for each of three in a row; the short side path is left out
    tasks = [Task("a", 0.0), Task("b", 0.0, ("a",)), Task("side", 0.0), Task("c", 0.0, ("b", "side"))]
    found = classic(tasks, {"a": TRIANGLE, "b": TRIANGLE, "c": TRIANGLE, "side": (1.0, 2.0, 3.0)})
    assert found.path == ("a", "b", "c")
    assert found.mean == pytest.approx(31.5)
    assert found.deviation == pytest.approx(math.sqrt(3 * 49 / 36))
    assert found.chance(31.5 + found.deviation) == pytest.approx(0.841344746, abs=1e-9)
    certain = classic([Task("a", 3.0)], {"a": (3.0, 3.0, 3.0)})
    assert [certain.chance(due) for due in (2.9, 3.0)] == [0.0, 1.0]
    assert classic([], {}).mean == 0


def ticking(tasks: Sequence[Task], people: Mapping[str, int], draw: int) -> float:
    """The same plan by events, one draw at a time: whoever is free takes their next task once it can start."""
    line = [task.key for task in tasks]  # listed in a valid order
    by_key = {task.key: task for task in tasks}
    done: dict[str, float] = {}
    running: list[tuple[float, str]] = []
    busy = dict.fromkeys(people, 0)
    now, waiting = 0.0, list(line)
    while waiting or running:
        blocked: set[str] = set()
        for key in list(waiting):
            task = by_key[key]
            ready = all(each in done for each in task.after)
            free = not task.who or (task.who not in blocked and busy[task.who] < people[task.who])
            if ready and free:
                heapq.heappush(running, (now + float(np.broadcast_to(task.days, DRAWS)[draw]), key))
                waiting.remove(key)
                if task.who:
                    busy[task.who] += 1
            elif task.who:
                blocked.add(task.who)  # nobody starts a later task of theirs first
        now, key = heapq.heappop(running)
        done[key] = now
        if by_key[key].who:
            busy[by_key[key].who] -= 1
    return now


def plan(seed: int, most: int) -> tuple[list[Task], dict[str, int]]:
    """A plan by chance, with up to so many of each who work on it."""
    random = np.random.default_rng(seed)
    people = {who: int(random.integers(1, most + 1)) for who in ("ann", "bob", "cy")}
    tasks = []
    for number in range(int(random.integers(2, 14))):
        before = {f"t{each}" for each in random.integers(0, number, 2)} if number else set()
        who = ["", *people][int(random.integers(0, 4))]
        tasks.append(Task(f"t{number}", random.lognormal(2, 0.7, DRAWS), tuple(sorted(before)), who))
    return tasks, people


def drawn(value: object, draw: int) -> float:
    return float(np.broadcast_to(np.asarray(value), DRAWS)[draw])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_one_of_each_as_a_clock_ticking_through_the_plan(seed: int) -> None:
    tasks, people = plan(seed, 1)
    found = schedule(tasks, people)
    for draw in (0, 1, 77, DRAWS - 1):
        assert drawn(found.finish, draw) == pytest.approx(ticking(tasks, people, draw), rel=1e-12)


def assigned(tasks: Sequence[Task], people: Mapping[str, int], draw: int) -> dict[str, tuple[str, int, float, float]]:
    """Person by person, one draw: each task to whoever was free last before it can start, else to who is free first."""
    free = {(who, number): 0.0 for who, count in people.items() for number in range(count)}
    found: dict[str, tuple[str, int, float, float]] = {}
    for task in tasks:
        ready = max((found[each][3] for each in task.after), default=0.0)
        mine = {person: until for person, until in free.items() if person[0] == task.who}
        idle = {person: until for person, until in mine.items() if until <= ready}
        person = max(idle, key=lambda one: idle[one]) if idle else min(mine, key=lambda one: mine[one], default=("", 0))
        start = max(ready, mine.get(person, 0.0))
        found[task.key] = (*person, start, start + drawn(task.days, draw))
        if task.who:
            free[person] = found[task.key][3]
    return found


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_people_who_are_shared_person_by_person(seed: int) -> None:
    tasks, people = plan(seed, 4)
    found = schedule(tasks, people)
    for draw in (0, 1, 77, DRAWS - 1):
        expected = assigned(tasks, people, draw)
        for task, start, finish in zip(found.tasks, found.starts, found.finishes, strict=True):
            assert (drawn(start, draw), drawn(finish, draw)) == pytest.approx(expected[task.key][2:], rel=1e-12)
        for who, number in people.items():  # never more at work than there are
            spans = [span[2:] for span in expected.values() if span[0] == who]
            for begin, _ in spans:
                assert sum(one <= begin < other for one, other in spans) <= number
    assert sum(criticality(found).values()) >= 1.0  # in every draw some chain leads from the start to the end


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_a_critical_task_is_one_whose_day_is_the_plans_day(seed: int) -> None:
    random = np.random.default_rng(seed)
    tasks = [
        Task(
            f"t{n}",
            random.lognormal(2, 0.7, 64),
            (f"t{random.integers(0, n)}",) if n % 3 else (),
            "ann" if n % 2 else "",
        )
        for n in range(9)
    ]
    found = schedule(tasks)
    for task, share in criticality(found).items():
        moved = [Task(t.key, np.asarray(t.days) + 1e-6 * (t.key == task), t.after, t.who) for t in tasks]
        later = np.asarray(schedule(moved).finish) - np.asarray(found.finish)
        assert share == pytest.approx(float(np.mean(later > 5e-7)), abs=1e-12)


def test_more_people_can_work_at_the_same_time() -> None:
    tasks = [Task(f"t{number}", 10.0, who="ann") for number in range(6)]
    finishes = [float(schedule(tasks, {"ann": number}).finish) for number in (1, 2, 3, 4, 6, 99)]
    assert finishes == [60.0, 30.0, 20.0, 20.0, 10.0, 10.0]
    assert float(schedule([Task(t.key, t.days) for t in tasks]).finish) == 10.0
    assert float(schedule(tasks).finish) == 60.0  # one of each where nobody says how many


def test_delays_and_earliest_starts_hold_up_what_follows() -> None:
    tasks = [
        Task("a", 5.0, delay=np.array([0.0, 20.0]), who="ann"),
        Task("b", 3.0, earliest=12.0, who="ann"),
        Task("c", 1.0, ("a",)),
    ]
    found = schedule(tasks)
    assert [np.asarray(each).tolist() for each in found.finishes] == [[5.0, 25.0], [15.0, 28.0], [6.0, 26.0]]
    assert criticality(found) == {"a": 0.5, "b": 1.0, "c": 0.0}


def test_an_empty_plan_is_done_at_once() -> None:
    found = schedule([])
    assert (found.finish, found.tasks, criticality(found)) == (0.0, (), {})


def test_a_week_off_each_task_is_the_plan_simulated_again() -> None:
    tasks, _ = fourteen(2**10)
    finish, index = schedule(tasks).finish, criticality(schedule(tasks))
    for key, sooner in shortened(tasks).items():
        changed = [Task(t.key, np.maximum(np.asarray(t.days) - 5 * (t.key == key), 0), t.after) for t in tasks]
        np.testing.assert_allclose(sooner, schedule(changed).finish)
        saved = np.asarray(finish) - np.asarray(sooner)
        assert saved.min() >= 0
        assert saved.mean() <= 5 * index[key] + 1e-9 or index[key] == 0
    assert shortened([Task("a", 2.0)], days=5.0) == {"a": 0.0}


def test_the_latest_start_is_in_time_and_a_day_later_is_not() -> None:
    tasks, _ = fourteen()
    finish = np.asarray(schedule(tasks).finish)
    for confidence in (0.5, 0.8, 0.95):
        start = latest_start(finish, 200.0, confidence)
        assert float(np.mean(finish + start <= 200.0)) >= confidence
        assert float(np.mean(finish + start + 0.1 <= 200.0)) < confidence
    assert latest_start(30.0, 20.0, 0.8) == -10.0


def test_alike_scores_are_normal_and_correlated_as_asked() -> None:
    random = np.random.default_rng(2)
    common, one, two = random.standard_normal((3, 2**17))
    for alike in (0.0, 0.3, 0.7, 1.0):
        first, second = alike_scores(one, common, alike), alike_scores(two, common, alike)
        assert float(first.std()) == pytest.approx(1.0, abs=0.01)
        assert float(np.corrcoef(first, second)[0, 1]) == pytest.approx(alike, abs=0.01)
    for wrong in (-0.1, 1.1, math.nan):
        with pytest.raises(InputError, match=r"How alike the risks are: .* was found; a share from 0 to 1"):
            alike_scores(one, common, wrong)


def test_risks_that_are_alike_spread_the_end_of_a_chain() -> None:
    random = np.random.default_rng(3)
    common, *own = random.standard_normal((11, DRAWS))
    spreads = []
    for alike in (0.0, 0.5, 1.0):
        days = [10 * np.exp(0.4 * alike_scores(each, common, alike)) for each in own]
        chain = [Task(f"t{n}", each, (f"t{n - 1}",) if n else ()) for n, each in enumerate(days)]
        spreads.append(float(np.std(schedule(chain).finish)))
    assert spreads[0] * 2 < spreads[1] < spreads[2]


def test_tasks_may_be_listed_in_any_order() -> None:
    tasks, _ = fourteen(256)
    turned = schedule(list(reversed(tasks)))
    np.testing.assert_allclose(turned.finish, schedule(tasks).finish)
    assert [task.key for task in ordered(tasks)] == list(FOURTEEN)
    long = [Task(f"t{n}", 1.0, (f"t{n + 1}",) if n < 4999 else ()) for n in range(5000)]
    assert float(schedule(long).finish) == 5000.0  # far longer than Python's own stack


@pytest.mark.parametrize(
    ("tasks", "people", "said"),
    [
        ([Task("a", 1.0, ("b",)), Task("b", 1.0, ("c",)), Task("c", 1.0, ("b",), name="Label")], None, "Task “b” waits for itself: .*“b”.*“Label”"),
        ([Task("a", 1.0, ("a",), name="Train")], None, "Task “Train” waits for itself: “Train” then “Train”"),
        ([Task("a", 1.0, ("lable",), name="Train")], None, "Task “Train” comes after “lable”, which is not in the plan"),
        ([Task("a", 1.0, who="Ann", name="Train")], {"Bob": 1}, "Task “Train” has nobody to do it: there is no “Ann”"),
        ([Task("a", 1.0, who="Ann", name="Train")], {"Ann": 0}, "Task “Train” has nobody to do it"),
        ([Task("a", -1.0, name="Train")], None, "Task “Train” takes -1 days: 0 days or more would do"),
        ([Task("a", math.inf, name="Train")], None, "Task “Train” takes inf days"),
        ([Task("a", np.array([1.0, math.nan]), name="Train")], None, "Task “Train” takes nan days"),
        ([Task("a", 1.0, delay=-2.0, name="Train")], None, "Task “Train” is held up by -2 days"),
        ([Task("a", 1.0), Task("a", 1.0, name="Train")], None, "is there twice"),
    ],
)  # fmt: skip
def test_an_impossible_plan_gets_a_sentence_that_names_the_task(
    tasks: list[Task], people: Mapping[str, int] | None, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        schedule(tasks, people)
