"""Work that follows a little later: the newest replaces the older, with a running loop and without one."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest

from shipworthy.ui.clock import Later

WAIT = 10.0
"""Longest that a test waits for something that should happen at once [s]."""


@pytest.fixture
def errors() -> list[Exception]:
    return []


@pytest.fixture
def later(errors: list[Exception]) -> Later:
    return Later(errors.append)


def steps(said: list[str], name: str, count: int = 3, then: Callable[[], None] = lambda: None) -> Iterator[None]:
    for number in range(count):
        said.append(f"{name}{number}")
        yield
    then()


def on_a_loop(test: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run until the test sets the event."""

    async def run() -> None:
        done = asyncio.Event()
        await test(done)
        await asyncio.wait_for(done.wait(), WAIT)

    asyncio.run(run())


def test_without_a_loop_work_waits_until_it_is_finished(later: Later, errors: list[Exception]) -> None:
    said: list[str] = []
    later.start("search", steps(said, "a"), 0.3)
    assert said == []
    later.finish()
    assert said == ["a0", "a1", "a2"]
    later.finish()
    assert (said, errors) == (["a0", "a1", "a2"], [])


def test_newer_work_replaces_older_of_its_name_and_no_other(later: Later) -> None:
    said: list[str] = []
    later.start("search", steps(said, "old"), 0.3)
    later.start("save", steps(said, "save", 1), 0.3)
    later.start("search", steps(said, "new", 1), 0.3)
    later.finish()
    assert sorted(said) == ["new0", "save0"]


def test_stopped_work_is_never_done(later: Later) -> None:
    said: list[str] = []
    later.start("search", steps(said, "a"), 0.0)
    later.stop("search")
    later.stop("nothing of this name")
    later.finish()
    assert said == []


def test_an_error_goes_to_failed_and_the_next_work_is_done(later: Later, errors: list[Exception]) -> None:
    said: list[str] = []

    def broken() -> Iterator[None]:
        yield
        raise RuntimeError("boom")

    later.start("search", broken(), 0.0)
    later.finish()
    assert [str(error) for error in errors] == ["boom"]
    later.start("search", steps(said, "a", 1), 0.0)
    later.finish()
    assert said == ["a0"]


def test_on_a_loop_work_is_done_in_steps_between_which_others_have_their_turn(later: Later) -> None:
    said: list[str] = []

    async def test(done: asyncio.Event) -> None:
        async def typing() -> None:
            while "a2" not in said:
                said.append("typed")
                await asyncio.sleep(0)

        later.start("search", steps(said, "a", 3, done.set), 0.0)
        await asyncio.wait_for(typing(), WAIT)

    on_a_loop(test)
    assert [each for each in said if each != "typed"] == ["a0", "a1", "a2"]
    assert "typed" in said[said.index("a0") : said.index("a1")]
    assert later._work == later._tasks == {}


def test_on_a_loop_newer_work_replaces_what_is_under_way(later: Later, errors: list[Exception]) -> None:
    said: list[str] = []

    async def test(done: asyncio.Event) -> None:
        under_way = asyncio.Event()

        def old() -> Iterator[None]:
            said.append("old")
            under_way.set()
            yield
            said.append("old went on")

        later.start("search", old(), 0.0)
        await asyncio.wait_for(under_way.wait(), WAIT)
        later.start("search", steps(said, "new", 1, done.set), 0.0)

    on_a_loop(test)
    assert said == ["old", "new0"]
    assert errors == []


def test_on_a_loop_an_error_goes_to_failed(later: Later) -> None:
    async def test(done: asyncio.Event) -> None:
        def broken() -> Iterator[None]:
            yield
            raise RuntimeError("boom")

        later._failed = lambda error: done.set() if str(error) == "boom" else None
        later.start("search", broken(), 0.0)

    on_a_loop(test)
    assert later._work == later._tasks == {}


def test_work_may_start_its_successor_as_saving_does(later: Later) -> None:
    said: list[str] = []

    async def test(done: asyncio.Event) -> None:
        def save(number: int) -> Iterator[None]:
            said.append(f"save{number}")
            yield
            if number < 3:
                later.start("save", save(number + 1), 0.0)
                yield
                said.append("the old one ends")
            else:
                done.set()

        later.start("save", save(1), 0.0)

    on_a_loop(test)
    assert [each for each in said if each.startswith("save")] == ["save1", "save2", "save3"]
    assert later._work == later._tasks == {}


def test_finish_on_a_loop_does_at_once_what_waits_and_only_once(later: Later) -> None:
    said: list[str] = []

    async def test(done: asyncio.Event) -> None:
        later.start("search", steps(said, "a", 1), 0.0)
        later.finish()
        assert said == ["a0"]
        later.start("save", steps(said, "b", 1, done.set), 0.0)

    on_a_loop(test)
    assert said == ["a0", "b0"]


def test_work_left_by_a_loop_that_ended_does_not_stand_in_the_way(later: Later, errors: list[Exception]) -> None:
    said: list[str] = []

    async def leave() -> None:
        later.start("search", steps(said, "lost"), 100.0)

    asyncio.run(leave())
    later.start("search", steps(said, "new", 1), 0.0)
    later.finish()
    assert said == ["new0"]
    assert errors == []
