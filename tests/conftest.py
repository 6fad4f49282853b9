"""What all tests share: nothing is read from or written to the user's own folders."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from shipworthy._threads import one_thread

one_thread()
settings.register_profile("shipworthy", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("shipworthy")

_HOME = tempfile.TemporaryDirectory(prefix="shipworthy-tests-")
for _name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
    os.environ[_name] = str(Path(_HOME.name, _name.lower()))
os.environ["JUPYTER_PLATFORM_DIRS"] = "1"
for _name in [name for name in os.environ if name.startswith("SHIPWORTHY_") and name != "SHIPWORTHY_CHROMIUM"]:
    del os.environ[_name]


@pytest.fixture(scope="session", autouse=True)
def _home() -> Iterator[Path]:
    yield Path(_HOME.name)
    _HOME.cleanup()
