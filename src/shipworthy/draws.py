"""Draws: scrambled Sobol points as normal scores, made once, kept in a file, shared by every process.

    scores(dimension)        the normal scores of one dimension, one for each draw
    correlated(columns, L)   the same scores with the rank correlations that the factor L stands for
    prepare()                makes the file beforehand

A dimension's scores depend on the seed and on nothing else: not on how many dimensions are in use, nor on how many
draws are taken (4,096 draws are the first 4,096 of 16,384, and balanced). Dimensions come in blocks of WIDTH. Block b
is columns WIDTH·b onwards of a Sobol sequence WIDTH·(b + 1) wide with a scrambling of its own: the same columns
scrambled again would not do, because two scramblings of one Sobol column are correlated by up to 0.98.

A file holds one block, dimension by dimension, float32, and is memory-mapped. It is made by a process of its own
(``python -m shipworthy.draws SEED SIZE BLOCK``, the file's bytes on standard output), so that a kernel never imports
scipy.stats.
"""

import io
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from shipworthy.errors import InputError

SIZE = 2**14
"""Draws at rest and in the record."""

WIDTH = 256
"""Dimensions a block."""

SCHEME = 1
"""Version of the way the scores are made, part of the file's name: a new number makes new files."""

LARGEST = 2**18
BLOCKS = 21201 // WIDTH  # SciPy's direction numbers reach so far
KEPT = 16  # files in the cache folder

Scores = npt.NDArray[np.float32]

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_blocks: dict[tuple[str, int, int, int], Scores] = {}
_columns: dict[tuple[str, int, int, int], Scores] = {}


def scores(dimension: int, *, size: int = SIZE, seed: int = 7) -> Scores:
    """Normal scores of one dimension, the same for the same seed on every day and in every process.

    Parameters
    ----------
    dimension : int
        Number of the dimension [0..20991].
    size : int, optional
        Draws, a power of two [2..262144]. Fewer draws are the first of more.
    seed : int, optional
        The decision's seed, 0 or above.

    Returns
    -------
    array
        Read-only float32 scores, standard normal and finite.

    Raises
    ------
    InputError
        where the dimension, the size or the seed is none.
    """
    if size < 2 or size > LARGEST or size & (size - 1):
        raise InputError(f"draws: {size} is not a power of two from 2 to {LARGEST}: {SIZE} is usual")
    made = max(size, SIZE)
    key = (os.environ.get("SHIPWORTHY_CACHE", ""), seed, made, dimension)
    column = _columns.get(key)
    if column is None:
        column = _columns[key] = _column(*key)
    return column if size == made else column[:size]


def correlated(columns: Sequence[npt.NDArray[np.floating]], cholesky: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Scores mixed so that they have the correlations of a factor: a Gaussian copula.

    Parameters
    ----------
    columns : sequence of array
        Independent scores, one array for each answer, all of one length.
    cholesky : array
        Lower triangular factor, from :func:`shipworthy.estimate.correlation_cholesky`.

    Returns
    -------
    array
        One row for each answer, again standard normal; the first row is the first column unchanged.

    Raises
    ------
    InputError
        where the factor is not as large as there are columns.

    Examples
    --------
    >>> from shipworthy.estimate import correlation_cholesky
    >>> z = np.array([[1.0, -1.0], [0.0, 0.0]])
    >>> correlated(z, correlation_cholesky([[1, 0.5], [0.5, 1]])).round(4).tolist()
    [[1.0, -1.0], [0.5176, -0.5176]]
    """
    factor = np.asarray(cholesky, dtype=np.float64)
    if factor.shape != (len(columns), len(columns)):
        raise InputError(
            f"correlations: the factor is {factor.shape} for {len(columns)} answers: it needs a row and a column each"
        )
    mixed: npt.NDArray[np.float64] = factor @ np.stack([np.asarray(c, dtype=np.float64) for c in columns])
    return mixed


def prepare(seed: int = 7, size: int = SIZE) -> None:
    """Makes the first block's file if there is none, and touches it, so that the first assessment need not wait."""
    scores(0, size=size, seed=seed)


def folder() -> Path:
    """Where the files live: SHIPWORTHY_CACHE, or the user's cache folder."""
    chosen = os.environ.get("SHIPWORTHY_CACHE")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_cache_dir("shipworthy"))


def _column(where: str, seed: int, size: int, dimension: int) -> Scores:
    if not 0 <= dimension < WIDTH * BLOCKS:
        raise InputError(f"draws: dimension {dimension} is not from 0 to {WIDTH * BLOCKS - 1}")
    if seed < 0:
        raise InputError(f"draws: the seed is {seed}: it must be 0 or above")
    number, row = divmod(dimension, WIDTH)
    with _lock:
        key = (where, seed, size, number)
        block = _blocks.get(key)
        if block is None:
            block = _blocks[key] = _open(seed, size, number)
        if not _sound(block[row]):
            block = _blocks[key] = _renew(seed, size, number)
        column: Scores = block[row]
    return column


def _sound(column: Scores) -> bool:
    """Whether a column looks like scores. A file of the right shape may still be full of something else."""
    mean, square = float(column.mean()), float(np.dot(column, column)) / column.size
    return abs(mean) < 0.01 and abs(square - 1) < 0.05


def _path(seed: int, size: int, block: int) -> Path:
    return folder() / f"scores-v{SCHEME}-{seed}-{size}-{block}.npy"


def _open(seed: int, size: int, block: int) -> Scores:
    mapped = _mapped(_path(seed, size, block), size)
    return _renew(seed, size, block) if mapped is None else mapped


def _mapped(path: Path, size: int) -> Scores | None:
    """The file's scores, memory-mapped; None where there is no file or it is not as it should be."""
    try:
        block = np.lib.format.open_memmap(path, mode="r")
    except Exception:  # whatever is wrong with the file, it is made again
        return None
    if block.shape != (WIDTH, size) or block.dtype != np.dtype("<f4") or not block.flags.c_contiguous:
        return None
    with suppress(OSError):
        os.utime(path)  # the least recently used files go first
    return np.asarray(block, dtype=np.float32)


def _renew(seed: int, size: int, block: int) -> Scores:
    """Makes a block, keeps it in a file if the folder can be written to, else in memory."""
    path = _path(seed, size, block)
    data = _bytes(seed, size, block)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=path.stem, suffix=".part", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.chmod(name, 0o644)
            os.replace(name, path)  # others see the old file or the whole new one
        except BaseException:
            with suppress(OSError):
                os.unlink(name)
            raise
        _prune(path)
        mapped = _mapped(path, size)
        if mapped is not None:
            return mapped
    except OSError as error:
        _log.warning("draws are kept in memory, the folder %s cannot be used: %s", path.parent, error)
    kept: Scores = np.load(io.BytesIO(data), allow_pickle=False)
    kept.flags.writeable = False
    return kept


def _prune(newest: Path) -> None:
    """Leaves the KEPT files used last; removes what a maker that died an hour ago left behind."""
    used = []
    for path in newest.parent.glob("scores-v*"):
        with suppress(OSError):
            changed = path.stat().st_mtime
            if path.suffix == ".npy" and path != newest:
                used.append((changed, path))
            elif path.suffix == ".part" and changed < time.time() - 3600:
                path.unlink()
    for _, path in sorted(used, reverse=True)[KEPT - 1 :]:
        with suppress(OSError):
            path.unlink()


def _bytes(seed: int, size: int, block: int) -> bytes:
    """A block as the bytes of an npy file, from a process of its own unless scipy.stats is here already."""
    if "scipy.stats" not in sys.modules and sys.executable:
        command = [sys.executable, "-P", "-m", "shipworthy.draws", str(seed), str(size), str(block)]
        for _ in range(2):
            try:
                made = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=300)
            except (OSError, subprocess.SubprocessError) as problem:
                why = f"{problem} {(getattr(problem, 'stderr', None) or b'')[-500:].decode(errors='replace')}"
                continue
            if made.stdout.startswith(b"\x93NUMPY") and len(made.stdout) > 4 * WIDTH * size:
                return made.stdout
            why = f"it wrote {len(made.stdout)} bytes"
        _log.warning("draws could not be made by a process of their own, making them here: %s", why)
    return _packed(seed, size, block)


def _packed(seed: int, size: int, block: int) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, _make(seed, size, block), allow_pickle=False)
    return buffer.getvalue()


def _make(seed: int, size: int, block: int) -> Scores:
    from scipy.special import ndtri  # type: ignore[import-untyped,unused-ignore]
    from scipy.stats import qmc  # type: ignore[import-untyped,unused-ignore]

    engine = qmc.Sobol(WIDTH * (block + 1), scramble=True, bits=30, rng=np.random.default_rng([seed, block]))
    out = np.empty((WIDTH, size), dtype="<f4")
    for start in range(0, size, 4096):
        count = min(4096, size - start)
        points = engine.random(count)[:, -WIDTH:]
        # points are multiples of 2^-30, 0 among them: the middle of their cells is never 0 or 1
        out[:, start : start + count] = ndtri(points + 2.0**-31).T
    return out


def _main(arguments: Sequence[str]) -> int:
    try:
        seed, size, block = (int(a) for a in arguments)
    except ValueError:
        print("usage: python -m shipworthy.draws SEED SIZE BLOCK > FILE.npy", file=sys.stderr)
        return 2
    if sys.stdout.isatty():
        print("this writes the bytes of an npy file: send them to a file", file=sys.stderr)
        return 2
    sys.stdout.buffer.write(_packed(seed, size, block))  # not np.save itself: it may not write an array to a pipe
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
