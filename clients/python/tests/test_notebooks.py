"""Notebooks are kept without outputs, and take their figures from answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


def cells(path: Path, kind: str) -> list[dict[str, Any]]:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def test_there_are_notebooks() -> None:
    assert [path.name[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_hold_no_outputs(path: Path) -> None:
    for cell in cells(path, "code"):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_ask_a_server_or_start_one(path: Path) -> None:
    first = "".join(cells(path, "code")[0]["source"])
    assert 'canopy.connect() if "CANOPY_ADDR" in os.environ else canopy.local()' in first


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_figure_of_an_answer_is_typed_in(path: Path) -> None:
    for cell in cells(path, "markdown"):
        assert re.findall(r"\d[\d.,]*\s*(?:%|km|m\b)", "".join(cell["source"])) == []
