"""Places where radars could stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canopy.results import _colours, _words
from canopy.results._answer import MapAnswer
from canopy.results._html import MOST_LINES, Table
from canopy.results._layer import Columns, Layer, optional
from canopy.results.radars import site_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from canopy.v1 import geometry_pb2, siting_pb2

_COLOURS = {
    "could be built": _colours.CANDIDATE,
    "in every plan": _colours.FIXED,
    "in no plan": _colours.FORBIDDEN,
}


class Candidates(MapAnswer):
    """Places where radars could stand, and why there.

    A plan takes them as they are, or as the GeoDataFrame that they become.
    """

    message: siting_pb2.FindCandidatesResponse

    def __init__(
        self,
        message: siting_pb2.FindCandidatesResponse,
        notes: Sequence[str] = (),
        *,
        outline: geometry_pb2.Area | None = None,
    ) -> None:
        super().__init__(message.warnings, message.provenance, notes)
        self.message = message
        self._area = outline

    def __len__(self) -> int:
        return len(self.message.candidates)

    def __iter__(self) -> Iterator[siting_pb2.Candidate]:
        return iter(self.message.candidates)

    def as_candidates(self) -> list[siting_pb2.Candidate]:
        """Return what a plan is asked with."""
        return list(self.message.candidates)

    def _title(self) -> str:
        return "Candidates"

    def _summary(self) -> str:
        return _words.count(len(self), "place", "places") + " where a radar could stand"

    def _layers(self) -> list[Layer]:
        found = self.message.candidates
        layer = Layer(
            "candidates",
            "Point",
            candidate_columns(found),
            colours=[_COLOURS[_state(c)] for c in found],
            key=_COLOURS,
            exact=True,
            told=("name", "model_id", "mast_m", "cost_usd", "reason"),
        )
        return [layer]

    def _table(self) -> Table:
        lines = [
            (
                c.radar.name,
                _words.place(c.radar.position),
                c.radar.model_id,
                _words.usd(c.cost_usd) if c.HasField("cost_usd") else "",
                c.reason,
            )
            for c in self.message.candidates[:MOST_LINES]
        ]
        header = ("candidate", "where", "model", "cost", "why there")
        return Table(header, lines, len(self), right=(3,))


def candidate_columns(found: Sequence[siting_pb2.Candidate]) -> Columns:
    """Return candidates in the columns of files of candidates."""
    return {
        **site_columns([c.radar for c in found]),
        "cost_usd": optional(found, "cost_usd"),
        "fixed": [c.fixed for c in found],
        "forbidden": [c.forbidden for c in found],
        "reason": [c.reason for c in found],
    }


def _state(candidate: siting_pb2.Candidate) -> str:
    if candidate.forbidden:
        return "in no plan"
    return "in every plan" if candidate.fixed else "could be built"
