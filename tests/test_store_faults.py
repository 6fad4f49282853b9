"""Troubles with the database, each of which the same store survives."""

from __future__ import annotations

import os
import secrets
import sqlite3
import sys
import tempfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from stores import POSTGRES, needs_postgres

from shipworthy.store import (
    Conflict,
    NotFound,
    Store,
    StoreUnavailable,
    new_id,
)

pytest_plugins = ["stores"]


# -- troubles with the file, each of which the same store survives


def _fails(store: Store, id: str, reason: str) -> None:
    """A save fails in words, and nothing of SQLAlchemy's or the document is in them."""
    with pytest.raises(StoreUnavailable) as caught:
        store.save(id, "my private words", title="T", based_on=1)
    error = caught.value
    assert reason in error.reason
    assert str(error) == (
        f"The decision could not be saved: {error.reason}. Keep working; download the file to be safe."
    )
    cause = error.__cause__
    assert "private" not in f"{error} {cause}"
    assert not isinstance(error, sa.exc.SQLAlchemyError)


def _works(store: Store, id: str) -> None:
    assert store.save(id, "my private words", title="T", based_on=1).revision == 2
    assert store.load(id, 1).document == "one"


def test_a_full_disk(on_file: Store) -> None:
    saved = on_file.create("one", title="One")
    pages = 0

    def limit(raw: sqlite3.Connection, entry: object) -> None:
        nonlocal pages
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
        raw.execute(f"PRAGMA max_page_count = {pages}")

    sa.event.listen(on_file.engine, "connect", limit)
    with pytest.raises(StoreUnavailable) as caught:
        on_file.save(saved.id, "x" * 50_000, title="T", based_on=1)
    assert str(caught.value) == (
        "The decision could not be saved: the disk is full. Keep working; download the file to be safe."
    )
    assert "xxx" not in str(caught.value.__cause__)  # what goes to the log holds no documents either
    assert pages > 0
    assert on_file.load(saved.id).document == "one"  # reading goes on
    sa.event.remove(on_file.engine, "connect", limit)
    assert on_file.save(saved.id, "x" * 50_000, title="T", based_on=1).revision == 2


def test_a_locked_file(on_file: Store, path: Path) -> None:
    saved = on_file.create("one", title="One")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    _fails(on_file, saved.id, "locked by another program")
    assert on_file.load(saved.id).document == "one"  # a writer does not keep readers out
    other.execute("ROLLBACK")
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    other.execute("CREATE TABLE held (x)")
    _fails(on_file, saved.id, "locked by another program")
    other.execute("ROLLBACK")
    other.close()
    _works(on_file, saved.id)


def test_a_corrupt_file(on_file: Store, path: Path) -> None:
    saved = on_file.create("one", title="One")
    good = path.read_bytes()
    noise = secrets.token_bytes(len(good))
    path.write_bytes(noise)
    _fails(on_file, saved.id, "is damaged")
    with pytest.raises(StoreUnavailable, match=r"could not be opened: .* is damaged\. Try again"):
        on_file.load(saved.id)
    assert path.read_bytes() == noise  # somebody may be able to rescue it: it is left alone
    path.write_bytes(good[:100] + secrets.token_bytes(len(good) - 100))
    _fails(on_file, saved.id, "is damaged")
    path.write_bytes(good)
    _works(on_file, saved.id)


def test_a_text_that_changed_on_the_disk_is_noticed(on_file: Store, path: Path) -> None:
    saved = on_file.create('{"value": 1000}', title="One")
    on_file.save(saved.id, '{"value": 2000}', title="Two", based_on=1)
    path.write_bytes(path.read_bytes().replace(b'"value": 2000', b'"value": 9000'))
    with pytest.raises(StoreUnavailable, match=r"revision 2 is damaged\. Open an earlier revision"):
        on_file.load(saved.id)
    assert on_file.load(saved.id, 1).document == '{"value": 1000}'


@pytest.mark.parametrize("whole_folder", [False, True])
def test_a_file_removed_while_open(on_file: Store, path: Path, whole_folder: bool) -> None:
    saved = on_file.create("one", title="One")
    for file in path.parent.iterdir():
        file.unlink()
    if whole_folder:
        path.parent.rmdir()
    with pytest.raises(NotFound):
        on_file.load(saved.id)
    with pytest.raises(NotFound):
        on_file.save(saved.id, "two", title="Two", based_on=1)
    assert on_file.save(saved.id, "two", title="Two", based_on=1, create_missing=True).revision == 2
    assert Store(f"sqlite:///{path}").load(saved.id).document == "two"


def test_a_file_replaced_while_open(on_file: Store, path: Path, tmp_path: Path) -> None:
    saved = on_file.create("one", title="One")
    backup = path.read_bytes()
    on_file.save(saved.id, "two", title="Two", based_on=1)
    (tmp_path / "backup").write_bytes(backup)
    os.replace(tmp_path / "backup", path)
    with pytest.raises(Conflict, match="older than yours") as caught:
        on_file.save(saved.id, "three", title="Three", based_on=2)
    assert on_file.save(saved.id, "three", title="Three", based_on=caught.value.newest).revision == 2
    assert on_file.load(saved.id).document == "three"


def test_a_file_removed_in_the_middle_of_a_save_is_not_taken_for_saved(on_file: Store, path: Path) -> None:
    saved = on_file.create("one", title="One")

    def remove(connection: sa.Connection) -> None:
        path.unlink()

    sa.event.listen(on_file.engine, "commit", remove)
    _fails(on_file, saved.id, "removed at the same moment")
    sa.event.remove(on_file.engine, "commit", remove)
    assert on_file.save(saved.id, "two", title="Two", based_on=1, create_missing=True).revision == 2
    assert on_file.load(saved.id).document == "two"


def test_a_file_emptied_while_open(on_file: Store, path: Path) -> None:
    saved = on_file.create("one", title="One")
    path.write_bytes(b"")
    assert on_file.save(saved.id, "two", title="Two", based_on=1, create_missing=True).revision == 2
    assert on_file.load(saved.id).document == "two"


def test_tables_dropped_while_open(store: Store) -> None:
    saved = store.create("one", title="One")
    with store.engine.begin() as connection:
        for table in ("meta", "revision", "decision", "deleted"):
            connection.exec_driver_sql(f"DROP TABLE shipworthy_{table}")
    assert store.save(saved.id, "two", title="Two", based_on=1, create_missing=True).revision == 2
    assert store.load(saved.id).document == "two"


def test_a_folder_that_cannot_be_written_to() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = Store(f"sqlite:///{folder / 'decisions.sqlite'}", patience=0.05)
        saved = store.create("one", title="One")
        for file in folder.iterdir():
            file.chmod(0o444)
        folder.chmod(0o555)
        root = os.geteuid() == 0  # root may write anywhere, so the test steps down for a moment
        if root:
            os.seteuid(65534)
        try:
            _fails(store, saved.id, "written")
            new = Store(f"sqlite:///{folder / 'sub' / 'decisions.sqlite'}")
            with pytest.raises(StoreUnavailable, match="the folder in which decisions are kept cannot be written to"):
                new.create("one", title="One")
        finally:
            if root:
                os.seteuid(0)
        folder.chmod(0o755)
        for file in folder.iterdir():
            file.chmod(0o644)
        _works(store, saved.id)


def test_a_database_that_may_only_be_read(on_file: Store, path: Path) -> None:
    saved = on_file.create("one", title="One")
    reader = Store(f"sqlite:///file:{path}?mode=ro&uri=true", patience=0.05)
    assert reader.load(saved.id).document == "one"
    _fails(reader, saved.id, "may only be read")


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="the folder in which decisions are kept cannot be reached"):
        Store(f"sqlite:///{tmp_path / 'file' / 'decisions.sqlite'}").create("{}", title="")


@pytest.mark.parametrize(("version", "reason"), [("2", "by a newer Shipworthy"), ("x", "damaged"), ("0", "damaged")])
def test_a_database_with_another_schema_is_refused_and_left_alone(store: Store, version: str, reason: str) -> None:
    saved = store.create("one", title="One")
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE shipworthy_meta SET value = '{version}' WHERE key = 'schema'")
    _fails(store, saved.id, reason)
    with pytest.raises(StoreUnavailable, match=reason):
        store.load(saved.id)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE shipworthy_meta SET value = '1' WHERE key = 'schema'")
    assert store.newest(saved.id) == 1
    _works(store, saved.id)


# -- troubles with the address or the server


@pytest.mark.parametrize("url", ["nonsense", "sqlite:/x", "nosuch://host/name", "postgresql://u:hunter2@host:port/x"])
def test_an_address_that_cannot_be_read(url: str) -> None:
    with pytest.raises(StoreUnavailable, match=r"--db or SHIPWORTHY_DB\) cannot be used: its address") as caught:
        Store(url).newest(new_id())
    assert "hunter2" not in repr(caught.value)
    assert caught.value.__suppress_context__


def test_a_driver_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreUnavailable, match=r"driver for postgresql is not installed .*shipworthy\[postgres\]"):
        Store("postgresql+psycopg://localhost/x").newest(new_id())


def test_a_server_that_is_down() -> None:
    pytest.importorskip("psycopg")
    store = Store("postgresql+psycopg://user:hunter2@127.0.0.1:1/x")
    _fails(store, new_id(), "the database server does not answer")
    with pytest.raises(StoreUnavailable) as caught:
        store.titles([new_id()])
    assert "hunter2" not in f"{caught.value} {caught.value.__cause__}"


@needs_postgres
def test_a_server_that_does_not_know_the_database_or_the_user() -> None:
    url = sa.make_url(POSTGRES)
    for wrong, reason in (
        (url.set(database="no_such_one"), "does not exist"),
        (url.set(username="nobody_here", password="x"), "refuses the user"),
    ):
        _fails(Store(wrong.render_as_string(hide_password=False)), new_id(), reason)


@needs_postgres
def test_a_server_that_drops_its_connections(postgres_url: str) -> None:
    store = Store(postgres_url)
    saved = store.create("one", title="One")
    killer = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")

    def kill(connection: sa.Connection) -> None:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with killer.connect() as other:
            other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})

    sa.event.listen(store.engine, "commit", kill)
    _fails(store, saved.id, "the database server")
    sa.event.remove(store.engine, "commit", kill)
    _works(store, saved.id)
    store.close()
    killer.dispose()


@needs_postgres
def test_a_row_that_a_server_keeps_locked(postgres_url: str) -> None:
    store = Store(postgres_url, patience=0.05)
    saved = store.create("one", title="One")
    other = sa.create_engine(postgres_url)
    with other.connect() as connection:
        connection.exec_driver_sql("SELECT newest FROM shipworthy_decision FOR UPDATE")
        _fails(store, saved.id, "locked by another program")
    _works(store, saved.id)
    store.close()
    other.dispose()
