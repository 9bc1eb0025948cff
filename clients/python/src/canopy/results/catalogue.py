"""What comes with Canopy: radar models, scenarios and airspaces."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from canopy.results import _colours, _words
from canopy.results._answer import Answer, MapAnswer
from canopy.results._extras import need
from canopy.results._html import Table
from canopy.results._layer import Columns, Layer, area_polygons, optional
from canopy.results._panel import Panel
from canopy.results.radars import LIMITS, site_columns
from canopy.v1 import catalog_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pandas import DataFrame

    from canopy.v1 import geometry_pb2, radar_pb2


class Listing(Answer):
    """A list of things that have no answer of their own."""

    @abstractmethod
    def _columns(self) -> Columns:
        """Return the list, column by column."""

    def to_dataframe(self) -> DataFrame:
        """Return a table whose columns carry their units."""
        frame: DataFrame = need("pandas", "to_dataframe()").DataFrame(self._columns())
        return frame

    def _summary(self) -> str:
        return ""

    def _table(self) -> Table:
        columns = self._columns()
        lines = [[_cell(value) for value in line] for line in zip(*columns.values(), strict=True)]
        numbers = [i for i, values in enumerate(columns.values()) if _numeric(values)]
        return Table(list(columns), lines, len(lines), right=numbers)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else _words.grouped(value, 0 if abs(value) >= 1000 else 1)
    return str(value)


def _numeric(values: Sequence[Any]) -> bool:
    return bool(values) and isinstance(values[0], (int, float))


class RadarModels(Listing):
    """What types of radar can do, with sources and assumptions in the messages."""

    messages: list[radar_pb2.RadarModel]

    def __init__(self, messages: Sequence[radar_pb2.RadarModel]) -> None:
        super().__init__()
        self.messages = list(messages)

    def __len__(self) -> int:
        return len(self.messages)

    def __iter__(self) -> Iterator[radar_pb2.RadarModel]:
        return iter(self.messages)

    def _title(self) -> str:
        return _words.count(len(self), "radar model", "radar models")

    def _columns(self) -> Columns:
        models, limits = self.messages, [m.limits for m in self.messages]
        return {
            "model_id": [m.model_id for m in models],
            "name": [m.name for m in models],
            "band": [m.band for m in models],
            "frequency_mhz": [m.frequency_mhz for m in models],
            "cooperative": [m.cooperative for m in models],
            "mast_m": [m.mast_m for m in models],
            **{field: optional(limits, field) for field in LIMITS},
        }


class Scenario(MapAnswer):
    """A named, sourced starting point: radars, an airspace and altitudes."""

    message: catalog_pb2.Scenario

    def __init__(
        self, message: catalog_pb2.Scenario, *, outline: geometry_pb2.Area | None = None
    ) -> None:
        super().__init__()
        self.message = message
        self._area = outline

    @property
    def altitudes(self) -> list[str]:
        """Its altitudes, as they are asked for: 300m-agl, FL100."""
        return [_words.altitude_id(a) for a in self.message.altitudes]

    def _title(self) -> str:
        return f"Scenario {self.message.scenario_id}, {self.message.name}"

    def _summary(self) -> str:
        return self.message.summary

    def _layers(self) -> list[Layer]:
        radars = self.message.radars
        columns = site_columns(radars)
        return [Layer("radars", "Point", columns, colours=[_colours.RADAR] * len(radars))]

    def _table(self) -> Table:
        lines = [
            (r.radar_id, r.name, r.model_id, _words.place(r.position), _words.state_word(r.state))
            for r in self.message.radars
        ]
        return Table(("radar", "name", "model", "where", "state"), lines, len(lines))


class Scenarios(Listing):
    """The starting points of the catalogue, the default one first."""

    messages: list[catalog_pb2.Scenario]

    def __init__(self, messages: Sequence[catalog_pb2.Scenario]) -> None:
        super().__init__()
        self.messages = list(messages)

    def __len__(self) -> int:
        return len(self.messages)

    def __iter__(self) -> Iterator[Scenario]:
        return map(Scenario, self.messages)

    def _title(self) -> str:
        return _words.count(len(self), "scenario", "scenarios")

    def _columns(self) -> Columns:
        return {
            "scenario_id": [s.scenario_id for s in self.messages],
            "name": [s.name for s in self.messages],
            "radar_count": [len(s.radars) for s in self.messages],
            "airspace_id": [s.airspace_id for s in self.messages],
            "altitudes": [
                "; ".join(_words.altitude_id(a) for a in s.altitudes) for s in self.messages
            ],
            "summary": [s.summary for s in self.messages],
        }


class Airspace(MapAnswer):
    """A named area, with its outline."""

    message: catalog_pb2.Airspace

    def __init__(self, message: catalog_pb2.Airspace) -> None:
        super().__init__()
        self.message = message

    def _title(self) -> str:
        return f"{self.message.name} ({self.message.airspace_id})"

    def _summary(self) -> str:
        return f"{_words.area(self.message.area_km2)} km²"

    def _layers(self) -> list[Layer]:
        columns: Columns = {
            "airspace_id": [self.message.airspace_id],
            "name": [self.message.name],
            "area_km2": [self.message.area_km2],
            "source": [self.message.source],
            "licence": [self.message.licence],
        }
        shapes = [area_polygons(self.message.area)]
        colours = [_colours.OUTLINE]
        return [Layer("airspace", "MultiPolygon", columns, shapes=shapes, colours=colours)]

    def _panels(self) -> list[Panel]:
        return [Panel(self._title(), [], area_polygons(self.message.area))]

    def _table(self) -> Table:
        about = [
            ("kind", _kind_word(self.message.kind)),
            ("source", self.message.source),
            ("licence", self.message.licence),
            *(("assumption", text) for text in self.message.assumptions),
        ]
        return Table(("", ""), about, len(about))


class Airspaces(Listing):
    """The airspaces of the catalogue: countries, departments, zones."""

    messages: list[catalog_pb2.Airspace]

    def __init__(self, messages: Sequence[catalog_pb2.Airspace]) -> None:
        super().__init__()
        self.messages = list(messages)

    def __len__(self) -> int:
        return len(self.messages)

    def __iter__(self) -> Iterator[catalog_pb2.Airspace]:
        return iter(self.messages)

    def _title(self) -> str:
        return _words.count(len(self), "airspace", "airspaces")

    def _columns(self) -> Columns:
        return {
            "airspace_id": [a.airspace_id for a in self.messages],
            "name": [a.name for a in self.messages],
            "kind": [_kind_word(a.kind) for a in self.messages],
            "area_km2": [a.area_km2 for a in self.messages],
        }


def _kind_word(kind: catalog_pb2.AirspaceKind) -> str:
    return catalog_pb2.AirspaceKind.Name(kind).removeprefix("AIRSPACE_KIND_").lower()
