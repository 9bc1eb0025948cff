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


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is there")
@pytest.mark.parametrize(
    ("answer", "shapes"),
    [
        # The outline, the gaps of the first altitude, four radars.
        (messages.gaps(), 1 + len(messages.gaps().bands[0].gaps) + 4),
        (messages.exposures(), 1 + len(messages.exposures()) + 4),
        (messages.evil_gaps(), 3),
        (messages.floor(), 1),
    ],
)
def test_a_browser_without_network_draws_maps(
    answer: results.Drawn, shapes: int, tmp_path: Path
) -> None:
    path = tmp_path / "map.html"
    path.write_text(answer.explore().get_root().render(), encoding="utf-8")
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    command += ["--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=5000"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", "--enable-logging=stderr"]
    done = subprocess.run(
        [*command, path.as_uri()], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.count("leaflet-interactive") + done.stdout.count("<path") >= shapes
    paths = re.findall(r'<path[^>]* d="M[^"]{3,}"', done.stdout)
    assert len(paths) >= shapes
    assert "Uncaught" not in done.stderr
