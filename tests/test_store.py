"""The store, on SQLite always and on PostgreSQL too where SHIPWORTHY_TEST_POSTGRES holds a URL."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import secrets
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from shipworthy.errors import InputError, ShipworthyError
from shipworthy.store import (
    MAX_BYTES,
    Conflict,
    DocumentRefused,
    NotFound,
    Saved,
    Store,
    StoreUnavailable,
    default_url,
    new_id,
)

POSTGRES = os.environ.get("SHIPWORTHY_TEST_POSTGRES", "")
needs_postgres = pytest.mark.skipif(not POSTGRES, reason="SHIPWORTHY_TEST_POSTGRES is not set")
START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES else ["sqlite"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a database of the test's own."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'decisions.sqlite'}"


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """Address of a schema of the test's own in the PostgreSQL database."""
    name = f"shipworthy_test_{secrets.token_hex(6)}"
    engine = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    url = sa.make_url(POSTGRES).update_query_dict({"options": f"-csearch_path={name}"})
    yield url.render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
    engine.dispose()


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    ticks = iter(START + timedelta(minutes=n) for n in range(10_000))
    store = Store(store_url, patience=0.05, clock=lambda: next(ticks))
    yield store
    store.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "decisions.sqlite"


@pytest.fixture
def on_file(path: Path) -> Store:
    return Store(f"sqlite:///{path}", patience=0.05)


# -- keeping and opening


def test_a_saved_decision_can_be_opened_again(store: Store) -> None:
    saved = store.create('{"title": "Churn ☂"}', title="Churn ☂", author="Ada")
    found = store.load(saved.id)
    assert saved == Saved(saved.id, 1, START)
    assert (found.id, found.revision, found.document, found.title) == (saved.id, 1, '{"title": "Churn ☂"}', "Churn ☂")
    assert (found.author, found.saved_at) == ("Ada", START)
    assert found.sha256 == hashlib.sha256('{"title": "Churn ☂"}'.encode()).hexdigest()


def test_another_store_on_the_same_database_finds_it(store: Store, store_url: str) -> None:
    saved = store.create("{}", title="Churn")
    other = Store(store_url)
    assert other.load(saved.id).document == "{}"
    other.close()


def test_each_save_adds_a_revision_and_every_one_can_be_opened(store: Store) -> None:
    first = store.create("one", title="One", author="Ada")
    second = store.save(first.id, "two", title="Two", based_on=1, author="Bob")
    third = store.save(first.id, "three", title="Three", based_on=2)
    assert (second.revision, third.revision, store.newest(first.id)) == (2, 3, 3)
    assert [store.load(first.id, n).document for n in (1, 2, 3)] == ["one", "two", "three"]
    assert store.load(first.id).document == "three"
    history = store.history(first.id)
    assert [(line.revision, line.title, line.author) for line in history] == [
        (1, "One", "Ada"),
        (2, "Two", "Bob"),
        (3, "Three", ""),
    ]
    assert [line.saved_at for line in history] == [START + timedelta(minutes=n) for n in range(3)]
    assert history[1].sha256 == store.load(first.id, 2).sha256


def test_identical_text_adds_no_revision_whatever_it_was_based_on(store: Store) -> None:
    first = store.create("one", title="One")
    second = store.save(first.id, "two", title="Two", based_on=1)
    assert store.save(first.id, "two", title="Two", based_on=2) == second
    assert store.save(first.id, "two", title="Two", based_on=1) == second
    assert len(store.history(first.id)) == 2
    # Only the newest counts: going back to an older text is a change.
    assert store.save(first.id, "one", title="One", based_on=2).revision == 3


def test_titles_are_the_newest_ones_of_the_ids_asked_for(store: Store) -> None:
    a, b, c = (store.create(name, title=name) for name in "ABC")
    store.save(b.id, "B2", title="B two", based_on=1)
    store.delete(c.id)
    asked = [b.id, new_id(), a.id, c.id, "", "x' OR '1'='1", b.id]
    assert list(store.titles(asked).items()) == [(b.id, "B two"), (a.id, "A")]
    assert store.titles([]) == {}
    assert store.titles([new_id() for _ in range(700)] + [a.id]) == {a.id: "A"}


def test_ids_cannot_be_guessed() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert min(len(id) for id in ids) >= 22  # 128 bits in base 64


def test_times_are_kept_in_utc(tmp_path: Path) -> None:
    tokyo = datetime.fromisoformat("2026-03-01T09:00:00+09:00")
    store = Store(f"sqlite:///{tmp_path / 'd.sqlite'}", clock=lambda: tokyo)
    saved = store.create("{}", title="")
    assert saved.saved_at.isoformat() == "2026-03-01T00:00:00+00:00"
    assert store.load(saved.id).saved_at == saved.saved_at


def test_title_and_author_are_made_one_line_of_text(store: Store) -> None:
    saved = store.create("{}", title="<b>a\0\n b\ud800" + "x" * 900, author="A\tB" * 300)
    found = store.load(saved.id)
    assert found.title == "<b>a b?" + "x" * 493
    assert found.author == ("A B" * 300)[:200]


# -- conflicts


def test_a_save_on_an_older_revision_says_who_saved_when_and_loses_nothing(store: Store) -> None:
    first = store.create("one", title="One", author="Ada")
    store.save(first.id, "bob's", title="Two", based_on=1, author="Bob")
    with pytest.raises(Conflict, match=r"Bob saved this decision on 2026-03-01 at 09:31 UTC") as caught:
        store.save(first.id, "ada's", title="Two", based_on=1, author="Ada")
    error = caught.value
    assert (error.newest, error.author, error.saved_at) == (2, "Bob", START + timedelta(minutes=1))
    assert error.sha256 == hashlib.sha256(b"bob's").hexdigest()
    mine = store.save(first.id, "ada's", title="Two", based_on=error.newest, author="Ada")
    assert [store.load(first.id, n).document for n in (1, 2, mine.revision)] == ["one", "bob's", "ada's"]


def test_a_save_on_a_revision_that_is_not_there_is_a_conflict_too(store: Store) -> None:
    first = store.create("one", title="One")
    with pytest.raises(Conflict, match="older than yours: revision 1") as caught:
        store.save(first.id, "two", title="Two", based_on=7)
    assert caught.value.newest == 1


def _race(url: str, id: str, name: str, times: int, start: Any, results: Any) -> None:
    store, newest, conflicts = Store(url, patience=10.0), 1, 0
    won: list[int] = []
    start.wait(30)
    while len(won) < times:
        try:
            newest = store.save(id, f"{name} {len(won)}", title=name, based_on=newest, author=name).revision
            won.append(newest)
        except Conflict as conflict:
            newest, conflicts = conflict.newest, conflicts + 1
    store.close()
    results.put((name, won, conflicts))


def test_two_processes_racing_never_get_the_same_revision(store: Store, store_url: str) -> None:
    first = store.create("start", title="Start")
    context = multiprocessing.get_context("spawn")
    start, results, times = context.Barrier(2), context.Queue(), 15
    racers = [
        context.Process(target=_race, args=(store_url, first.id, name, times, start, results))
        for name in ("Ada", "Bob")
    ]
    for racer in racers:
        racer.start()
    try:
        won = {name: numbers for name, numbers, _ in (results.get(timeout=60) for _ in racers)}
    finally:
        for racer in racers:
            racer.join(10)
            if racer.is_alive():
                racer.kill()
    assert sorted(won["Ada"] + won["Bob"]) == list(range(2, 2 + 2 * times))
    for line in store.history(first.id)[1:]:
        assert line.revision in won[line.author]
        text = store.load(first.id, line.revision).document
        assert text == f"{line.author} {won[line.author].index(line.revision)}"


def test_of_many_threads_that_save_on_one_revision_exactly_one_succeeds(store_url: str) -> None:
    store = Store(store_url, patience=10.0)
    first = store.create("start", title="Start")
    together = threading.Barrier(6)

    def save(n: int) -> str:
        together.wait(30)
        try:
            return f"saved {store.save(first.id, f'text {n}', title='', based_on=1).revision}"
        except Conflict as conflict:
            return f"conflict {conflict.newest}"

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(save, range(6)))
    store.close()
    assert outcomes == ["conflict 2"] * 5 + ["saved 2"]


def test_many_threads_that_put_back_the_same_decision_make_one(store_url: str) -> None:
    store, id, together = Store(store_url, patience=10.0), new_id(), threading.Barrier(6)

    def save(n: int) -> str:
        together.wait(30)
        try:
            return f"saved {store.save(id, f'text {n}', title='', based_on=4, create_missing=True).revision}"
        except Conflict as conflict:
            return f"conflict {conflict.newest}"

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(save, range(6)))
    assert outcomes == ["conflict 5"] * 5 + ["saved 5"]
    assert [line.revision for line in store.history(id)] == [5]
    store.close()


# -- not there, deleted, put back


@pytest.mark.parametrize("id", [new_id(), "", "short", "x" * 5000, "../../etc/passwd", "é" * 24, "a" * 23 + "\0"])
def test_an_unknown_id_is_told_in_plain_words(store: Store, id: str) -> None:
    for call in (
        lambda: store.load(id),
        lambda: store.load(id, 1),
        lambda: store.history(id),
        lambda: store.newest(id),
        lambda: store.delete(id),
        lambda: store.save(id, "{}", title="", based_on=1),
    ):
        with pytest.raises(NotFound, match="No decision is kept under this link") as caught:
            call()
        assert caught.value.deleted_at is None
        assert isinstance(caught.value, ShipworthyError)


@pytest.mark.parametrize("revision", [0, -1, 2, 10**30])
def test_an_unknown_revision_is_told_in_plain_words(store: Store, revision: int) -> None:
    saved = store.create("{}", title="")
    with pytest.raises(NotFound, match=f"no revision {revision}; its newest is revision 1"):
        store.load(saved.id, revision)


def test_a_deleted_decision_is_gone_and_a_tab_left_open_does_not_bring_it_back(store: Store) -> None:
    other = store.create("other", title="Other")
    saved = store.create("one", title="One")
    store.save(saved.id, "two", title="Two", based_on=1)
    store.delete(saved.id)
    for call in (
        lambda: store.load(saved.id),
        lambda: store.load(saved.id, 1),
        lambda: store.history(saved.id),
        lambda: store.newest(saved.id),
        lambda: store.delete(saved.id),
        lambda: store.save(saved.id, "three", title="", based_on=2),
        lambda: store.save(saved.id, "three", title="", based_on=2, create_missing=True),
    ):
        with pytest.raises(NotFound, match="deleted for good on 2026-03-01 at 09:33 UTC") as caught:
            call()
        assert caught.value.deleted_at == START + timedelta(minutes=3)
    assert store.load(other.id).document == "other"


def test_delete_leaves_no_row_behind(store: Store) -> None:
    saved = store.create("one", title="One")
    store.save(saved.id, "two", title="Two", based_on=1)
    store.delete(saved.id)
    with store.engine.connect() as connection:
        counts = [
            connection.exec_driver_sql(f"SELECT count(*) FROM shipworthy_{table}").scalar_one()
            for table in ("decision", "revision", "deleted")
        ]
        kept = connection.exec_driver_sql("SELECT id_sha256 FROM shipworthy_deleted").scalar_one()
    assert counts == [0, 0, 1]
    assert kept == hashlib.sha256(saved.id.encode()).hexdigest()  # a hash, not the id


@pytest.mark.parametrize("reader", [False, True], ids=["alone", "with another connection open"])
def test_delete_leaves_no_text_behind_in_the_files(on_file: Store, path: Path, reader: bool) -> None:
    secret = "the-secret-of-the-decision"
    kept = on_file.create("kept-text" * 500, title="Kept")
    other = sqlite3.connect(path)
    if reader:  # an idle connection keeps the write-ahead log alive
        other.execute("SELECT count(*) FROM shipworthy_revision").fetchone()
    else:
        other.close()
    small = on_file.create(secret, title=secret + "-title", author=secret + "-author")
    large = on_file.create(secret * 20_000, title="Large")
    on_file.save(small.id, secret + " again", title=secret, based_on=1)

    def everything() -> bytes:
        return b"".join(file.read_bytes() for file in path.parent.iterdir())

    assert secret.encode() in everything()
    on_file.delete(small.id)
    on_file.delete(large.id)
    assert secret.encode() not in everything()
    assert small.id.encode() not in everything()
    assert on_file.load(kept.id).document == "kept-text" * 500
    other.close()


def test_a_decision_is_put_back_under_its_id_where_that_is_asked_for(store: Store) -> None:
    id = new_id()
    with pytest.raises(NotFound):
        store.save(id, "work", title="Work", based_on=7)
    assert store.save(id, "work", title="Work", based_on=7, create_missing=True).revision == 8
    assert store.save(id, "more", title="Work", based_on=8).revision == 9
    assert [line.revision for line in store.history(id)] == [8, 9]
    assert store.load(id).document == "more"


def test_an_id_that_could_be_guessed_is_not_put_back(store: Store) -> None:
    with pytest.raises(NotFound):
        store.save("churn", "work", title="Work", based_on=0, create_missing=True)


# -- what is refused


def test_the_largest_document_is_kept_and_a_larger_one_refused(store: Store) -> None:
    largest = "x" * MAX_BYTES
    saved = store.create(largest, title="Large")
    assert store.load(saved.id).document == largest
    with pytest.raises(DocumentRefused, match=r"too large to be kept: 8\.0 MB, and at most 8 MB"):
        store.save(saved.id, largest + "x", title="Large", based_on=1)
    with pytest.raises(InputError, match=r"too large to be kept: 9\.0 MB"):  # counted in bytes, not in letters
        store.save(saved.id, "☂" * 3_000_000, title="Large", based_on=1)
    assert store.newest(saved.id) == 1


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_what_is_no_text_is_refused(store: Store, text: str) -> None:
    with pytest.raises(DocumentRefused, match="Remove"):
        store.create(text, title="")


@pytest.mark.parametrize("based_on", [-1, 2**31 - 1, 10**30])
def test_a_revision_number_that_cannot_be_is_refused(store: Store, based_on: int) -> None:
    with pytest.raises(DocumentRefused, match="numbered from 1"):
        store.save(new_id(), "{}", title="", based_on=based_on, create_missing=True)


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


# -- where it is, and what it costs to import


def test_the_database_is_named_by_argument_environment_or_the_users_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("platformdirs.user_data_dir", lambda name: str(tmp_path / "data" / name))
    monkeypatch.delenv("SHIPWORTHY_DB", raising=False)
    home = tmp_path / "data" / "shipworthy" / "decisions.sqlite"
    assert default_url() == f"sqlite:///{home}"
    Store().create("{}", title="")
    assert home.exists()
    monkeypatch.setenv("SHIPWORTHY_DB", f"sqlite:///{tmp_path / 'named.sqlite'}")
    Store().create("{}", title="")
    assert (tmp_path / "named.sqlite").exists()
    Store(f"sqlite:///{tmp_path / 'argument.sqlite'}").create("{}", title="")
    assert (tmp_path / "argument.sqlite").exists()


def test_the_file_is_private_and_in_wal_mode(on_file: Store, path: Path) -> None:
    on_file.create("{}", title="")
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    raw.close()
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_relative_address_does_not_move_with_the_working_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    store = Store("sqlite:///d.sqlite")
    saved = store.create("one", title="One")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert store.load(saved.id).document == "one"


def test_importing_the_store_imports_no_database() -> None:
    code = (
        "import sys, shipworthy.store, shipworthy.saver; shipworthy.store.Store()\n"
        "print([m for m in ('sqlalchemy', 'pydantic', 'numpy', 'shipworthy.decision') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.strip() == "[]"
