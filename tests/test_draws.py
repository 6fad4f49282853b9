"""The draws: the same everywhere, balanced, and made again when their file is not as it should be."""

import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from scipy import stats

from shipworthy import draws
from shipworthy.errors import InputError
from shipworthy.estimate import correlation_cholesky


@pytest.fixture(scope="module")
def made():
    """One block, made in this process (scipy.stats is here already)."""
    return draws._make(7, draws.SIZE, 0)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache folder of the test's own, and a process that remembers nothing."""
    monkeypatch.setenv("SHIPWORTHY_CACHE", str(tmp_path))
    forget()
    yield tmp_path
    forget()


@pytest.fixture
def quick(made, monkeypatch):
    """Makes block 0 at once, and counts how often."""
    calls = []

    def make(seed, size, block):
        calls.append((seed, size, block))
        return made if seed == 7 else made[::-1]

    monkeypatch.setattr(draws, "_make", make)
    return calls


def forget():
    draws._blocks.clear()
    draws._columns.clear()


def test_scores_are_standard_normal_balanced_and_finite(made):
    assert made.shape == (draws.WIDTH, draws.SIZE)
    assert made.dtype == np.float32
    assert np.all(np.isfinite(made))
    for column in made[::17]:
        # one point in each of 16,384 equally likely cells, but for what float32 rounds over an edge
        cells = np.floor(stats.norm.cdf(column.astype(np.float64)) * draws.SIZE)
        assert np.unique(cells).size >= draws.SIZE - 16
    assert np.abs(made.mean(axis=1)).max() < 1e-3
    assert np.abs(made.std(axis=1) - 1).max() < 1e-3


def test_fewer_draws_are_the_first_of_more_and_balanced(cache, quick, made):
    assert np.array_equal(draws.scores(5, size=4096), made[5, :4096])
    assert quick == [(7, draws.SIZE, 0)]
    cells = np.floor(stats.norm.cdf(draws.scores(5, size=4096).astype(np.float64)) * 4096)
    assert np.unique(cells).size >= 4090


def test_the_sequence_does_not_depend_on_its_length(made):
    longer = draws._make(7, 2 * draws.SIZE, 0)
    assert np.array_equal(longer[:, : draws.SIZE], made)


def test_larger_sizes_have_a_file_of_their_own(cache, monkeypatch, made):
    twice = np.concatenate([made, -made], axis=1)
    monkeypatch.setattr(draws, "_make", lambda seed, size, block: {draws.SIZE: made, 2 * draws.SIZE: twice}[size])
    assert draws.scores(3, size=2 * draws.SIZE).shape == (2 * draws.SIZE,)
    draws.scores(3)
    names = sorted(p.name for p in cache.iterdir())
    assert names == ["scores-v1-7-16384-0.npy", "scores-v1-7-32768-0.npy"]


def test_first_answers_are_uncorrelated(made):
    few = np.corrcoef(made[:32])
    assert np.abs(few - np.eye(32)).max() < 0.005
    every = np.corrcoef(made)
    assert np.abs(every - np.eye(draws.WIDTH)).max() < 0.1


def test_blocks_are_unrelated(made):
    # the same Sobol columns scrambled again would be correlated by up to 0.98
    together = np.corrcoef(made, draws._make(7, draws.SIZE, 1))[: draws.WIDTH, draws.WIDTH :]
    assert np.abs(np.diag(together)).max() < 0.02
    assert np.abs(together).max() < 0.15
    assert together.std() < 1 / np.sqrt(draws.SIZE)  # on the whole less than plain random draws would have


def test_a_dimension_beyond_the_first_block_comes_from_the_next(cache, monkeypatch, made):
    asked = []
    monkeypatch.setattr(draws, "_make", lambda seed, size, block: asked.append(block) or made)
    assert np.array_equal(draws.scores(2 * draws.WIDTH + 9), made[9])
    assert asked == [2]


def test_seeds_differ_and_repeat():
    assert np.array_equal(draws._make(7, 64, 0), draws._make(7, 64, 0))
    assert not np.array_equal(draws._make(7, 64, 0), draws._make(8, 64, 0))


def test_sobol_beats_plain_draws_by_far(made):
    z = made[:12].astype(np.float64)
    error = abs(np.exp(0.5 * z).sum(axis=0).mean() - 12 * np.exp(0.125))
    plain = np.sqrt(12 * (np.exp(0.5) - np.exp(0.25)) / draws.SIZE)  # its standard error
    assert error < plain / 20


def test_columns_are_read_only_contiguous_and_mapped_once(cache, quick):
    column = draws.scores(0)
    assert column.dtype == np.float32
    assert column.shape == (draws.SIZE,)
    assert column.flags.c_contiguous
    assert not column.flags.writeable
    assert draws.scores(0) is column
    with pytest.raises(ValueError, match="read-only"):
        column[0] = 0
    forget()
    assert np.array_equal(draws.scores(0), column)
    assert len(quick) == 1


def break_short(path):
    path.write_bytes(path.read_bytes()[:100_000])


def break_empty(path):
    path.write_bytes(b"")


def break_text(path):
    path.write_text("not scores at all")


def break_zip(path):
    path.write_bytes(b"PK\x03\x04" + bytes(1000))


def break_zeros(path):
    np.save(path, np.zeros((draws.WIDTH, draws.SIZE), np.float32))


def break_nan(path):
    np.save(path, np.full((draws.WIDTH, draws.SIZE), np.nan, np.float32))


def break_shape(path):
    np.save(path, np.load(path)[:, :4096])


def break_type(path):
    np.save(path, np.load(path).astype(np.float64))


def break_order(path):
    np.save(path, np.asfortranarray(np.load(path)))


def break_pickle(path):
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)


@pytest.mark.parametrize(
    "break_it",
    [
        break_short,
        break_empty,
        break_text,
        break_zip,
        break_zeros,
        break_nan,
        break_shape,
        break_type,
        break_order,
        break_pickle,
    ],
)
def test_a_broken_file_is_made_again(cache, quick, made, break_it):
    draws.scores(0)
    forget()
    (path,) = cache.iterdir()
    break_it(path)
    assert np.array_equal(draws.scores(1), made[1])
    assert len(quick) == 2
    assert np.array_equal(np.load(path), made)
    assert list(cache.iterdir()) == [path]


def test_a_folder_that_cannot_be_used_leaves_the_scores_in_memory(tmp_path, monkeypatch, quick, made, caplog):
    blocker = tmp_path / "file"
    blocker.write_text("in the way")
    monkeypatch.setenv("SHIPWORTHY_CACHE", str(blocker / "cache"))
    forget()
    column = draws.scores(2)
    assert np.array_equal(column, made[2])
    assert not column.flags.writeable
    draws.scores(3)
    assert len(quick) == 1
    assert "kept in memory" in caplog.text
    forget()


def test_a_disk_that_fills_up_leaves_no_litter(cache, quick, made, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert np.array_equal(draws.scores(2), made[2])
    assert list(cache.iterdir()) == []


def test_threads_at_once_make_it_once(cache, quick, made):
    found = []
    threads = [threading.Thread(target=lambda i=i: found.append(draws.scores(i))) for i in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(found) == 8
    assert len(quick) == 1


def test_the_files_used_last_are_kept(cache, quick, made):
    now = time.time()
    for k in range(20):
        old = cache / f"scores-v0-{k}-16384-0.npy"
        old.write_bytes(b"old")
        os.utime(old, (now - 1000 + k, now - 1000 + k))
    stale, fresh = cache / "scores-v1-9.part", cache / "scores-v1-8.part"
    for part, age in ((stale, 7200), (fresh, 60)):
        part.write_bytes(b"")
        os.utime(part, (now - age, now - age))
    other = cache / "notes.txt"
    other.write_text("somebody's")
    draws.scores(0)
    left = {p.name for p in cache.glob("*.npy")}
    assert left == {"scores-v1-7-16384-0.npy"} | {f"scores-v0-{k}-16384-0.npy" for k in range(5, 20)}
    assert not stale.exists()
    assert fresh.exists()
    assert other.exists()


def test_opening_a_file_counts_as_using_it(cache, quick):
    draws.scores(0)
    (path,) = cache.iterdir()
    os.utime(path, (1000, 1000))
    forget()
    draws.scores(0)
    assert path.stat().st_mtime > 1000


def test_processes_agree_and_import_no_statistics(tmp_path, made):
    code = (
        "import sys; from shipworthy.draws import prepare, scores; prepare(); z = scores(40);"
        "print('scipy.stats' in sys.modules, 'scipy' in sys.modules, z.tobytes()[:40].hex())"
    )
    environment = {**os.environ, "SHIPWORTHY_CACHE": str(tmp_path)}
    # two makers at once, then one who finds the file
    makers = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [p.communicate()[0].strip() for p in makers]
    assert said == [f"False False {made[40].tobytes()[:40].hex()}"] * 2
    assert [p.name for p in tmp_path.iterdir()] == ["scores-v1-7-16384-0.npy"]


def test_a_process_that_cannot_be_started_is_done_without(cache, quick, made, monkeypatch, caplog):
    monkeypatch.delitem(sys.modules, "scipy.stats")
    monkeypatch.setattr(sys, "executable", str(cache / "no-such-python"))
    assert np.array_equal(draws.scores(4), made[4])
    assert "making them here" in caplog.text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"dimension": 0, "size": 1000}, "1000 is not a power of two"),
        ({"dimension": 0, "size": 1}, "1 is not a power of two"),
        ({"dimension": 0, "size": 0}, "0 is not a power of two"),
        ({"dimension": 0, "size": 2**19}, "is not a power of two from 2 to 262144"),
        ({"dimension": -1}, "dimension -1"),
        ({"dimension": 30_000}, "dimension 30000"),
        ({"dimension": 0, "seed": -1}, "seed is -1"),
    ],
)
def test_what_is_no_dimension_size_or_seed_is_refused(cache, arguments, words):
    with pytest.raises(InputError, match=words):
        draws.scores(**arguments)
    assert list(cache.iterdir()) == []


def test_correlated_scores_have_the_rank_correlations(made):
    ranks = np.array([[1, 0.7, -0.3], [0.7, 1, 0.2], [-0.3, 0.2, 1]])
    mixed = draws.correlated([made[0], made[1], made[2]], correlation_cholesky(ranks))
    found = stats.spearmanr(mixed.T).statistic
    assert found == pytest.approx(ranks, abs=2e-3)
    assert np.array_equal(mixed[0], made[0])
    assert mixed.std(axis=1) == pytest.approx([1, 1, 1], abs=2e-3)


def test_correlating_needs_a_factor_of_the_right_size(made):
    with pytest.raises(InputError, match="for 3 answers"):
        draws.correlated(made[:3], np.eye(2))
