"""A server's plans, as tests want them to go."""

from __future__ import annotations

import threading
from typing import Any

from fakes import FakeServer, packed
from google.longrunning import operations_pb2
from google.protobuf.empty_pb2 import Empty
from google.protobuf.timestamp_pb2 import Timestamp
from results import messages

from canopy.v1 import siting_pb2

NAME = "operations/abc"


class Planner:
    """A server's plans: each is searched for until it is cancelled, or for some polls."""

    def __init__(self, fake: FakeServer, polls: int = 2) -> None:
        self.request = siting_pb2.PlanNetworkRequest()
        self.polls, self.cancelled, self.asked = polls, False, threading.Event()
        self.error: Any = None
        fake.answers |= {
            "PlanNetwork": self.begin,
            "GetOperation": self.get,
            "CancelOperation": self.cancel,
        }

    def begin(self, request: Any, context: Any) -> operations_pb2.Operation:
        self.request = request
        return self.operation()

    def get(self, request: Any, context: Any) -> operations_pb2.Operation:
        assert request.name == NAME
        self.polls -= 1
        self.asked.set()
        return self.operation()

    def cancel(self, request: Any, context: Any) -> Empty:
        assert request.name == NAME
        self.cancelled = True
        return Empty()

    def operation(self) -> operations_pb2.Operation:
        metadata = siting_pb2.PlanNetworkMetadata(
            phase=siting_pb2.PLAN_PHASE_SEARCHING,
            share=0.5,
            doing="searching",
            candidate_count=3,
            candidates_swept=3,
            objective_km2=95,
            upper_bound_km2=100,
            create_time=Timestamp(seconds=1795420800, nanos=5),
            request=self.request,
        )
        made = operations_pb2.Operation(name=NAME, metadata=packed(metadata))
        if not self.cancelled and self.polls > 0:
            return made
        made.done = True
        if self.error is not None:
            made.error.CopyFrom(self.error)
            return made
        plan = siting_pb2.PlanNetworkResponse()
        plan.CopyFrom(messages.plan().message)
        if self.cancelled:
            plan.ending = siting_pb2.PLAN_ENDING_CANCELLED
        made.response.CopyFrom(packed(plan))
        return made
