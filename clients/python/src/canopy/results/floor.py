"""The coverage floor of a network."""

from __future__ import annotations

import shutil
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

from canopy.results import _words
from canopy.results._answer import Drawn
from canopy.results._html import Table
from canopy.results._panel import Box, Panel, Raster
from canopy.results.radars import Radars, radar_layer, radars_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from os import PathLike

    from matplotlib.axes import Axes
    from xarray import DataArray

    from canopy.v1 import coverage_pb2, geometry_pb2

# Posts along the longer side of the map in a notebook.
_SMALL_POSTS = 400


class Floor(Drawn):
    """The lowest altitude that a network sees, on a grid of posts, as a GeoTIFF.

    A temporary file goes with the object.
    """

    summary: coverage_pb2.FloorSummary
    path: Path

    def __init__(
        self,
        summary: coverage_pb2.FloorSummary,
        path: str | PathLike[str],
        notes: Sequence[str] = (),
        *,
        temporary: bool = False,
        outline: geometry_pb2.Area | None = None,
    ) -> None:
        super().__init__(summary.warnings, summary.provenance, notes)
        self.summary = summary
        self.path = Path(path)
        self._area = outline
        if temporary:
            weakref.finalize(self, self.path.unlink, missing_ok=True)

    @property
    def message(self) -> coverage_pb2.FloorSummary:
        """The summary, under the name that all answers have."""
        return self.summary

    @property
    def radars(self) -> Radars:
        """The radars as they entered the computation."""
        return Radars(self.summary.radars)

    @property
    def vertical_datum(self) -> str:
        """What heights refer to."""
        return self.summary.vertical_datum

    def to_xarray(self) -> DataArray:
        """Return the floor in metres above mean sea level, NaN where nothing is seen.

        Coordinates are the latitude y and the longitude x of each post, with CF
        attributes, and spatial_ref, so that rioxarray knows where they lie.
        """
        from canopy.results import _raster

        return _raster.array(self.path, self._attributes())

    def plot(self, *, ax: Axes | None = None, legend: bool = True) -> Axes:
        """Draw the floor with matplotlib, on axes of yours or on new ones."""
        from canopy.results import _raster

        panel = self._panels()[0]
        return _raster.floor_axes(self.path, panel, self._about(), ax, legend=legend)

    def save(self, path: str | PathLike[str]) -> None:
        """Save as .tif, the GeoTIFF as it came, or as .png, the picture."""
        super().save(path)

    def _writers(self) -> dict[str, Callable[[Path], None]]:
        return super()._writers() | {".tif": self._write_tif, ".tiff": self._write_tif}

    def _write_tif(self, path: Path) -> None:
        shutil.copyfile(self.path, path)

    def _title(self) -> str:
        names = ", ".join(r.name for r in self.summary.radars[:4])
        more = len(self.summary.radars) - 4
        return f"Coverage floor of {names}" + (f" and {more} more" if more > 0 else "")

    def _summary(self) -> str:
        size = (
            f"{_words.grouped(self.summary.columns)} by {_words.grouped(self.summary.rows)} posts"
        )
        return f"{size}; {radars_text(self.summary.radars)}"

    def _panels(self) -> list[Panel]:
        try:
            from canopy.results import _raster

            return [self._panel(_raster.painted(self.path, _SMALL_POSTS))]
        except ImportError:
            # Without the extras, a notebook shows the radars alone.
            return [self._panel(None)]

    def _panel(self, raster: Raster | None) -> Panel:
        layers = [radar_layer(self.summary.radars)]
        box = self._box() if raster is None else raster.box
        return Panel(self._title(), layers, self._outline, box=box, raster=raster)

    def _box(self) -> Box:
        """Return the box of the posts."""
        grid = self.summary.grid
        west, north = grid.first_post.lon_deg, grid.first_post.lat_deg
        east = west + grid.lon_step_deg * (self.summary.columns - 1)
        south = north - grid.lat_step_deg * (self.summary.rows - 1)
        return Box(west, south, east, north)

    def _table(self) -> Table:
        lines = [
            (
                r.name,
                _words.metres(r.antenna_amsl_m),
                _words.kilometres(r.limits.range_km),
                _words.state_word(r.state),
            )
            for r in self.summary.radars
        ]
        return Table(("radar", "antenna AMSL", "range", "state"), lines, len(lines), right=(1, 2))

    def _attributes(self) -> dict[str, Any]:
        terrain = self.provenance.terrain
        return {
            "long_name": "coverage floor: the lowest altitude that the network sees",
            "standard_name": "altitude",
            "units": "m",
            "vertical_datum": self.vertical_datum,
            "terrain": _words.terrain_text(terrain),
            "terrain_identity": terrain.identity,
            "effective_earth_k": self.provenance.effective_earth_k,
            "reach": _words.reach_word(self.provenance.reach),
            "min_radars": max(self.provenance.min_radars, 1),
            "radars": "; ".join(r.radar_id for r in self.summary.radars),
            "engine_version": self.provenance.engine_version,
            "warnings": "\n".join(self._about().warning_texts()),
        }
