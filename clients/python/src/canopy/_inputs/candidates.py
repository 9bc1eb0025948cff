"""Places where radars could stand, and where to look for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from canopy._inputs import sites
from canopy._inputs.airspaces import AirspaceInput, AirspaceLike, airspace
from canopy._inputs.airstrips import AirstripsLike, OwnAirstrips, airstrips
from canopy._inputs.quantities import check_numbers
from canopy._inputs.sites import Radar
from canopy._inputs.tables import Schema, Table, is_absent
from canopy.errors import InvalidInput
from canopy.v1 import siting_pb2

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

_SCHEMA: Schema = {
    **sites.SCHEMA,
    "cost_usd": ("cost",),
    "fixed": (),
    "forbidden": (),
    "reason": ("why",),
}

_YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, kw_only=True)
class Candidate(Radar):
    """A radar that could be built; its model is ``modern-3d`` if not given.

    ``cost_usd`` is its cost in US dollars, that of its model if not given. Every
    plan builds it where it is ``fixed``, and none where it is ``forbidden``.
    """

    cost_usd: float | None = None
    fixed: bool = False
    forbidden: bool = False
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Search:
    """Has Canopy look for candidates, where an argument takes them.

    They stand at airports of the built-in list, at ``airstrips`` of your own and,
    within ``near_access_km`` of either, on the highest points of the terrain;
    there alone with ``at_airstrips=False``. No two are nearer together than
    ``thin_km`` (25), and there are at most ``max_count``. ``within`` is where they
    may stand; the airspace of the question if not given. ``model_id`` is what
    would stand there (modern-3d), on a mast of ``mast_m``.
    """

    near_access_km: float | None = None
    thin_km: float | None = None
    within: AirspaceLike | None = None
    airstrips: AirstripsLike | None = None
    builtin_airstrips: bool = True
    at_airstrips: bool = True
    max_count: int | None = None
    model_id: str = ""
    mast_m: float | None = None


# A GeoDataFrame or DataFrame, a CSV or GeoJSON file, GeoJSON as a mapping, what
# Client.candidates returns, or candidates: Candidate, mappings with the same
# names, or messages of the contract; a Search, alone or in a list with any of
# these.
CandidatesLike: TypeAlias = (
    "str | os.PathLike[str] | Search | Candidate | Mapping[str, Any] | Iterable[Any] | Any"
)


@dataclass(frozen=True)
class FoundInput:
    """A search as a message, with its places and notes."""

    search: siting_pb2.CandidateSearch
    within: AirspaceInput
    airstrips: OwnAirstrips

    @property
    def notes(self) -> list[str]:
        """What was done to the input."""
        return self.within.notes + self.airstrips.notes


@dataclass(frozen=True)
class CandidatesInput:
    """Candidates, where each was written, and notes; a search with them, or alone."""

    selection: siting_pb2.CandidateSelection
    places: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    found: FoundInput | None = None


def candidates(value: CandidatesLike | None) -> CandidatesInput:
    """Return which candidates are meant; airports for None."""
    own, searches = _parted(Search() if value is None else value)
    if len(searches) > 1:
        raise InvalidInput("candidates has several searches", remedy="keep one canopy.Search")
    found = search(searches[0]) if searches else None
    message = found.search if found else None
    notes = found.notes if found else []
    if own is None:
        return CandidatesInput(siting_pb2.CandidateSelection(search=message), [], notes, found)
    given = _given(own)
    selection = siting_pb2.CandidateSelection(candidates=given.selection.candidates, search=message)
    return CandidatesInput(selection, given.places, given.notes + notes, found)


def search(wanted: Search) -> FoundInput:
    """Return where Canopy looks for candidates."""
    check_numbers(vars(wanted))
    within = airspace(wanted.within, "within")
    own = airstrips(wanted.airstrips, wanted.builtin_airstrips, "airstrips")
    message = siting_pb2.CandidateSearch(
        within=within.selection,
        airstrips=own.selection,
        without_airstrips=not wanted.at_airstrips,
        near_access_km=wanted.near_access_km,
        thin_km=wanted.thin_km,
        max_count=wanted.max_count,
        model_id=wanted.model_id,
        mast_m=wanted.mast_m,
    )
    return FoundInput(message, within, own)


def _parted(value: Any) -> tuple[Any, list[Search]]:
    """Part searches from candidates that are given."""
    if isinstance(value, Search):
        return None, [value]
    if not isinstance(value, (list, tuple)) or not any(isinstance(v, Search) for v in value):
        return value, []
    rest = [item for item in value if not isinstance(item, Search)]
    own = rest[0] if len(rest) == 1 else rest or None
    return own, [item for item in value if isinstance(item, Search)]


def _given(value: Any) -> CandidatesInput:
    listed = sites.messages(
        value.as_candidates() if hasattr(value, "as_candidates") else value, siting_pb2.Candidate
    )
    if listed:
        places = [f"candidates[{i}]" for i in range(len(listed))]
        return CandidatesInput(siting_pb2.CandidateSelection(candidates=listed), places)
    table = sites.table_of(value, _SCHEMA, "candidates")
    made = [_candidate(table, i, at) for i, at in enumerate(table.position_messages())]
    places = [table.place(i) for i in range(table.length)]
    return CandidatesInput(siting_pb2.CandidateSelection(candidates=made), places, table.notes)


def _candidate(table: Table, i: int, position: Any) -> siting_pb2.Candidate:
    return siting_pb2.Candidate(
        radar=sites.radar(table, i, position),
        cost_usd=table.number(i, "cost_usd"),
        fixed=_yes(table, i, "fixed"),
        forbidden=_yes(table, i, "forbidden"),
        reason=table.text(i, "reason"),
    )


def _yes(table: Table, i: int, name: str) -> bool:
    """Read true or false, as spreadsheets and people write them."""
    value = table.columns[name][i] if table.has(name) else None
    if is_absent(value):
        return False
    text = str(value).strip().lower().removesuffix(".0")
    if text not in _YES_NO:
        raise table.fault(i, name, f'"{value}" is neither true nor false')
    return _YES_NO[text]
