"""Where decisions live: every state of a decision is kept as a revision, in SQLite unless told otherwise.

The store knows a decision as text with a title. Ids cannot be guessed and are the only way in: nothing here lists
decisions. Revisions are only ever added; one may delete a decision whole. Two people who save at once never both get
the same revision number: the second gets a :class:`Conflict` and loses nothing. Whatever is wrong with the database
comes out as :class:`StoreUnavailable`, in words, and the same store works again once it is put right.

    >>> store = Store("sqlite://")  # in memory, for this example
    >>> first = store.create('{"title": "Churn"}', title="Churn")
    >>> store.save(first.id, '{"title": "Churn 2"}', title="Churn 2", based_on=first.revision).revision
    2
    >>> store.load(first.id).title, store.load(first.id, revision=1).title
    ('Churn 2', 'Churn')
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shipworthy.store_errors import Conflict, DocumentRefused, NotFound, StoreError, StoreUnavailable

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from shipworthy.store_database import Database

__all__ = [
    "MAX_BYTES",
    "Conflict",
    "DocumentRefused",
    "NotFound",
    "Revision",
    "RevisionInfo",
    "Saved",
    "Store",
    "StoreError",
    "StoreUnavailable",
    "default_url",
    "new_id",
]

MAX_BYTES = 8_000_000
"""Largest document that is kept [bytes of UTF-8]."""

_MAX_REVISION = 2**31 - 1
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Saved:
    """What the store says after a save: where it is and which revision it became."""

    id: str
    revision: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class RevisionInfo:
    """One line of a decision's history."""

    id: str
    revision: int
    title: str
    saved_at: datetime
    author: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of a decision, with its text."""

    id: str
    revision: int
    document: str
    title: str
    saved_at: datetime
    author: str
    sha256: str


def default_url() -> str:
    """Address of the database: ``SHIPWORTHY_DB``, or else a SQLite file in the user's data folder."""
    named = os.environ.get("SHIPWORTHY_DB", "").strip()
    if named:
        return named
    import platformdirs

    return f"sqlite:///{os.path.join(platformdirs.user_data_dir('shipworthy'), 'decisions.sqlite')}"


def new_id() -> str:
    """Make an id that cannot be guessed (144 random bits)."""
    return secrets.token_urlsafe(18)


class Store:
    """Decisions in one database. Nothing is opened, and SQLAlchemy not imported, before the first use.

    Parameters
    ----------
    url : str, optional
        Any SQLAlchemy URL; without it what :func:`default_url` says.
    patience : float
        How long a locked database is waited for [s].
    clock : callable
        Tells the time that a revision is stamped with; timezone-aware.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        patience: float = 2.0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._url = url or default_url()
        self._patience = patience
        self._clock = clock
        self._opened: Database | None = None
        self._opening = threading.Lock()

    @property
    def engine(self) -> Engine:
        """The SQLAlchemy engine, for tools and tests."""
        return self._database().engine

    def create(self, document: str, *, title: str, author: str = "") -> Saved:
        """Keep a new decision under a new id, as revision 1."""
        return self.save(new_id(), document, title=title, based_on=0, author=author, create_missing=True)

    def save(
        self, id: str, document: str, *, title: str, based_on: int, author: str = "", create_missing: bool = False
    ) -> Saved:
        """Add a revision on top of revision ``based_on``.

        Text identical to the newest revision adds none and returns that one, whatever it was based on: so a save
        whose answer got lost can simply be repeated.

        With ``create_missing`` a decision that the database does not know (it was removed and came back empty, or
        it was never reached) is put back under the same id, as revision ``based_on + 1``. A decision that was
        deleted for good is never put back.

        Raises
        ------
        Conflict
            The newest revision is not ``based_on``. To keep one's own on top, save with ``based_on=error.newest``.
        NotFound
            No decision has this id, or it was deleted (``error.deleted_at``).
        DocumentRefused
            The document is larger than ``MAX_BYTES`` or holds characters that are no text.
        StoreUnavailable
            The database cannot be used just now.
        """
        from shipworthy.store_database import Task

        _check_id(id)
        if not 0 <= based_on < _MAX_REVISION:
            raise DocumentRefused(f"Revision {based_on} cannot be built on: revisions are numbered from 1.")
        sha256 = _fingerprint(document)
        title, author, at = _tidy(title, 500), _tidy(author, 200), self._clock().astimezone(UTC)
        values = {"id": id, "saved_at": at.isoformat(), "title": title, "author": author, "sha256": sha256}
        values["document"] = document
        task = Task("The decision could not be saved", "Keep working; download the file to be safe.")
        return self._database().write(task, lambda c: _add_revision(c, values, based_on, create_missing))

    def load(self, id: str, revision: int | None = None) -> Revision:
        """Open the newest revision, or the one named."""
        import sqlalchemy as sa

        from shipworthy.store_database import Task, decisions, revisions

        _check_id(id)
        task = Task("The decision could not be opened", "Try again in a moment, or open a downloaded file.")
        r = revisions.c
        query = sa.select(r.id, r.revision, r.document, r.title, r.saved_at, r.author, r.sha256).where(r.id == id)
        if revision is None:
            query = query.join(decisions, (decisions.c.id == r.id) & (decisions.c.newest == r.revision))
        else:
            # Number 0 is never given, so one that no database can hold ends as "not found", not as an error.
            query = query.where(r.revision == (revision if 1 <= revision <= _MAX_REVISION else 0))

        def work(connection: Connection) -> Revision:
            row = connection.execute(query).one_or_none()
            if row is None:
                raise _why_missing(connection, id, revision)
            return Revision(row.id, row.revision, row.document, row.title, _when(row.saved_at), row.author, row.sha256)

        found = self._database().read(task, work)
        if hashlib.sha256(found.document.encode()).hexdigest() != found.sha256:
            raise StoreUnavailable(task.what, f"revision {found.revision} is damaged", "Open an earlier revision.")
        return found

    def history(self, id: str) -> list[RevisionInfo]:
        """Return every revision of a decision, the oldest first, without the texts."""
        import sqlalchemy as sa

        from shipworthy.store_database import Task, revisions

        _check_id(id)
        r = revisions.c
        query = sa.select(r.id, r.revision, r.title, r.saved_at, r.author, r.sha256).where(r.id == id)

        def work(connection: Connection) -> list[RevisionInfo]:
            rows = connection.execute(query.order_by(r.revision)).all()
            if not rows:
                raise _why_missing(connection, id)
            return [RevisionInfo(x.id, x.revision, x.title, _when(x.saved_at), x.author, x.sha256) for x in rows]

        task = Task("The earlier revisions could not be listed", "Try again in a moment.")
        return self._database().read(task, work)

    def newest(self, id: str) -> int:
        """Return the number of the newest revision; cheap, to ask whether somebody else has saved."""
        import sqlalchemy as sa

        from shipworthy.store_database import Task, decisions

        _check_id(id)

        def work(connection: Connection) -> int:
            number = connection.execute(sa.select(decisions.c.newest).where(decisions.c.id == id)).scalar_one_or_none()
            if number is None:
                raise _why_missing(connection, id)
            return int(number)

        task = Task("The decision could not be looked up", "Keep working; download the file to be safe.")
        return self._database().read(task, work)

    def titles(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the newest titles of the decisions that a browser remembers; unknown ids are left out."""
        import sqlalchemy as sa

        from shipworthy.store_database import Task, decisions, revisions

        asked = list(dict.fromkeys(id for id in ids if _ID.fullmatch(id)))[:1000]
        newest = (decisions.c.id == revisions.c.id) & (decisions.c.newest == revisions.c.revision)
        query = sa.select(revisions.c.id, revisions.c.title).join(decisions, newest)

        def work(connection: Connection) -> dict[str, str]:
            found: dict[str, str] = {}
            for start in range(0, len(asked), 500):  # databases limit the parameters of one statement
                rows = connection.execute(query.where(revisions.c.id.in_(asked[start : start + 500])))
                found.update((row.id, row.title) for row in rows)
            return {id: found[id] for id in asked if id in found}

        task = Task("The decisions that this browser remembers could not be listed", "Try again in a moment.")
        return self._database().read(task, work)

    def delete(self, id: str) -> None:
        """Delete a decision for good, all its revisions.

        In SQLite the texts are overwritten in the file and in its log. When a server overwrites them, and what its
        backups keep, is the server's business.
        """
        import sqlalchemy as sa

        from shipworthy.store_database import Task, decisions, deleted, revisions

        _check_id(id)
        at = self._clock().astimezone(UTC).isoformat()

        def work(connection: Connection) -> None:
            lock = sa.select(decisions.c.newest).where(decisions.c.id == id).with_for_update()
            if connection.execute(lock).one_or_none() is None:
                raise _why_missing(connection, id)
            connection.execute(sa.delete(revisions).where(revisions.c.id == id))
            connection.execute(sa.delete(decisions).where(decisions.c.id == id))
            connection.execute(sa.insert(deleted).values(id_sha256=_hashed(id), deleted_at=at))

        task = Task("The decision could not be deleted", "It is still kept; try again in a moment.")
        database = self._database()
        database.write(task, work)
        if not database.scrub():
            _log.warning(
                "A reader was in the way: the deleted text leaves the write-ahead log with its next checkpoint."
            )

    def close(self) -> None:
        """Let go of all connections; the store opens them again when it is used."""
        if self._opened is not None:
            self._opened.engine.dispose()

    def _database(self) -> Database:
        from shipworthy.store_database import Database

        with self._opening:
            if self._opened is None:
                self._opened = Database(self._url, self._patience)
            return self._opened


# -- helpers

_ID = re.compile(r"[A-Za-z0-9_-]{20,64}")  # what token_urlsafe gives, and too long to be guessed


def _add_revision(connection: Connection, values: dict[str, str], based_on: int, create_missing: bool) -> Saved:
    """Compare the newest revision with ``based_on`` and add the next, with the decision's row locked meanwhile."""
    import sqlalchemy as sa

    from shipworthy.store_database import decisions, revisions

    id, number = values["id"], based_on + 1
    lock = sa.select(decisions.c.newest).where(decisions.c.id == id).with_for_update()  # SQLite is locked as a whole
    newest = connection.execute(lock).scalar_one_or_none()
    if newest is None:
        missing = _why_missing(connection, id)
        if missing.deleted_at is not None or not create_missing:
            raise missing
        connection.execute(sa.insert(decisions).values(id=id, newest=number))
    else:
        r = revisions.c
        kept = connection.execute(
            sa.select(r.saved_at, r.author, r.sha256).where(r.id == id, r.revision == newest)
        ).one_or_none()
        if kept is not None and kept.sha256 == values["sha256"]:
            return Saved(id, newest, _when(kept.saved_at))
        if newest != based_on:
            if kept is None:
                raise _why_missing(connection, id, newest)
            raise Conflict(based_on, newest, _when(kept.saved_at), kept.author, kept.sha256)
        connection.execute(sa.update(decisions).where(decisions.c.id == id).values(newest=number))
    connection.execute(sa.insert(revisions).values(revision=number, **values))
    return Saved(id, number, _when(values["saved_at"]))


def _why_missing(connection: Connection, id: str, revision: int | None = None) -> NotFound:
    """Tell a decision that was deleted, one that never was, and a missing revision of a known one apart."""
    import sqlalchemy as sa

    from shipworthy.store_database import decisions, deleted

    query = sa.select(deleted.c.deleted_at).where(deleted.c.id_sha256 == _hashed(id))
    gone = connection.execute(query).scalar_one_or_none()
    if gone is not None:
        at = _when(gone)
        return NotFound(f"This decision was deleted for good on {at:%Y-%m-%d} at {at:%H:%M} UTC.", at)
    if revision is not None:
        newest = connection.execute(sa.select(decisions.c.newest).where(decisions.c.id == id)).scalar_one_or_none()
        if newest is not None:
            return NotFound(f"This decision has no revision {revision}; its newest is revision {newest}.")
    return _unknown()


def _unknown() -> NotFound:
    return NotFound(
        "No decision is kept under this link. The link may be incomplete, or the decision is kept elsewhere. "
        "Open a downloaded file, or start a new decision."
    )


def _check_id(id: str) -> None:
    if not _ID.fullmatch(id):
        raise _unknown()


def _fingerprint(document: str) -> str:
    """SHA-256 of a document that may be kept."""
    try:
        encoded = document.encode() if len(document) <= MAX_BYTES else None
    except UnicodeEncodeError:
        raise DocumentRefused(
            "The decision holds characters that are no text (half of a symbol). Remove them."
        ) from None
    if encoded is None or len(encoded) > MAX_BYTES:
        size = (len(document) if encoded is None else len(encoded)) / 1e6
        raise DocumentRefused(
            f"The decision is too large to be kept: {size:.1f} MB, and at most {MAX_BYTES / 1e6:.0f} MB can be. "
            "Shorten its longest notes or lists; download the file to be safe."
        )
    if "\0" in document:
        raise DocumentRefused("The decision holds a null character, which no database keeps. Remove it.")
    return hashlib.sha256(encoded).hexdigest()


def _hashed(id: str) -> str:
    return hashlib.sha256(id.encode()).hexdigest()


def _tidy(text: str, length: int) -> str:
    """One line of printable text, not too long."""
    text = text.encode("utf-8", "replace").decode()
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:length]


def _when(text: str) -> datetime:
    return datetime.fromisoformat(text)
