"""A store in a file of the test's own, sessions over it, and no widgets left behind."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import ipywidgets
import pytest
from decisions import ON

from shipworthy.store import Store
from shipworthy.ui.session import Session
from shipworthy.ui.shell import Workbook


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "decisions.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{path}", patience=0.05)
    yield store
    store.close()


@pytest.fixture
def begin(store: Store) -> Callable[..., Session]:
    """Another page on the same store."""

    def begin(today: Callable[[], date] = lambda: ON) -> Session:
        return Session(store, today=today)

    return begin


@pytest.fixture
def session(begin: Callable[..., Session]) -> Session:
    return begin()


@pytest.fixture
def book(session: Session) -> Iterator[Workbook]:
    """The workbook, on its start page."""
    yield Workbook(session)
    ipywidgets.Widget.close_all()


@pytest.fixture
def churn_book(book: Workbook) -> Workbook:
    """The workbook with the churn example open."""
    book.session.start_example("churn")
    return book
