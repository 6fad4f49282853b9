"""Work that follows a little later on the kernel's own loop, one step at a time, so that typing comes first."""

import asyncio
from collections.abc import Callable, Iterator


class Later:
    """Runs the newest piece of work after a pause; a newer one replaces what has not finished.

    Without a running loop (a notebook that is executed from end to end, a test) the work waits for :meth:`finish`.
    """

    def __init__(self, failed: Callable[[Exception], object]) -> None:
        self._failed = failed
        self._work: dict[str, Iterator[object]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self, name: str, work: Iterator[object], pause: float) -> None:
        """Do the work in steps after ``pause`` seconds, instead of earlier work of this name."""
        self.stop(name)
        self._work[name] = work
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._tasks[name] = loop.create_task(self._run(name, work, pause))

    def stop(self, name: str) -> None:
        """Forget work that has not finished."""
        self._work.pop(name, None)
        task = self._tasks.pop(name, None)
        if task is not None and task is not _current():
            task.cancel()

    def finish(self) -> None:
        """Do at once whatever waits."""
        for name in list(self._work):
            work = self._work.get(name)
            self.stop(name)
            if work is not None:
                self._step_through(work)

    def _step_through(self, work: Iterator[object]) -> None:
        try:
            for _ in work:
                pass
        except Exception as error:
            self._failed(error)

    async def _run(self, name: str, work: Iterator[object], pause: float) -> None:
        try:
            await asyncio.sleep(pause)
            for _ in work:
                await asyncio.sleep(0.001)
        except Exception as error:
            self._failed(error)
        if self._work.get(name) is work:
            self._work.pop(name, None)
            self._tasks.pop(name, None)


def _current() -> object:
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None
