"""Pictures say what, where and on which terrain, and have the right shape."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import matplotlib as mpl
import pytest

from canopy import errors, results

from . import messages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matplotlib.axes import Axes

mpl.use("Agg")
from matplotlib import colors, image, pyplot


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    yield
    pyplot.close("all")


def legend(ax: Axes) -> list[str]:
    key = ax.get_legend()
    assert key is not None
    return [text.get_text() for text in key.get_texts()]


def test_a_map_of_gaps() -> None:
    gaps = messages.gaps()
    ax = gaps.plot()
    assert ax.get_title(loc="left").startswith("Gaps over VRAEM, scenario four-modern\n300 m AGL: ")
    assert "SRTM30" in ax.get_xlabel()
    assert "for demonstration only" in ax.get_xlabel()
    assert legend(ax) == ["covered", "terrain", "radars"]
    south, north = ax.get_ylim()
    middle = math.radians((south + north) / 2)
    assert ax.get_aspect() == pytest.approx(1 / math.cos(middle))
    # The outline and each gap of this altitude alone.
    assert len(ax.patches) == 1 + len(gaps.bands[0].gaps)


def test_gaps_are_coloured_by_their_main_cause() -> None:
    gaps = messages.gaps()
    ax = gaps.plot("300M-AGL")
    causes = gaps.to_geodataframe().query("altitude == '300m-agl'")["main_cause"]
    palette = {"TERRAIN": "#d55e00", "BELOW_HORIZON": "#0072b2"}
    edges = [colors.to_hex(patch.get_edgecolor()) for patch in ax.patches[1:]]
    assert edges == [palette[cause] for cause in causes]


def test_another_altitude() -> None:
    assert "FL290" in messages.gaps().plot("fl290").get_title(loc="left")
    with pytest.raises(errors.InvalidInput, match=r"FL100.*300m-agl, FL290"):
        messages.gaps().plot("FL100")


def test_all_altitudes() -> None:
    axes = messages.gaps().plot_all()
    assert [ax.get_title().partition(":")[0] for ax in axes] == ["300 m AGL", "FL290"]


def test_what_may_be_ground_is_not_told_as_covered() -> None:
    gaps = messages.gaps()
    gaps.message.bands[0].underground_area_km2 = 12
    assert legend(gaps.plot())[0] == "covered, or inside the ground"


def test_maps_without_an_outline() -> None:
    ax = results.Gaps(messages.gaps().message).plot()
    assert "covered" not in legend(ax)


@pytest.mark.parametrize("answer", messages.map_answers())
def test_every_answer_is_drawn_on_axes_of_the_caller(answer: results.MapAnswer) -> None:
    _, ax = pyplot.subplots()
    assert answer.plot(ax=ax) is ax
    assert ax.get_title(loc="left")


def test_points_and_airstrips_have_a_key() -> None:
    assert legend(messages.checks().plot()) == ["seen", "not seen", "radars"]
    assert "seen from 1,000 to 3,000 m AGL" in legend(messages.exposures().plot())


def test_a_profile() -> None:
    profile = messages.profile()
    ax = profile.plot()
    key = legend(ax)
    assert "ray, not seen" in key
    assert any(text.startswith("blocking crest") for text in key)
    assert "it sees from" in ax.get_xlabel().replace("\n", " ")
    low, high = ax.get_ylim()
    assert low < min(s.terrain_amsl_m for s in profile.message.samples)
    assert high > profile.outcome.altitude_amsl_m


def test_a_profile_of_a_seen_point_over_unknown_ground() -> None:
    profile = messages.profile()
    profile.message.outcome.seen = True
    for sample in profile.message.samples:
        sample.ClearField("terrain_amsl_m")
    profile.message.ClearField("clearance")
    assert "ray, seen" in legend(profile.plot())
    page = profile._repr_html_()
    assert "unknown: no terrain is known below the ray" in page


def test_a_floor() -> None:
    ax = messages.floor().plot()
    assert "Coverage floor of Mazamari" in ax.get_title(loc="left")
    bar = ax.figure.axes[-1]
    assert bar.get_ylabel() == "coverage floor, metres above mean sea level"
    (picture,) = ax.get_images()
    assert picture.get_extent() == pytest.approx([-75.2, -73.9, -11.9666667, -10.6666667])


def test_png_says_what_it_shows(tmp_path: Path) -> None:
    path = tmp_path / "gaps.png"
    messages.gaps().save(path)
    picture = image.imread(path)
    assert min(picture.shape[:2]) > 400
    assert b"Gaps over VRAEM" in path.read_bytes()
    assert pyplot.get_fignums() == []


def test_names_lie_over_no_others() -> None:
    ax = messages.exposures().plot()
    names = [text.get_text() for text in ax.texts]
    assert names[0] == "Mazamari"
    # Beside the radar, of which the name has come first.
    assert not any("Nancy Flores" in name for name in names)
    assert "Tanquin Heliport" in names
