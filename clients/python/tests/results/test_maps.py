"""Maps to move about in work without any network."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from html.parser import HTMLParser
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from . import messages

if TYPE_CHECKING:
    from pathlib import Path

    from canopy import results

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None
)


class Links(HTMLParser):
    """Collects what a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("src", "href")]


def drawn() -> list[results.Drawn]:
    return [*messages.map_answers(), messages.floor(), messages.evil_gaps()]


@pytest.mark.parametrize("answer", drawn())
def test_maps_load_nothing(answer: results.Drawn) -> None:
    links = Links()
    page = answer.explore().get_root().render()
    links.feed(page)
    assert links.found == []
    assert "ajax" not in page.partition("var map_")[2]


def test_texts_are_no_markup() -> None:
    page = messages.evil_gaps().explore().get_root().render()
    assert "<script>alert" not in page
    assert "alert(1)" in page


def test_tiles_of_the_caller() -> None:
    made = messages.gaps().explore(tiles="http://tiles.test/{z}/{x}/{y}.png", attribution="Ours")
    page = made.get_root().render()
    assert "http://tiles.test/{z}/{x}/{y}.png" in page
    assert "Ours" in page


def test_leaflet_is_as_it_was_published() -> None:
    """DATA.md says where it comes from."""
    published = {
        "leaflet.js": "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a",
        "leaflet.css": "a7837102824184820dfa198d1ebcd109ff6d0ff9a2672a074b9a1b4d147d04c6",
    }
    folder = files("canopy.results").joinpath("leaflet")
    for name, checksum in published.items():
        assert hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest() == checksum
    assert "BSD 2-Clause" in folder.joinpath("LICENSE").read_text(encoding="utf-8")


# What a person does: take the second altitude, and point at a gap.
PERSON = """<script>setTimeout(() => {
  document.querySelectorAll('.leaflet-control-layers input')[1].click();
  const gap = document.querySelector('.leaflet-areas-pane path.leaflet-interactive');
  const box = gap.getBoundingClientRect();
  for (const kind of ['mouseover', 'mousemove'])
    gap.dispatchEvent(new MouseEvent(kind, {bubbles: true, clientX: box.x, clientY: box.y}));
}, 500)</script></html>"""


def browsed(page: str, folder: Path) -> str:
    """Return a page as a browser without network has it after some seconds."""
    path = folder / "map.html"
    path.write_text(page, encoding="utf-8")
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    command += ["--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=5000"]
    command += [f"--user-data-dir={folder / 'profile'}", "--enable-logging=stderr"]
    done = subprocess.run(
        [*command, path.as_uri()], capture_output=True, text=True, check=True, timeout=60
    )
    assert "Uncaught" not in done.stderr
    return done.stdout


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is there")
def test_a_map_answers_to_the_pointer(tmp_path: Path) -> None:
    gaps = messages.gaps()
    page = gaps.explore().get_root().render().replace("</html>", PERSON)
    _, _, tooltip = browsed(page, tmp_path).partition('role="tooltip"')
    first = gaps.bands[1].gaps[0]
    assert f"<td>{first.gap_id}</td>" in tooltip
    assert "<td>TERRAIN</td>" in tooltip


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is there")
@pytest.mark.parametrize(
    ("answer", "shapes"),
    [
        # The outline, the gaps of the first altitude, four radars.
        (messages.gaps(), 1 + len(messages.gaps().bands[0].gaps) + 4),
        (messages.exposures(), 1 + len(messages.exposures()) + 4),
        (messages.evil_gaps(), 3),
        (messages.floor(), 1),
        # The outline, and the radars: all of them, and those in service.
        (messages.plan(), 1 + 4),
        (messages.criticality(), 1 + 3),
    ],
)
def test_a_browser_without_network_draws_maps(
    answer: results.Drawn, shapes: int, tmp_path: Path
) -> None:
    page = browsed(answer.explore().get_root().render(), tmp_path)
    assert len(re.findall(r'<path[^>]* d="M[^"]{3,}"', page)) >= shapes
