"""The area that should be covered."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from canopy._inputs import files, frames
from canopy._inputs.quantities import check_position, placed
from canopy.errors import InvalidInput
from canopy.v1.coverage_pb2 import AirspaceSelection
from canopy.v1.geometry_pb2 import Area, Polygon, Position, Ring

if TYPE_CHECKING:
    from collections.abc import Mapping

    from canopy._inputs.files import Feature

# An airspace of the catalogue by its id, a GeoJSON file, a GeoDataFrame, a
# (Multi)Polygon of shapely, GeoJSON as a mapping, or an Area of the contract.
AirspaceLike: TypeAlias = "str | os.PathLike[str] | Mapping[str, Any] | Area | Any"


@dataclass(frozen=True)
class AirspaceInput:
    """An airspace, where each of its polygons was written, and notes."""

    selection: AirspaceSelection | None
    places: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def place(self, polygon: int) -> str:
        """Tell where a polygon was written."""
        return self.places[polygon]


def airspace(value: AirspaceLike | None, argument: str = "airspace") -> AirspaceInput:
    """Return the airspace that is meant; none for None."""
    if value is None:
        return AirspaceInput(None)
    if isinstance(value, Area):
        places = [f"{argument} polygon {i + 1}" for i in range(len(value.polygons))]
        return AirspaceInput(AirspaceSelection(area=value), places)
    if isinstance(value, (str, os.PathLike)) and not _is_file(value):
        return AirspaceInput(AirspaceSelection(airspace_id=str(value)))
    notes: list[str] = []
    name, listed = _features(value, argument, notes)
    area, places = Area(name=name), []
    for feature in listed:
        for coordinates in _polygons(feature):
            area.polygons.append(_polygon(coordinates, feature.place))
            places.append(feature.place)
    return AirspaceInput(AirspaceSelection(area=area), places, notes)


def _is_file(value: str | os.PathLike[str]) -> bool:
    """Tell a file of the user's from a name of the catalogue."""
    if not isinstance(value, str):
        return True
    return files.is_geojson_name(value) or Path(value).is_file()


def _features(value: Any, argument: str, notes: list[str]) -> tuple[str, list[Feature]]:
    if isinstance(value, (str, os.PathLike)):
        return Path(value).stem, files.read(value).features()
    if frames.is_geoframe(value):
        return argument, frames.polygons_of_geoframe(value, argument, notes)
    if frames.is_shape(value):
        value = value.__geo_interface__
    if files.is_geojson_mapping(value):
        return argument, files.features(value, argument)
    raise InvalidInput(
        f"{argument} is of type {type(value).__name__}",
        remedy="want a name of the catalogue, a GeoJSON file or mapping, "
        "a GeoDataFrame or a (Multi)Polygon",
    )


def _polygons(feature: Feature) -> Sequence[Any]:
    if feature.kind == "Polygon":
        polygons: Sequence[Any] = [feature.coordinates] if feature.coordinates else []
    elif feature.kind == "MultiPolygon":
        polygons = feature.coordinates
    else:
        raise InvalidInput(
            f"{feature.place}: its geometry is a {feature.kind}",
            remedy="an airspace needs polygons",
        )
    if not polygons:
        raise InvalidInput(f"{feature.place}: its geometry is empty", remedy="leave it out")
    return polygons


def _polygon(rings: Any, place: str) -> Polygon:
    for ring in rings:
        if not isinstance(ring, Sequence):
            raise InvalidInput(f"{place}: a ring is not a list of positions")
    return Polygon(rings=[Ring(positions=[_position(at, place) for at in ring]) for ring in rings])


def _position(at: Any, place: str) -> Position:
    lon, lat = files.position(at, place)
    try:
        check_position(lat, lon)
    except InvalidInput as error:
        raise placed(error, f"{place} (longitude comes first)") from None
    return Position(lat_deg=lat, lon_deg=lon)
