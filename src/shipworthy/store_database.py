"""The database under the store: tables, connections, and its troubles put into plain words.

Only :mod:`shipworthy.store` imports this module, on first use, because it pulls in SQLAlchemy.

SQLite connections are opened for each transaction and closed after it. That costs a millisecond or so a save, and
buys that a file removed, replaced or repaired while the workbook is open is noticed by the next save: SQLite would
go on writing into an unlinked file without a word, and inode numbers are reused too soon to be told apart by.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError, TimeoutError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, StaticPool

from shipworthy.store_errors import StoreUnavailable

T = TypeVar("T")

SCHEMA_VERSION = 1
TITLE_LENGTH, AUTHOR_LENGTH = 500, 200

metadata = sa.MetaData()
meta = sa.Table(
    "shipworthy_meta",
    metadata,
    sa.Column("key", sa.String(40), primary_key=True),
    sa.Column("value", sa.String(40), nullable=False),
)
decisions = sa.Table(
    "shipworthy_decision",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("newest", sa.Integer, nullable=False),
)
revisions = sa.Table(
    "shipworthy_revision",
    metadata,
    sa.Column("id", sa.String(64), sa.ForeignKey("shipworthy_decision.id"), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("saved_at", sa.String(40), nullable=False),  # ISO 8601, UTC: the same in every database
    sa.Column("title", sa.String(TITLE_LENGTH), nullable=False),
    sa.Column("author", sa.String(AUTHOR_LENGTH), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    # Last, so that SQLite reads the others without it.
    sa.Column("document", sa.Text().with_variant(sa.Text(16_000_000), "mysql", "mariadb"), nullable=False),
)
# So that a tab left open does not bring back what its owner deleted. Neither text nor id is kept, only a hash.
deleted = sa.Table(
    "shipworthy_deleted",
    metadata,
    sa.Column("id_sha256", sa.String(64), primary_key=True),
    sa.Column("deleted_at", sa.String(40), nullable=False),
)


@dataclass(frozen=True)
class Task:
    """What is being tried, for the message if it fails."""

    what: str
    advice: str


class Database:
    """Runs transactions; whatever goes wrong comes out as :class:`StoreUnavailable`.

    ``patience`` is how long a locked database is waited for [s].
    """

    def __init__(self, url: str, patience: float = 2.0) -> None:
        try:
            self._url = sa.make_url(url)
        except (ArgumentError, ValueError):  # the address may hold a password: it goes in no message and no traceback
            raise _bad_address() from None
        self._patience = patience
        self._is_sqlite = self._url.get_backend_name() == "sqlite"
        name = self._url.database or ""
        self._in_memory = self._is_sqlite and (name in ("", ":memory:") or "mode=memory" in str(self._url.query))
        self.path: Path | None = None
        if self._is_sqlite and not self._in_memory and not name.startswith("file:"):
            self.path = Path(name).expanduser().absolute()
            self._url = self._url.set(database=str(self.path))
        self._turn = threading.Lock() if self._in_memory else nullcontext()  # one connection, one at a time
        self.engine = self._make_engine()

    # -- transactions

    def read(self, task: Task, work: Callable[[sa.Connection], T]) -> T:
        """Run ``work`` in a transaction that only reads."""
        return self._run(task, work, writing=False)

    def write(self, task: Task, work: Callable[[sa.Connection], T]) -> T:
        """Run ``work`` in a transaction that has the database, or the rows it locks, to itself."""
        return self._run(task, work, writing=True)

    def scrub(self) -> bool:
        """Move SQLite's write-ahead log into the file and empty it; False if another reader was in the way."""
        if self.path is None or not self.path.exists():
            return True
        try:
            raw = sqlite3.connect(self.path, timeout=self._patience, isolation_level=None)
            try:
                return not raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                raw.close()
        except sqlite3.Error:
            return False

    def _run(self, task: Task, work: Callable[[sa.Connection], T], writing: bool) -> T:
        deadline = time.monotonic() + self._patience
        repaired, collisions = False, 0
        while True:
            try:
                with self._turn:
                    return self._once(work, writing)
            except (SQLAlchemyError, sqlite3.Error, OSError) as error:
                try:
                    if _is_missing_table(error) and not repaired:
                        repaired = True
                        with self._turn:
                            self._create_tables()
                        continue
                except (SQLAlchemyError, sqlite3.Error, OSError) as second:
                    error = second
                # Two writers put in the same key: the one that came second looks again and finds the other's.
                if isinstance(error, IntegrityError) and collisions < 3:
                    collisions += 1
                    continue
                if _sqlite_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() < deadline:
                    time.sleep(0.01)  # some locks are reported at once instead of after the busy timeout
                    continue
                raise StoreUnavailable(task.what, explain(error, self.path), task.advice) from error
            except _Refusal as refusal:
                raise StoreUnavailable(task.what, str(refusal), task.advice) from None

    def _once(self, work: Callable[[sa.Connection], T], writing: bool) -> T:
        before = self._identity(create=True)
        with self.engine.connect() as connection:
            connection = connection.execution_options(shipworthy_begin="BEGIN IMMEDIATE" if writing else "BEGIN")
            with connection.begin():
                _check_version(connection)
                result = work(connection)
            if writing and before != self._identity(create=False):
                raise _Refusal("the database was removed at the same moment")
        return result

    def _create_tables(self) -> None:
        with self.engine.connect() as connection:
            connection = connection.execution_options(shipworthy_begin="BEGIN IMMEDIATE")
            with connection.begin():
                metadata.create_all(connection)
                if _read_version(connection) is None:
                    connection.execute(sa.insert(meta).values(key="schema", value=str(SCHEMA_VERSION)))

    def _identity(self, create: bool) -> tuple[int, int] | None:
        """Device and inode of the SQLite file; a missing one is created, readable by its owner alone."""
        if self.path is None:
            return None
        try:
            found = os.stat(self.path)
        except FileNotFoundError:
            if not create:
                return None
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # If somebody else was quicker it is not opened: closing it would drop the SQLite locks of this process.
            with suppress(FileExistsError):
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            found = os.stat(self.path)
        return found.st_dev, found.st_ino

    # -- connections

    def _make_engine(self) -> sa.Engine:
        try:
            engine = sa.create_engine(self._url, **self._options())
        except ModuleNotFoundError as error:
            raise _bad_address(
                f"the driver for {self._url.get_backend_name()} is not installed ({error.name})",
                "For PostgreSQL: pip install 'shipworthy[postgres]'.",
            ) from None
        except (NoSuchModuleError, ArgumentError, TypeError, ValueError):
            raise _bad_address() from None
        if self._is_sqlite:
            sa.event.listen(engine, "connect", self._set_up_sqlite)
            sa.event.listen(engine, "begin", _begin_sqlite)
        elif engine.dialect.name == "postgresql":
            sa.event.listen(engine, "begin", self._begin_postgresql)
        return engine

    def _options(self) -> dict[str, Any]:
        options: dict[str, Any] = {"hide_parameters": True}  # documents do not belong in error messages
        if self._in_memory:
            return options | {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
        if self._is_sqlite:
            return options | {"poolclass": NullPool}
        options |= {"pool_pre_ping": True, "pool_size": 2, "pool_timeout": 5, "pool_recycle": 1800}
        if self._url.get_driver_name() in ("psycopg", "psycopg2"):
            limits = {"connect_timeout": 3, "tcp_user_timeout": 10_000}
            options["connect_args"] = {key: limit for key, limit in limits.items() if key not in self._url.query}
        return options

    def _set_up_sqlite(self, raw: Any, entry: ConnectionPoolEntry) -> None:
        raw.isolation_level = None  # the driver begins nothing by itself: _begin_sqlite says how
        try:
            raw.execute(f"PRAGMA busy_timeout = {int(self._patience * 1000)}")
            if raw.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                raw.execute("PRAGMA journal_mode = WAL").fetchone()
            raw.execute("PRAGMA synchronous = FULL")  # a save that was reported survives a power cut
            raw.execute("PRAGMA secure_delete = ON").fetchone()
        except sqlite3.Error:
            raw.close()
            raise

    def _begin_postgresql(self, connection: sa.Connection) -> None:
        limits = f"set_config('lock_timeout', '{int(self._patience * 1000)}', true)"
        connection.exec_driver_sql(f"SELECT {limits}, set_config('statement_timeout', '10000', true)")


def explain(error: BaseException, path: Path | None = None) -> str:
    """Say in plain words, as the end of a sentence, why the database could not be used."""
    if isinstance(error, OSError):
        return _explain_system(error, path)
    code = _sqlite_code(error)
    if code is not None:
        full = code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and _is_full(path)
        return "the disk is full" if full else _SQLITE_WORDS.get(code, "the database reported an error")
    if isinstance(error, TimeoutError):
        return "the database server is busy"
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    for start, words in _SERVER_WORDS:
        if state is not None and state.startswith(start):
            return words
    for part, words in _CONNECT_WORDS:
        if state is None and part in str(getattr(error, "orig", "")):
            return words
    if isinstance(error, DBAPIError) and (state is None or error.connection_invalidated):
        return "the database server does not answer"
    return "the database reported an error"


# -- helpers

_LOCKED = "the database is locked by another program"
_READ_ONLY = "the database may only be read, not written"
_DAMAGED = "the file in which decisions are kept is damaged"
_SQLITE_WORDS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: "the file in which decisions are kept cannot be opened or its folder cannot be written to",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written",
}
_REFUSED = "the database server refuses the user name or the password"
_NO_DATABASE = "the database does not exist on its server"
# By the standard's SQLSTATE; longer codes before the class that they belong to.
_SERVER_WORDS = (
    ("53100", "the database server's disk is full"),
    ("53", "the database server is busy"),
    ("55P03", _LOCKED),
    ("40", _LOCKED),
    ("57014", "the database server is busy"),
    ("57P", "the database server is stopping or restarting"),
    ("08", "the database server does not answer"),
    ("28", _REFUSED),
    ("3D000", _NO_DATABASE),
    ("42501", "the database does not permit it"),
    ("25006", _READ_ONLY),
)
# PostgreSQL's library hands over no code while it connects, only words.
_CONNECT_WORDS = (("authentication failed", _REFUSED), ('role "', _REFUSED), ('FATAL:  database "', _NO_DATABASE))


class _Refusal(Exception):
    """A trouble that was found by looking, already in words."""


def _bad_address(reason: str = "its address cannot be read", advice: str = "") -> StoreUnavailable:
    known = "An address looks like sqlite:////folder/decisions.sqlite or postgresql://user:password@host/name."
    return StoreUnavailable("The database (--db or SHIPWORTHY_DB) cannot be used", reason, advice or known)


def _begin_sqlite(connection: sa.Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("shipworthy_begin", "BEGIN"))


def _read_version(connection: sa.Connection) -> str | None:
    return connection.execute(sa.select(meta.c.value).where(meta.c.key == "schema")).scalar_one_or_none()


def _check_version(connection: sa.Connection) -> None:
    version = _read_version(connection)
    if version == str(SCHEMA_VERSION):
        return
    if version is not None and version.isdecimal() and int(version) > SCHEMA_VERSION:
        raise _Refusal(
            f"the database was written by a newer Shipworthy (its schema is {version}, this one knows {SCHEMA_VERSION})"
            ", so update Shipworthy or name another database with --db"
        )
    raise _Refusal(_DAMAGED)


def _sqlite_code(error: BaseException) -> int | None:
    code = getattr(getattr(error, "orig", error), "sqlite_errorcode", None)
    return None if code is None else int(code) & 0xFF  # the low byte is the kind, the rest its details


def _is_missing_table(error: BaseException) -> bool:
    original = getattr(error, "orig", None)
    return getattr(original, "sqlstate", None) == "42P01" or "no such table" in str(original)


def _explain_system(error: OSError, path: Path | None) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT) or _is_full(path):
        return "the disk is full"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "the folder in which decisions are kept cannot be written to"
    return "the folder in which decisions are kept cannot be reached"


def _is_full(path: Path | None) -> bool:
    try:
        return path is not None and shutil.disk_usage(path.parent).free < 100_000
    except OSError:
        return False
