"""Run the notebooks, and keep what they show for people to look at.

python execute.py FOLDER [NOTEBOOK…] writes an HTML page of each notebook, and
its pictures, into FOLDER. The notebooks themselves stay without outputs. They
need a server at CANOPY_ADDR, or the program at CANOPY_BINARY.
"""

from __future__ import annotations

import base64
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

HERE = Path(__file__).parent
CELL_TIMEOUT_S = 120


def execute(path: Path, folder: Path) -> None:
    """Run one notebook, from top to bottom; the first cell that fails ends it."""
    notebook = nbformat.read(path, as_version=4)
    started = time.monotonic()
    NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT_S,
        kernel_name="python3",
        # Kernels warn of their ports, which are on this machine and closed with them.
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": HERE}},
    ).execute()
    print(f"{path.name}: {time.monotonic() - started:.1f} s")
    page, _ = HTMLExporter().from_notebook_node(notebook)
    (folder / f"{path.stem}.html").write_text(page, encoding="utf-8")
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            png = output.get("data", {}).get("image/png")
            if png:
                name = f"{path.stem}-{number:02d}.png"
                (folder / name).write_bytes(base64.b64decode(png))


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for path in map(Path, sys.argv[2:]) if sys.argv[2:] else sorted(HERE.glob("*.ipynb")):
        execute(path, folder)


if __name__ == "__main__":
    main()
