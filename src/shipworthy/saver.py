"""Keeps a decision saved while people type: waits for a pause, tries again after trouble, never drops a state.

Pure logic on an injected clock: it starts no threads and no timers. The page calls :meth:`Saver.offer` after each
change and :meth:`Saver.flush` when :meth:`Saver.due_in` has passed, and shows the :class:`Outcome`.

    >>> from shipworthy.store import Store, new_id
    >>> saver = Saver(Store("sqlite://"), new_id(), clock=lambda: 0.0)
    >>> saver.offer("{}", "Churn")
    >>> saver.flush(0.1).words, saver.flush(0.3).words
    ('saving', 'saved')
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from shipworthy.store import new_id
from shipworthy.store_errors import Conflict, DocumentRefused, NotFound, StoreUnavailable

State = Literal["saved", "saving", "not saved", "conflict"]


class SavedLike(Protocol):
    """What a save returns."""

    @property
    def revision(self) -> int: ...
    @property
    def saved_at(self) -> datetime: ...


class SavesDecisions(Protocol):
    """The part of the store that a saver needs."""

    def save(
        self, id: str, document: str, *, title: str, based_on: int, author: str = "", create_missing: bool = False
    ) -> SavedLike:
        """Add a revision; see :meth:`shipworthy.store.Store.save`."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """How things stand.

    ``words`` is the short status line ("saved", "saving", "not saved: the disk is full", "conflict"), ``message`` the
    whole sentence where there is something to tell, ``conflict`` who saved in between, and ``revision`` the newest
    revision that this page has saved or opened.
    """

    state: State
    words: str
    revision: int
    saved_at: datetime | None = None
    message: str = ""
    conflict: Conflict | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """When to save [s]: after a pause of ``pause``, but never later than ``at_most`` after the first change; after a
    failure again in ``first_retry``, doubled each time up to ``last_retry``."""

    pause: float = 0.25
    at_most: float = 0.75
    first_retry: float = 1.0
    last_retry: float = 15.0


@dataclass(slots=True)
class _Pending:
    made: str | Callable[[], str]
    title: str
    since: float  # first change that is not saved
    latest: float  # last change

    @property
    def document(self) -> str:
        """The text, made when it is first asked for."""
        if not isinstance(self.made, str):
            self.made = self.made()
        return self.made


@dataclass(slots=True)
class _Trouble:
    state: State
    reason: str
    message: str
    retry_at: float | None  # None: trying again by itself would not help
    conflict: Conflict | None = None
    in_the_text: bool = False


@dataclass(slots=True)
class _Known:
    """What this page knows to be kept."""

    revision: int
    document: str | None = None
    saved_at: datetime | None = None
    unanswered: set[str] = field(default_factory=set)  # hashes of saves whose answer was lost: they may be kept


class Saver:
    """Saves one decision.

    Parameters
    ----------
    store : Store
        Where to.
    id : str
        The decision's id. One that the store does not know yet is created by the first save, so a page may take
        :func:`shipworthy.store.new_id` and start while the database is down.
    revision : int
        The revision that was opened; 0 for a decision that was never saved.
    author : str
        Name stored with each revision.
    clock : callable
        Monotonic time [s].
    pace : Pace
        How soon and how often.
    """

    def __init__(
        self,
        store: SavesDecisions,
        id: str,
        revision: int = 0,
        author: str = "",
        clock: Callable[[], float] = time.monotonic,
        *,
        pace: Pace | None = None,
    ) -> None:
        self.id = id
        self.author = author
        self._store = store
        self._clock = clock
        self._pace = pace or Pace()
        self._lock = threading.Lock()  # held for moments, around the fields below
        self._saving = threading.Lock()  # held through a save, which may take seconds
        self._known = _Known(revision)
        self._pending: _Pending | None = None
        self._trouble: _Trouble | None = None
        self._wait = self._pace.first_retry

    @property
    def revision(self) -> int:
        """The newest revision that this page has saved or opened."""
        return self._known.revision

    @property
    def pending(self) -> bool:
        """Whether something is not saved yet: then the page warns before it is closed."""
        return self._pending is not None

    @property
    def outcome(self) -> Outcome:
        """How things stand, without trying anything."""
        known, trouble = self._known, self._trouble
        if trouble is not None:
            words = trouble.state if trouble.state == "conflict" else f"{trouble.state}: {trouble.reason}"
            return Outcome(trouble.state, words, known.revision, known.saved_at, trouble.message, trouble.conflict)
        state: State = "saving" if self._pending is not None else "saved"
        return Outcome(state, state, known.revision, known.saved_at)

    def offer(self, document: str | Callable[[], str], title: str) -> None:
        """Note the newest state: its text, or what makes it when it is to be saved. It replaces one not saved yet."""
        now = self._clock()
        with self._lock:
            since = self._pending.since if self._pending is not None else now
            self._pending = _Pending(document, title, since, now)
            if self._trouble is not None and self._trouble.in_the_text:
                self._trouble = None  # the next text may do

    def due_in(self, now: float | None = None) -> float | None:
        """Seconds until :meth:`flush` has something to do; None while there is nothing, or a choice is to be made."""
        with self._lock:
            at = self._due_at()
        return None if at is None else max(0.0, at - (self._clock() if now is None else now))

    def flush(self, now: float | None = None, *, at_once: bool = False) -> Outcome:
        """Save what is pending if it is time (or ``at_once``: the page closes, somebody pressed "try again")."""
        now = self._clock() if now is None else now
        if not self._saving.acquire(blocking=at_once):
            return self.outcome
        try:
            with self._lock:
                at, tried = self._due_at(), self._pending
                if tried is None or at is None or not (at_once or now >= at):
                    return self.outcome
            self._save(tried, now)
            return self.outcome
        finally:
            self._saving.release()

    def keep_mine(self) -> Outcome:
        """Settle a conflict: put this page's state on top of the other one, which stays in the history."""
        with self._saving, self._lock:
            if self._trouble is None or self._trouble.conflict is None:
                return self.outcome
            self._known.revision, self._known.document = self._trouble.conflict.newest, None
            self._trouble = None
        return self.flush(at_once=True)

    def take_theirs(self, revision: int) -> Outcome:
        """Settle a conflict: the page has opened ``revision`` instead; what was pending here is dropped."""
        with self._saving, self._lock:
            self._known = _Known(revision)
            self._pending = self._trouble = None
        return self.outcome

    def save_as_new(self) -> Outcome:
        """Keep what is pending as a new decision, after the old one was deleted; ``self.id`` is the new id."""
        with self._saving, self._lock:
            if self._pending is None:
                return self.outcome
            self.id = new_id()
            self._known = _Known(0)
            self._trouble = None
        return self.flush(at_once=True)

    # -- helpers

    def _due_at(self) -> float | None:
        if self._pending is None:
            return None
        if self._trouble is not None:
            return self._trouble.retry_at
        return min(self._pending.latest + self._pace.pause, self._pending.since + self._pace.at_most)

    def _save(self, tried: _Pending, now: float) -> None:
        sha256 = ""
        try:
            if tried.document == self._known.document:  # undone: what is kept is what is on the screen
                with self._lock:
                    self._settle(tried)
                return
            sha256 = hashlib.sha256(tried.document.encode("utf-8", "replace")).hexdigest()
            try:
                saved = self._save_once(tried)
            except Conflict as conflict:
                if conflict.sha256 not in self._known.unanswered:
                    raise
                # The "other" state is our own: it was kept, only the answer got lost.
                with self._lock:
                    self._known.revision, self._known.saved_at = conflict.newest, conflict.saved_at
                saved = self._save_once(tried)
        except StoreUnavailable as error:
            self._try_again(sha256, error.reason, str(error), now)
        except Conflict as conflict:
            self._stop(_Trouble("conflict", "", str(conflict), None, conflict))
        except NotFound as error:
            reason = "its link is not valid" if error.deleted_at is None else "this decision was deleted"
            self._stop(_Trouble("not saved", reason, f"{error} {_DELETED}", None))
        except DocumentRefused as error:
            with self._lock:
                if self._pending is tried:  # else a newer text is waiting, which may do
                    self._trouble = _Trouble("not saved", "it cannot be kept as it is", str(error), None, None, True)
        except BaseException:
            self._try_again(sha256, "an error of ours", _OURS, now)
            raise
        else:
            with self._lock:
                self._known = _Known(saved.revision, tried.document, saved.saved_at)
                self._settle(tried)

    def _save_once(self, tried: _Pending) -> SavedLike:
        return self._store.save(
            self.id,
            tried.document,
            title=tried.title,
            based_on=self._known.revision,
            author=self.author,
            create_missing=True,
        )

    def _settle(self, saved: _Pending) -> None:
        self._trouble, self._wait = None, self._pace.first_retry
        if self._pending is saved:
            self._pending = None
        elif self._pending is not None:  # offered while the save was under way
            self._pending.since = self._pending.latest

    def _stop(self, trouble: _Trouble) -> None:
        with self._lock:
            self._trouble = trouble

    def _try_again(self, sha256: str, reason: str, message: str, now: float) -> None:
        with self._lock:
            self._known.document = None
            self._known.unanswered.add(sha256)
            self._trouble = _Trouble("not saved", reason, message, now + self._wait)
            self._wait = min(2 * self._wait, self._pace.last_retry)


_OURS = "The decision could not be saved: an error of ours. Keep working; download the file to be safe."
_DELETED = "What is on this page can be downloaded or kept as a new decision."
