"""The notebooks: stripped, thin, without logic, and they run."""

import ast
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

from shipworthy.serve import WORKBOOK, workbooks_folder
from shipworthy.serve.server import OwnPython

NOTEBOOKS = sorted(workbooks_folder().glob("*.ipynb"))
LARGEST_CELLS = 3
LONGEST_CELL = 10

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def code_cells(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def test_the_workbook_is_among_them() -> None:
    assert WORKBOOK in {path.name for path in NOTEBOOKS}


@every_notebook
def test_is_valid_and_runs_on_this_python(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata["kernelspec"]["name"] == "python3"


@every_notebook
def test_holds_no_output(path: Path) -> None:
    for cell in code_cells(path):
        assert cell.outputs == []
        assert cell.execution_count is None


@every_notebook
def test_is_thin_and_holds_no_logic(path: Path) -> None:
    cells = code_cells(path)
    assert 1 <= len(cells) <= LARGEST_CELLS
    for cell in cells:
        lines = cell.source.strip().splitlines()
        assert len(lines) <= LONGEST_CELL
        kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.For | ast.While | ast.Try | ast.If
        assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, kinds)]


@every_notebook
def test_runs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    manager = KernelManager(kernel_spec_manager=OwnPython())
    client = NotebookClient(notebook, km=manager, timeout=120, resources={"metadata": {"path": str(path.parent)}})
    client.execute()
    errors = [
        "".join(output.get("text", output.get("traceback", "")))
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error" or output.get("name") == "stderr"
    ]
    assert not errors
