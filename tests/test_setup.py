"""Set-up: one list of versions in three places, make's targets, what the wheel carries, who imports what."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "shipworthy"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LISTS = {"runtime": PROJECT["dependencies"], **PROJECT["optional-dependencies"]}
PURE = ("calculators", "considerations", "reference", "record", "exports", "ui")
PURE_MODULES = ("assess", "decision", "difference", "draws", "errors", "estimate", "insight", "store")
HEAVY = ("scipy.stats", "pandas", "plotly")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.partition("[")[0]).lower()


def pins(lines: list[str], separator: str = "==") -> dict[str, str]:
    """Names and versions of lines that pin something."""
    found = {}
    for line in lines:
        name, equals, version = line.strip().removeprefix("- ").partition(separator)
        if equals and not line.lstrip().startswith("#"):
            found[canonical(name)] = version
    return found


def constraints() -> dict[str, str]:
    return pins((ROOT / ".ci" / "constraints.txt").read_text().splitlines())


@pytest.mark.parametrize("group", LISTS)
def test_every_dependency_is_pinned_and_the_constraints_agree(group: str) -> None:
    pinned = pins(LISTS[group])
    assert len(pinned) == len(LISTS[group]), "a dependency without =="
    assert pinned.items() <= constraints().items()


def test_conda_installs_the_same_versions() -> None:
    lines = (ROOT / "environment.yml").read_text().splitlines()
    start = next(number for number, line in enumerate(lines) if line.strip() == "- pip:")
    conda = pins([line for line in lines[:start] if "==" not in line], "=")
    pip = pins(lines[start:])
    assert conda.pop("python") in PROJECT["requires-python"]
    assert not conda.keys() & pip.keys()
    assert conda | pip == pins(LISTS["runtime"])
    assert "--editable ." in lines[-1]


def test_constraints_name_no_place_to_fetch_from() -> None:
    for path in (".ci/constraints.txt", "pyproject.toml", "environment.yml", "Makefile", ".ci/run"):
        text = (ROOT / path).read_text()
        assert not re.search(r"--(extra-)?index-url|--find-links|--trusted-host|pypi\.|file://", text), path


def test_installed_versions_are_the_pinned_ones() -> None:
    from importlib.metadata import version

    expected = pins(LISTS["runtime"]) | pins(LISTS["test"])
    assert {name: version(name) for name in expected} == expected


@pytest.mark.parametrize("target", ["serve", "test", "lab", "bench"])
def test_make_knows_what_the_readme_promises(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text()
    rules = re.search(rf"^{target}:(?P<needs>[^#\n]*)", makefile, re.MULTILINE)
    assert rules is not None
    assert target in re.search(r"^\.PHONY:(.*)$", makefile, re.MULTILINE)[1].split()


def test_make_test_runs_everything_browser_last() -> None:
    needs = re.search(r"^test:([^#\n]*)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert needs is not None
    assert needs[1].split() == ["lint", "types", "layers", "unit", "browser"]
    assert "make test" in (ROOT / ".ci" / "run").read_text()
    for script in (".ci/run", ".ci/chromium"):
        assert (ROOT / script).stat().st_mode & 0o111, f"{script} cannot be run"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with the build system that is installed: no network."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--wheel-dir", str(folder), str(ROOT)], check=True, timeout=300)
    (built,) = folder.glob("shipworthy-*.whl")
    return built


def test_wheel_carries_notebooks_templates_and_tables(wheel: Path) -> None:
    carried = set(zipfile.ZipFile(wheel).namelist())
    skipped = re.compile(r"__pycache__|(^|/)\.")
    source = {
        f"shipworthy/{path.relative_to(SOURCE).as_posix()}"
        for path in SOURCE.rglob("*")
        if path.is_file() and not skipped.search(path.relative_to(SOURCE).as_posix())
    }
    notebooks = {f"shipworthy/workbooks/{path.name}" for path in (ROOT / "workbooks").glob("*.ipynb")}
    assert notebooks
    assert {"shipworthy/serve/share/voila/templates/shipworthy/index.html.j2"} <= source
    assert source | notebooks <= carried
    assert not [name for name in carried if name.startswith(("tests/", "bench/")) or "checkpoint" in name]
    assert any(name.endswith("licenses/LICENSE") for name in carried)


def test_workbooks_are_found_inside_the_wheel(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = "from shipworthy.serve import workbooks_folder; print(workbooks_folder())"
    run = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"]
    done = subprocess.run(run, capture_output=True, text=True, cwd=tmp_path, check=True)
    assert Path(done.stdout.strip()) == (tmp_path / "shipworthy" / "workbooks").resolve()


def pure_modules() -> list[Path]:
    files = [SOURCE / f"{name}.py" for name in PURE_MODULES]
    return [path for path in files if path.is_file()] + [
        path for name in PURE for path in sorted((SOURCE / name).rglob("*.py"))
    ]


def imported_at_import(tree: ast.Module) -> set[str]:
    """Modules that a file imports when it is itself imported: not those inside functions or for type checkers."""
    found: set[str] = set()
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += list(ast.iter_child_nodes(node))
    return found


@pytest.mark.parametrize("path", pure_modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_pure_layers_import_nothing_heavy(path: Path) -> None:
    imported = imported_at_import(ast.parse(path.read_text()))
    heavy = HEAVY + (("scipy",) if path.is_relative_to(SOURCE / "calculators") else ())
    assert not [name for name in imported if name.startswith(tuple(f"{one}." for one in heavy)) or name in heavy]


def test_imports_are_told_apart() -> None:
    tree = ast.parse(
        "import pandas.api\nif TYPE_CHECKING:\n    import plotly\nclass A:\n    from scipy import stats\n"
        "def f():\n    import pandas\ntry:\n    import a\nexcept ImportError:\n    pass\n"
    )
    assert imported_at_import(tree) == {"pandas.api", "scipy", "scipy.stats", "a"}


def test_calculators_pull_in_numpy_and_nothing_heavier() -> None:
    code = (
        "import sys, pkgutil, importlib, shipworthy.calculators as c\n"
        "for m in pkgutil.iter_modules(c.__path__): importlib.import_module(f'{c.__name__}.{m.name}')\n"
        "heavy = {'scipy', 'pandas', 'plotly', 'pydantic', 'sqlalchemy', 'ipywidgets', 'jinja2', 'genai_prices'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_module_grows_past_four_hundred_lines() -> None:
    lengths = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in SOURCE.rglob("*.py")}
    assert not {path: length for path, length in lengths.items() if length > 400}
