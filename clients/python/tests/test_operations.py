"""Plans as operations: waited for, ended, and come back to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from fakes import FakeServer, Terminal, abort, packed, status_of
from google.longrunning import operations_pb2
from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from planner import NAME, Planner
from test_calls import interrupt_when

import canopy
from canopy import _operations


@pytest.fixture
def client(fake: FakeServer) -> Iterator[canopy.Client]:
    with canopy.connect(fake.address) as found:
        yield found


def test_a_plan_is_waited_for(fake: FakeServer, client: canopy.Client) -> None:
    planner = Planner(fake, polls=3)
    plan = client.plan(count=2)
    assert planner.polls == 0
    assert (plan.ending, plan.cost_usd) == ("EXHAUSTED", 30.25e6)
    assert not planner.cancelled


def test_an_interruption_ends_the_search_with_the_best_plan(
    fake: FakeServer, client: canopy.Client
) -> None:
    planner = Planner(fake, polls=10**9)
    interrupt_when(planner.asked)
    plan = client.plan(count=2)
    assert planner.cancelled
    assert plan.ending == "CANCELLED"
    assert "the search was cancelled" in repr(plan)


def test_an_interruption_of_waiting_lets_the_search_go_on(
    fake: FakeServer, client: canopy.Client
) -> None:
    planner = Planner(fake, polls=10**9)
    operation = client.start_plan(count=2)
    interrupt_when(planner.asked)
    with pytest.raises(KeyboardInterrupt):
        operation.result()
    assert not planner.cancelled
    assert not operation.done()
    operation.cancel()
    assert operation.result().ending == "CANCELLED"


def test_an_operation_tells_how_far_it_is(fake: FakeServer, client: canopy.Client) -> None:
    planner = Planner(fake, polls=10)
    operation = client.start_plan(count=2)
    assert repr(operation) == "<canopy.PlanOperation operations/abc: 50% done>"
    said = operation.progress()
    assert (said.phase, said.share, said.candidate_count) == ("searching", 0.5, 3)
    assert (said.objective_km2, said.upper_bound_km2) == (95, 100)
    assert said.text == "searching, within 5 % of the best possible"
    planner.polls = 0
    assert operation.done()
    assert repr(operation).endswith("done>")
    polls = planner.polls
    assert operation.done()
    assert planner.polls == polls, "what is over is not asked again"


def test_progress_of_a_plan_before_there_is_any() -> None:
    said = canopy.PlanProgress("sweeping", 0.1, "sweeping", 9, 1, None, None)
    assert said.text == "sweeping"


def test_the_bar_of_a_plan(
    fake: FakeServer, client: canopy.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    Planner(fake, polls=6)
    client.plan(count=2, progress=True)
    assert "searching, within 5 % of the best possible:  50%" in screen.getvalue()


def test_a_plan_is_come_back_to(fake: FakeServer, client: canopy.Client) -> None:
    planner = Planner(fake, polls=0)
    planner.request.airspace.airspace_id = "vraem"
    assert client.operation(NAME).result().cost_usd == 30.25e6
    assert fake.calls("GetAirspace"), "the outline is that of the request"


def test_a_server_that_is_away_for_a_moment(fake: FakeServer, client: canopy.Client) -> None:
    planner = Planner(fake, polls=3)

    def get(request: Any, context: Any) -> Any:
        if len(fake.calls("GetOperation")) == 1:
            context.abort(grpc.StatusCode.UNAVAILABLE, "Connection reset")
        return planner.get(request, context)

    fake.answers["GetOperation"] = get
    assert client.plan(count=2).ending == "EXHAUSTED"


def test_a_server_that_stays_away(
    fake: FakeServer, client: canopy.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    Planner(fake)
    fake.answers["GetOperation"] = abort(grpc.StatusCode.UNAVAILABLE, "Connection reset")
    monkeypatch.setattr(_operations, "_AWAY_S", 0.2)
    with pytest.raises(canopy.Unavailable):
        client.plan(count=2)


@pytest.mark.parametrize(
    ("code", "details", "kind", "said"),
    [
        (
            grpc.StatusCode.INVALID_ARGUMENT,
            [
                ErrorInfo(reason="PLAN_IMPOSSIBLE"),
                BadRequest(
                    field_violations=[
                        BadRequest.FieldViolation(
                            field="constraints.budget_usd", description="buys nothing: raise it"
                        )
                    ]
                ),
            ],
            canopy.InvalidInput,
            "budget_usd: buys nothing: raise it",
        ),
        (
            grpc.StatusCode.ABORTED,
            [ErrorInfo(reason="SERVER_RESTARTED")],
            canopy.Cancelled,
            "the server ended: ask again",
        ),
        (grpc.StatusCode.INTERNAL, [], canopy.InternalError, "the server ended: ask again"),
    ],
)
def test_operations_that_fail(  # noqa: PLR0917
    fake: FakeServer,
    client: canopy.Client,
    code: grpc.StatusCode,
    details: list[Message],
    kind: type[canopy.CanopyError],
    said: str,
) -> None:
    planner = Planner(fake, polls=1)
    planner.error = status_of(code, "the server ended: ask again", details)
    with pytest.raises(canopy.CanopyError) as failed:
        client.plan(count=2)
    assert type(failed.value) is kind
    assert str(failed.value) == said


def test_an_operation_of_another_kind(fake: FakeServer, client: canopy.Client) -> None:
    other = operations_pb2.Operation(name=NAME, done=True, response=packed(Empty()))
    fake.answers["GetOperation"] = lambda *_: other
    with pytest.raises(canopy.InternalError, match="operations/abc holds no plan"):
        client.operation(NAME).result()


def test_operations_are_listed_and_forgotten(fake: FakeServer, client: canopy.Client) -> None:
    planner = Planner(fake, polls=1)
    planner.request.constraints.max_count = 4
    running = planner.operation()
    planner.polls = 0
    done = planner.operation()
    failed = operations_pb2.Operation(name="operations/f", done=True)
    failed.error.message = "the server ended"

    def listed(request: Any, context: Any) -> operations_pb2.ListOperationsResponse:
        if request.page_token:
            return operations_pb2.ListOperationsResponse(operations=[failed])
        return operations_pb2.ListOperationsResponse(
            operations=[running, done], next_page_token="more"
        )

    gone = []

    def forget(request: Any, context: Any) -> Empty:
        gone.append(request.name)
        return Empty()

    fake.answers |= {
        "ListOperations": listed,
        "DeleteOperation": forget,
    }
    operations = client.operations()
    frame = operations.to_dataframe()
    assert frame["state"].tolist() == ["searching", "done", "failed"]
    assert frame["objective_km2"].tolist()[:2] == [95, 95]
    assert frame["objective_km2"].isna().tolist() == [False, False, True]
    assert frame["create_time"].tolist() == ["2026-11-23T08:00:00Z", "2026-11-23T08:00:00Z", ""]
    assert frame["error"].tolist()[2] == "the server ended"
    assert len(operations) == len(list(operations)) == 3
    assert "operations/f" in operations._repr_html_()
    client.operation(NAME).delete()
    assert gone == [NAME]
