"""Columns of values, wherever they come from, and where each was written."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from canopy._inputs.quantities import check_position, number, placed
from canopy.errors import InvalidInput, Violation
from canopy.v1.geometry_pb2 import Position

# The contract's name of each column, and what else people write.
Schema = Mapping[str, tuple[str, ...]]

POSITION: Schema = {
    "lat_deg": ("lat", "latitude"),
    "lon_deg": ("lon", "lng", "long", "longitude"),
}


@dataclass
class Table:
    """Rows of what a user gave, by the contract's names of columns."""

    length: int
    columns: dict[str, Sequence[Any]]
    # How the user spells each column.
    spelled: dict[str, str]
    # Where a row was written: "sites.csv line 3".
    place: Callable[[int], str]
    # What the user calls a column: column, property, key; empty for no name.
    part: str = "column"
    # What was done to the input, for the answer to tell.
    notes: list[str] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """Tell whether there is such a column."""
        return name in self.columns

    def fault(self, row: int, name: str, message: str, remedy: str = "") -> InvalidInput:
        """Return an error about one value."""
        what = f"{self.part} {self.spelled.get(name, name)}".strip()
        place = f"{self.place(row)}: {what}"
        text = f"{message}: {remedy}" if remedy else message
        return InvalidInput(
            f"{place}: {message}",
            remedy=remedy,
            violations=(Violation(place, text, "FIELD_INVALID"),),
        )

    def text(self, row: int, name: str) -> str:
        """Return a value as text, empty where there is none."""
        value = self.columns[name][row] if name in self.columns else None
        return "" if is_absent(value) else str(value).strip()

    def number(self, row: int, name: str) -> float | None:
        """Return a value as a finite number, None where there is none."""
        value = self.columns[name][row] if name in self.columns else None
        if is_absent(value):
            return None
        found = number(value) if isinstance(value, str) else as_number(value)
        if found is None:
            raise self.fault(row, name, f'"{value}" is not a number')
        return found

    def numbers(self, name: str) -> list[float]:
        """Return a whole column of numbers, none of which may be missing."""
        values = self.columns[name]
        # The usual column is one of floats, which are taken as they are.
        if all(type(value) is float for value in values) and all(map(math.isfinite, values)):
            return list(values)
        return [self._required(row, name) for row in range(self.length)]

    def _required(self, row: int, name: str) -> float:
        value = self.number(row, name)
        if value is None:
            side = "south" if name == "lat_deg" else "west"
            raise self.fault(row, name, "empty", f"want degrees, {side} negative")
        return value

    def positions(self) -> tuple[list[float], list[float]]:
        """Return the latitudes and the longitudes of all rows."""
        lats, lons = self.numbers("lat_deg"), self.numbers("lon_deg")
        if all(-90 <= lat <= 90 for lat in lats) and all(-180 <= lon <= 180 for lon in lons):
            return lats, lons
        for row, (lat, lon) in enumerate(zip(lats, lons, strict=True)):
            try:
                check_position(lat, lon)
            except InvalidInput as error:
                raise placed(error, self.place(row)) from None
        return lats, lons

    def position_messages(self) -> list[Position]:
        """Return the positions of all rows."""
        lats, lons = self.positions()
        return [Position(lat_deg=a, lon_deg=o) for a, o in zip(lats, lons, strict=True)]


def is_absent(value: object) -> bool:
    """Tell whether a cell holds nothing: None, NaN, pandas.NA, a blank text."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    # Nothing but what is missing is unequal to itself; pandas.NA does not say.
    same = value == value  # noqa: PLR0124
    return type(value).__name__ in ("NAType", "NaTType") or not bool(same)


def as_number(value: object) -> float | None:
    """Return a number of any library as a float; None for all else."""
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        return None
    found = float(value)
    return found if math.isfinite(found) else None


def of_rows(
    rows: Sequence[Mapping[str, Any]],
    schema: Schema,
    place: Callable[[int], str],
    part: str = "key",
    strict: bool = False,
) -> Table:
    """Return mappings as a table. A strict one refuses keys it does not know."""
    spelled: dict[str, str] = {}
    columns: dict[str, list[Any]] = {}
    find = cache(lambda key: column(schema, key))
    for i, row in enumerate(rows):
        for key, value in row.items():
            name = find(key)
            if name is None:
                if strict:
                    raise _unknown(place(i), part, key, schema)
                continue
            first = spelled.setdefault(name, str(key).strip())
            if first != str(key).strip() and first in row:
                raise InvalidInput(
                    f"{place(i)}: {first} and {key} mean the same", remedy="keep one"
                )
            if name not in columns:
                columns[name] = [None] * len(rows)
            columns[name][i] = value
    return Table(len(rows), dict(columns), spelled, place, part)


def of_columns(
    columns: Iterable[tuple[Any, Callable[[], Sequence[Any]]]],
    length: int,
    schema: Schema,
    place: Callable[[int], str],
    source: str,
) -> Table:
    """Return named columns as a table, of those only that the schema knows."""
    table = Table(length, {}, {}, place)
    for spelling, values in columns:
        name = column(schema, spelling)
        if name is None:
            continue
        if name in table.columns:
            raise InvalidInput(
                f"{source}: columns {table.spelled[name]} and {spelling} mean the same",
                remedy="keep one",
            )
        table.columns[name], table.spelled[name] = values(), str(spelling).strip()
    return table


def need(table: Table, names: Iterable[str], schema: Schema, source: str) -> None:
    """Refuse a table that lacks columns."""
    for name in names:
        if name not in table.columns:
            short = schema[name][0] if schema[name] else name
            has = ", ".join(table.spelled.values()) or "none that is known"
            wanted = ", ".join(names)
            raise InvalidInput(
                f"{source}: no {table.part} {short}: there is {has}",
                remedy=f"want at least {wanted}",
                reason="FIELD_REQUIRED",
            )


def column(schema: Schema, spelling: object) -> str | None:
    """Return the contract's name of a column, by any spelling and case."""
    wanted = str(spelling).strip().lower()
    for name, others in schema.items():
        if wanted == name or wanted in others:
            return name
    return None


def _unknown(place: str, part: str, key: object, schema: Schema) -> InvalidInput:
    known = ", ".join(schema)
    return InvalidInput(f"{place}: unknown {part} {key!r}", remedy=f"want one of {known}")
