"""What all answers have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from canopy.results import _files, _html, _svg, _words
from canopy.results._about import About, AnswerWarning
from canopy.results._layer import area_polygons, uncollected
from canopy.results._panel import Panel
from canopy.v1 import geometry_pb2, provenance_pb2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from os import PathLike

    from folium import Map
    from geopandas import GeoDataFrame
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from canopy.results._layer import Layer, Polygon


class Answer(ABC):
    """What the service answered, with what it stands on."""

    # What a reader must know.
    warnings: list[AnswerWarning]
    # The terrain, the effective earth factor, assumptions. Empty where nothing
    # was computed.
    provenance: provenance_pb2.Provenance

    def __init__(
        self,
        warnings: Iterable[provenance_pb2.Warning] = (),
        provenance: provenance_pb2.Provenance | None = None,
        notes: Sequence[str] = (),
    ) -> None:
        said = [AnswerWarning(w.warning_id, w.message, w.subject) for w in warnings]
        noted = [AnswerWarning("input", note) for note in notes]
        self.warnings = list(dict.fromkeys(said + noted))
        self.provenance = provenance or provenance_pb2.Provenance()

    @abstractmethod
    def _title(self) -> str:
        """Say in one line what was asked."""

    @abstractmethod
    def _summary(self) -> str:
        """Say in a few words what came out."""

    @abstractmethod
    def _table(self) -> _html.Table:
        """Return what a notebook shows as a table."""

    def _image(self) -> str:
        return ""

    def _about(self) -> About:
        return About(self._title(), self.warnings, self.provenance)

    def _headline(self) -> str:
        return ": ".join(filter(None, [self._title(), self._summary()]))

    def __repr__(self) -> str:
        text = self._headline()
        if self.provenance.terrain.demonstration:
            text += "; demonstration terrain"
        if self.warnings:
            text += "; " + _words.count(len(self.warnings), "warning", "warnings")
        return f"<{type(self).__name__} {text}>"

    def _repr_html_(self) -> str:
        return _html.page(
            [
                _html.heading(self._headline()),
                self._image(),
                _html.table(self._table()),
                _html.about(self._about()),
            ]
        )


class Drawn(Answer):
    """An answer that can be drawn on a map, and saved."""

    # The airspace behind what is drawn, where that is known.
    _area: geometry_pb2.Area | None = None

    @abstractmethod
    def _panels(self) -> list[Panel]:
        """Return the maps that a notebook shows."""

    def _small_panels(self) -> list[Panel]:
        """Return the same for small maps, on which long names find no room."""
        return self._panels()

    @cached_property
    def _outline(self) -> list[Polygon]:
        return area_polygons(self._area) if self._area is not None else []

    def _image(self) -> str:
        svg = _svg.picture(self._small_panels())
        return _html.image(svg.encode(), "image/svg+xml", "Map: " + self._title())

    def plot(self, *, ax: Axes | None = None, legend: bool = True) -> Axes:
        """Draw a map with matplotlib, on axes of yours or on new ones.

        The legend stands to the right of it.
        """
        from canopy.results import _plot

        return _plot.map_axes(self._panels()[0], self._about(), ax, legend=legend)

    def explore(self, *, tiles: str | None = None, attribution: str | None = None) -> Map:
        """Return a map to move about in, which needs no network.

        Its background is the outline of the airspace. Who has a tile server
        names it, and who made its maps: tiles="http://…/{z}/{x}/{y}.png".
        """
        from canopy.results import _maps

        return _maps.explore(self._panels(), self._about(), tiles, attribution)

    def save(self, path: str | PathLike[str]) -> None:
        """Save in the format that the ending of the path names.

        .geojson, .gpkg and .kml hold all that the answer holds, with its
        warnings and provenance; .csv holds the main table, .tif the floor, .png
        the picture. An ending that an answer has no format for is refused.
        """
        _files.save(Path(path), self._writers())

    def _writers(self) -> dict[str, Callable[[Path], None]]:
        return {".png": self._write_png}

    def _write_png(self, path: Path) -> None:
        from canopy.results import _plot

        _plot.png(path, self._draw, self._about())

    def _draw(self, figure: Figure) -> None:
        """Draw what is saved as a picture."""
        self.plot(ax=figure.subplots())


class MapAnswer(Drawn):
    """An answer about things that have places."""

    @abstractmethod
    def _layers(self) -> list[Layer]:
        """Return what the answer holds, the main things first."""

    def _main(self) -> Layer:
        """Return the table of the answer."""
        return self._layers()[0]

    def _panels(self) -> list[Panel]:
        return [Panel(self._title(), self._layers(), self._outline)]

    def to_dataframe(self) -> DataFrame:
        """Return a table whose columns carry their units."""
        with uncollected():
            return self._main().dataframe()

    def to_geodataframe(self) -> GeoDataFrame:
        """Return the table with geometries, in longitude and latitude (EPSG:4326)."""
        with uncollected():
            return self._main().geodataframe()

    def _writers(self) -> dict[str, Callable[[Path], None]]:
        about = self._about()
        return super()._writers() | {
            ".csv": lambda path: _files.csv(path, self._main()),
            ".geojson": lambda path: _files.geojson(path, self._layers(), self._members()),
            ".gpkg": lambda path: _files.geopackage(path, self._layers(), self._members()),
            ".kml": lambda path: _files.kml(path, self._layers(), about),
        }

    def _members(self) -> dict[str, object]:
        """Return what files hold beside the content."""
        return self._about().members()
