"""The store: what it keeps, gives back, refuses and forgets."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from stores import START

from shipworthy.errors import InputError, ShipworthyError
from shipworthy.store import (
    MAX_BYTES,
    Conflict,
    DocumentRefused,
    NotFound,
    Saved,
    Store,
    default_url,
    new_id,
)

pytest_plugins = ["stores"]


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
