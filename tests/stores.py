"""Stores for tests: on SQLite always, and on PostgreSQL too where SHIPWORTHY_TEST_POSTGRES holds a URL.

It asserts nothing and is imported by name as well as used as a plugin, hence PYTEST_DONT_REWRITE.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from shipworthy.store import (
    Store,
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
