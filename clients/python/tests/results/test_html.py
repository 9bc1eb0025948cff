"""What notebooks show: with the base install alone, and safe to show."""

from __future__ import annotations

import base64
import html.parser
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from canopy import results
from canopy.v1 import coverage_pb2

from . import messages

# What notebooks let through of a page that they do not trust.
HARMLESS = {
    *("div", "p", "b", "i", "img", "ul", "li", "details", "summary"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
VOID = {"img"}


class Page(html.parser.HTMLParser):
    """Collects tags, attributes and texts, and holds tags to be closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def image(self) -> bytes:
        source = dict(self.attributes)["src"] or ""
        return base64.b64decode(source.partition(",")[2])


@pytest.mark.parametrize("answer", [*messages.answers(), messages.evil_gaps()])
def test_pages_are_well_formed_and_harmless(answer: results.Answer) -> None:
    page = Page(answer._repr_html_())
    assert page.open == []
    assert set(page.tags) <= HARMLESS
    assert {name for name, _ in page.attributes} <= {"class", "alt", "src", "style"}
    styles = {value for name, value in page.attributes if name == "style"}
    assert styles <= {"text-align:left", "text-align:right"}
    if "img" in page.tags:
        svg = ElementTree.fromstring(page.image())
        assert svg.find(".//{*}script") is None


def test_texts_are_shown_as_they_are() -> None:
    page = Page(messages.evil_gaps()._repr_html_())
    assert any(messages.EVIL in text for text in page.texts)
    svg = ElementTree.fromstring(page.image())
    # XML has no control characters.
    assert any(messages.EVIL[:-2] in (text.text or "") for text in svg.iter())


def test_a_page_tells_table_warnings_and_provenance() -> None:
    gaps = messages.gaps()
    page = "".join(Page(gaps._repr_html_()).texts).replace("\u00a0", " ")
    band = gaps.bands[0]
    assert f"{band.covered_area_km2:,.0f}" in page
    assert "300 m AGL" in page
    assert "DEMONSTRATION TERRAIN" in page
    assert "Stands on terrain SRTM30" in page
    assert gaps.provenance.assumptions[0] in page


def test_long_tables_say_how_much_is_left_out() -> None:
    message = messages.checks().messages[0]
    checks = results.Checks([message] * 1000)
    page = checks._repr_html_()
    assert page.count("<tr>") == 1 + 12
    assert "… and 2,988 more" in page
    # As many points as a small picture shows, and no more.
    assert Page(page).image().count(b"<circle") < 2100


def test_warnings_that_are_alike_are_told_once() -> None:
    message = coverage_pb2.FindGapsResponse(bands=[coverage_pb2.Band()])
    for radar in ("one", "two", "three"):
        message.warnings.add(warning_id="terrain.missing", message="no terrain", subject=radar)
    gaps = results.Gaps(message, ["points were in EPSG:32718 and are reprojected"])
    assert [str(w) for w in gaps.warnings[:2]] == ["one: no terrain", "two: no terrain"]
    assert gaps.warnings[-1] == results.AnswerWarning(
        "input", "points were in EPSG:32718 and are reprojected"
    )
    page = gaps._repr_html_()
    assert "one: no terrain (and 2 more of this kind" in page
    assert "two: no terrain" not in page


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (messages.gaps(), "covered at 300 m AGL"),
        (messages.checks(), "of 3 points are seen"),
        (messages.profile(), "NOT SEEN; terrain: hidden from mazamari"),
        (messages.exposures(), "airstrips are seen at some altitude"),
        (messages.floor(), "39 by 39 posts"),
        (messages.elevations(), "2 places"),
        (messages.scenarios(), "4 scenarios"),
    ],
)
def test_repr_is_one_useful_line(answer: results.Answer, words: str) -> None:
    assert words in repr(answer)
    assert "\n" not in repr(answer)


def test_repr_says_that_terrain_is_a_demonstration() -> None:
    assert "demonstration terrain; 1 warning>" in repr(messages.gaps())


def test_the_base_install_shows_pages_and_saves_text() -> None:
    """Nothing of the extras can be imported; what needs it says how to get it."""
    program = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        heavy = "geopandas shapely numpy pandas pyogrio rasterio rioxarray xarray matplotlib folium"
        if name.partition(".")[0] in heavy.split():
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
import tempfile, pathlib
from results import messages

for answer in messages.answers():
    assert "<div" in answer._repr_html_()
folder = pathlib.Path(tempfile.mkdtemp())
for answer in messages.map_answers():
    for ending in ("csv", "geojson", "kml"):
        answer.save(folder / f"x.{ending}")
gaps, floor = messages.gaps(), messages.floor()
for use in (gaps.to_dataframe, gaps.to_geodataframe, gaps.plot, gaps.explore, floor.to_xarray):
    try:
        use()
    except ImportError as error:
        print(error)
"""
    tests = messages.TESTDATA.parent.parent
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tests, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert len(lines) == 5
    assert lines[0] == (
        'to_dataframe() needs pandas, which is not installed: pip install "canopy-radar[geo]"'
    )
    assert "plot() needs matplotlib" in lines[2]
    assert "canopy-radar[viz]" in lines[2]
