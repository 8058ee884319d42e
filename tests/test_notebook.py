"""The notebook in docs/: valid, and every cell runs on the built graph."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.conftest import ROOT

NOTEBOOK = ROOT / "docs" / "notebook.ipynb"


def test_notebook_is_valid_and_holds_no_output() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    assert all(cell.outputs == [] for cell in notebook.cells if cell.cell_type == "code")


def test_every_cell_runs(built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PACTS_DIST", str(built))
    names: dict[str, Any] = {"__name__": "notebook"}
    shown = [run(cell.source, names) for cell in nbformat.read(NOTEBOOK, 4).cells if cell.cell_type == "code"]
    assert "India" in capsys.readouterr().out
    assert any("<td>" in value._repr_html_() for value in shown if hasattr(value, "_repr_html_"))
    assert "accepted" in {row for frame in shown if hasattr(frame, "stands") for row in frame.stands}
    assert shown[-1] == len(names["graph"].store)


def run(source: str, names: dict[str, Any]) -> Any:
    """Run a cell as a notebook does and return the value of its last expression."""
    tree = ast.parse(source)
    last = ast.Expression(tree.body.pop().value) if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)  # noqa: S102
    return eval(compile(last, "cell", "eval"), names) if last else None  # noqa: S307
