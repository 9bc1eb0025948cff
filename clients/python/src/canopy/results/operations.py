"""Plans that a server searches for, or keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.protobuf.timestamp_pb2 import Timestamp

from canopy.results import _words
from canopy.results._layer import ABSENT, Columns
from canopy.results.catalogue import Listing
from canopy.v1 import siting_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from google.longrunning import operations_pb2


class Operations(Listing):
    """Plans that a server searches for or keeps, the newest first."""

    messages: list[operations_pb2.Operation]

    def __init__(self, messages: Sequence[operations_pb2.Operation]) -> None:
        super().__init__()
        self.messages = list(messages)

    def __len__(self) -> int:
        return len(self.messages)

    def __iter__(self) -> Iterator[operations_pb2.Operation]:
        return iter(self.messages)

    def _title(self) -> str:
        return _words.count(len(self), "operation", "operations")

    def _columns(self) -> Columns:
        said = [plan_metadata(m) for m in self.messages]
        return {
            "name": [m.name for m in self.messages],
            "state": [_state(m) for m in self.messages],
            "share": [m.share for m in said],
            "doing": [m.doing for m in said],
            "candidate_count": [m.candidate_count for m in said],
            **{
                field: [getattr(m, field) if m.HasField(field) else ABSENT for m in said]
                for field in ("objective_km2", "upper_bound_km2")
            },
            "create_time": [_time(m.create_time) for m in said],
            "end_time": [_time(m.end_time) for m in said],
            "error": [m.error.message for m in self.messages],
        }


def plan_metadata(message: operations_pb2.Operation) -> siting_pb2.PlanNetworkMetadata:
    """Return how far an operation is; nothing where it is not one of plans."""
    said = siting_pb2.PlanNetworkMetadata()
    message.metadata.Unpack(said)
    return said


def _state(message: operations_pb2.Operation) -> str:
    if message.HasField("error"):
        return "failed"
    return "done" if message.done else _words.phase_word(plan_metadata(message).phase)


def _time(message: Timestamp) -> str:
    """Write a time as ISO 8601, in UTC, to the second; empty where there is none."""
    return Timestamp(seconds=message.seconds).ToJsonString() if message.seconds else ""
