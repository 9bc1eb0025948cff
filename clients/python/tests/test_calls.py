"""Deadlines, retries, interruptions, progress, and the errors of a server."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
import pytest
from fakes import FakeServer, Slow, Terminal, abort

import canopy
from canopy._calls import Caller, Terms
from canopy._connection import Target
from canopy._progress import Bar
from canopy.v1 import catalog_pb2, coverage_pb2

Ask = Callable[[canopy.Client], object]

GAPS: Ask = lambda client: client.gaps()  # noqa: E731
FLOOR: Ask = lambda client: client.floor()  # noqa: E731


@pytest.fixture
def client(fake: FakeServer) -> Iterator[canopy.Client]:
    with canopy.connect(fake.address) as found:
        yield found


def failure(client: canopy.Client, ask: Ask = GAPS) -> canopy.CanopyError:
    with pytest.raises(canopy.CanopyError) as failed:
        ask(client)
    # A notebook shows what went wrong, and not how gRPC tells it.
    assert failed.value.__context__ is None or failed.value.__suppress_context__
    return failed.value


@pytest.mark.parametrize(
    ("code", "reason", "message", "kind", "said"),
    [
        (
            grpc.StatusCode.NOT_FOUND,
            "NOT_FOUND",
            'unknown scenario "x": want one of a, b',
            canopy.NotFound,
            'unknown scenario "x": want one of a, b',
        ),
        (
            grpc.StatusCode.RESOURCE_EXHAUSTED,
            "SERVER_BUSY",
            "2 requests are running and 0 wait: try again later",
            canopy.Busy,
            "2 requests are running and 0 wait: try again later",
        ),
        (
            grpc.StatusCode.RESOURCE_EXHAUSTED,
            "ANSWER_TOO_LARGE",
            "the answer has 9 MiB: send fewer points, or set without_sights",
            canopy.AnswerTooLarge,
            "the answer has 9 MiB: send fewer points, or give sights=False",
        ),
        (
            grpc.StatusCode.RESOURCE_EXHAUSTED,
            "CALLER_RATE",
            "the request is estimated at 1.23G posts: try again in 12s, or ask for less",
            canopy.Busy,
            "the request is estimated at 1.23G posts: try again in 12s, or ask for less",
        ),
        (
            grpc.StatusCode.RESOURCE_EXHAUSTED,
            "REQUEST_TOO_LARGE",
            "too many posts: ask for coarser ones",
            canopy.RequestTooLarge,
            "too many posts: ask for coarser ones",
        ),
        (
            grpc.StatusCode.FAILED_PRECONDITION,
            "TERRAIN_MISSING",
            "terrain is missing: ask without strict terrain",
            canopy.TerrainMissing,
            "terrain is missing: ask without strict_terrain",
        ),
        (
            grpc.StatusCode.DEADLINE_EXCEEDED,
            "SERVER_TIMEOUT",
            "the server's time limit has passed: ask for less",
            canopy.DeadlineExceeded,
            "the server's time limit has passed: ask for less",
        ),
        (
            grpc.StatusCode.INTERNAL,
            "INTERNAL",
            "an internal error; the server's log has more",
            canopy.InternalError,
            "an internal error; the server's log has more",
        ),
        (
            grpc.StatusCode.UNAVAILABLE,
            "STARTING",
            "the server is opening its terrain: try again in some seconds",
            canopy.Unavailable,
            "the server is opening its terrain: try again in some seconds",
        ),
        (grpc.StatusCode.DATA_LOSS, "", "broken", canopy.InternalError, "answers DATA_LOSS"),
        (grpc.StatusCode.CANCELLED, "", "gone", canopy.Cancelled, "the call was cancelled"),
        (grpc.StatusCode.UNIMPLEMENTED, "", "x", canopy.Unavailable, "does not know this call"),
        (grpc.StatusCode.UNAUTHENTICATED, "", "x", canopy.Unavailable, "wants to know who asks"),
        (grpc.StatusCode.PERMISSION_DENIED, "", "x", canopy.Unavailable, "refuses this token"),
        (
            grpc.StatusCode.INVALID_ARGUMENT,
            "FIELD_INVALID",
            "wrong",
            canopy.InvalidInput,
            "wrong",
        ),
    ],
)
def test_errors(  # noqa: PLR0917
    fake: FakeServer,
    client: canopy.Client,
    code: grpc.StatusCode,
    reason: str,
    message: str,
    kind: type[canopy.CanopyError],
    said: str,
) -> None:
    fake.answers["FindGaps"] = abort(code, message, reason)
    error = failure(client)
    assert type(error) is kind
    assert said in str(error)
    assert error.reason == reason or not reason
    assert error.reason.isupper()
    asked = len(fake.calls("FindGaps"))
    assert (asked > 1) == (code == grpc.StatusCode.UNAVAILABLE), "nothing else is asked again"


def test_errors_name_the_request(fake: FakeServer, client: canopy.Client) -> None:
    fake.answers["FindGaps"] = abort(
        grpc.StatusCode.INTERNAL, "an error; the log has more", "INTERNAL", request_id="4QZ2"
    )
    error = failure(client)
    assert error.request_id == "4QZ2"
    assert str(error) == "an error; the log has more (request 4QZ2)"
    fake.answers["FindGaps"] = abort(
        grpc.StatusCode.INVALID_ARGUMENT, "m", "FIELD_INVALID", {"k": "no"}, request_id="5RA3"
    )
    error = failure(client)
    assert (error.request_id, str(error)) == ("5RA3", "k: no")
    assert canopy.Busy("full").request_id == ""


def test_errors_are_those_of_the_library_too() -> None:
    assert issubclass(canopy.InvalidInput, ValueError)
    assert issubclass(canopy.DeadlineExceeded, TimeoutError)
    error = canopy.DeadlineExceeded("no answer", remedy="wait")
    assert (str(error), error.message, error.remedy) == ("no answer: wait", "no answer", "wait")
    assert error._render_traceback_() == ["canopy.DeadlineExceeded: no answer: wait"]
    assert error.field == ""


def test_notebooks_show_one_message_and_the_callers_line(client: canopy.Client) -> None:
    with pytest.raises(canopy.InvalidInput) as failed:
        client.gaps(altitudes="300")
    assert failed.value._render_traceback_() == [
        'canopy.InvalidInput: altitudes[0]: altitude "300" has no unit: '
        "write 300m-agl, 300m-amsl or FL010",
        f'  in line {failed.traceback[0].lineno + 1}: client.gaps(altitudes="300")',
    ]


def test_violations_are_told_in_the_callers_words(fake: FakeServer, client: canopy.Client) -> None:
    violations = {
        "network.radars[1].limits.range_km": "5000 is not between 0.001 and 1000 km",
        "altitudes[1].agl_m": "-1 is not between 0 and 40000 m",
        "options.limits.min_range_km": "wrong",
        "airspace.area.polygons[0].rings[0]": "crosses itself",
    }
    fake.answers["FindGaps"] = abort(
        grpc.StatusCode.INVALID_ARGUMENT, "m", "FIELD_INVALID", violations
    )
    sites = [{"name": "A", "lat": 1, "lon": 2}, {"name": "B", "lat": 1, "lon": 2}]
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    error = failure(client, lambda c: c.gaps(sites=sites, airspace=square))
    assert isinstance(error, canopy.InvalidInput)
    assert str(error) == (
        "sites[1]: range_km: 5000 is not between 0.001 and 1000 km; "
        "altitudes[1].agl_m: -1 is not between 0 and 40000 m; min_range_km: wrong; and 1 more"
    )
    assert error.field == "sites[1]: range_km"
    assert [v.field for v in error.violations][-1] == "airspace feature 1: rings[0]"
    assert {v.reason for v in error.violations} == {"FIELD_INVALID"}


def test_one_violation_has_its_remedy(fake: FakeServer, client: canopy.Client) -> None:
    fake.answers["FindGaps"] = abort(
        grpc.StatusCode.INVALID_ARGUMENT,
        "m",
        "AIRSPACE_UNKNOWN",
        {"airspace.airspace_id": 'unknown airspace "x": want peru'},
    )
    error = failure(client)
    assert (error.message, error.remedy) == ('airspace: unknown airspace "x"', "want peru")
    assert error.reason == "AIRSPACE_UNKNOWN"


def test_points_of_a_later_batch_are_told_by_their_own_number(
    fake: FakeServer, client: canopy.Client
) -> None:
    def answer(request: Any, context: Any) -> Any:
        if len(fake.calls("CheckPoints")) == 2:
            refuse = abort(
                grpc.StatusCode.INVALID_ARGUMENT,
                "m",
                "FIELD_INVALID",
                {"points[1].altitude": "bad"},
            )
            return refuse(request, context)
        return coverage_pb2.CheckPointsResponse()

    fake.answers["CheckPoints"] = answer
    many = [(1.0, 2.0)] * 10_002
    error = failure(client, lambda c: c.check(points=many, altitude="FL100"))
    assert error.field == "points[10001]: altitude"


def test_what_is_unavailable_is_asked_again(fake: FakeServer, client: canopy.Client) -> None:
    def answer(request: Any, context: Any) -> Any:
        if len(fake.calls("GetScenario")) < 3:
            context.abort(grpc.StatusCode.UNAVAILABLE, "not yet")
        return catalog_pb2.GetScenarioResponse()

    fake.answers["GetScenario"] = answer
    client.scenario("x")
    assert len(fake.calls("GetScenario")) == 3


def test_what_stays_unavailable_fails(fake: FakeServer, client: canopy.Client) -> None:
    fake.answers["GetScenario"] = abort(grpc.StatusCode.UNAVAILABLE, "draining: try later")
    error = failure(client, lambda c: c.scenario("x"))
    assert isinstance(error, canopy.Unavailable)
    assert len(fake.calls("GetScenario")) == 4


@pytest.mark.parametrize(
    "ask",
    [lambda client: client.gaps(timeout_s=0.3), lambda client: client.floor(timeout_s=0.3)],
    ids=["one answer", "a stream"],
)
def test_nothing_is_waited_for_longer_than_asked(
    fake: FakeServer, client: canopy.Client, ask: Ask
) -> None:
    slow = Slow()
    fake.answers |= {"FindGaps": slow, "ExportFloor": slow.stream}
    begun = time.monotonic()
    error = failure(client, ask)
    assert time.monotonic() - begun < 5
    assert isinstance(error, canopy.DeadlineExceeded)
    assert str(error) == "no answer in time: allow more with timeout_s, or ask for less"
    assert slow.gone.wait(5)


def test_how_long_to_wait_is_the_clients_where_a_question_does_not_say(fake: FakeServer) -> None:
    slow = Slow()
    fake.answers["FindGaps"] = slow
    with canopy.connect(fake.address, timeout_s=0.3) as client:
        assert isinstance(failure(client), canopy.DeadlineExceeded)


@pytest.mark.parametrize("timeout_s", [0, -1, float("nan"), float("inf")])
def test_times_refused(client: canopy.Client, timeout_s: float) -> None:
    with pytest.raises(canopy.InvalidInput, match=r"timeout_s .* is not above 0"):
        client.gaps(timeout_s=timeout_s)


def interrupt_when(begun: threading.Event) -> None:
    """Press Ctrl-C when something has begun, and its caller waits for it."""

    def press() -> None:
        if begun.wait(10):
            time.sleep(0.1)
            os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=press, daemon=True).start()


@pytest.mark.parametrize("ask", [GAPS, FLOOR], ids=["one answer", "a stream"])
def test_an_interruption_cancels_the_call(
    fake: FakeServer, client: canopy.Client, ask: Ask
) -> None:
    slow = Slow()
    fake.answers |= {"FindGaps": slow, "ExportFloor": slow.stream}
    interrupt_when(slow.begun)
    with pytest.raises(KeyboardInterrupt):
        ask(client)
    assert slow.gone.wait(5)
    assert len(client.scenarios()) == 1, "the connection goes on"


def test_an_interrupted_floor_leaves_no_file(
    fake: FakeServer, client: canopy.Client, tmp_path: Path
) -> None:
    slow = Slow()
    fake.answers["ExportFloor"] = slow.stream
    interrupt_when(slow.begun)
    with pytest.raises(KeyboardInterrupt):
        client.floor(path=tmp_path / "floor.tif")
    assert list(tmp_path.iterdir()) == []


def test_a_closed_client_ends_its_calls(fake: FakeServer, client: canopy.Client) -> None:
    slow = Slow()
    fake.answers["FindGaps"] = slow

    def close() -> None:
        assert slow.begun.wait(10)
        client.close()

    threading.Thread(target=close).start()
    assert isinstance(failure(client), canopy.Cancelled)
    assert str(failure(client)) == "the client is closed: connect again"
    assert repr(client).endswith(", closed>")


def test_large_answers_arrive(fake: FakeServer, client: canopy.Client) -> None:
    name = "x" * (20 << 20)
    scenario = catalog_pb2.Scenario(name=name)
    fake.answers["GetScenario"] = lambda *_: catalog_pb2.GetScenarioResponse(scenario=scenario)
    assert client.scenario("x").message.name == name
    assert fake.calls("GetScenario")[0]["canopy-max-answer-bytes"] == str(64 << 20)


def test_answers_that_are_larger_still(fake: FakeServer, client: canopy.Client) -> None:
    scenario = catalog_pb2.Scenario(name="x" * (65 << 20))
    fake.answers["GetScenario"] = lambda *_: catalog_pb2.GetScenarioResponse(scenario=scenario)
    error = failure(client, lambda c: c.scenario("x"))
    assert isinstance(error, canopy.AnswerTooLarge)


def test_a_floor_that_ends_early(fake: FakeServer, client: canopy.Client, tmp_path: Path) -> None:
    def answer(request: Any, context: Any) -> Iterator[coverage_pb2.ExportFloorResponse]:
        summary = coverage_pb2.FloorSummary(geotiff_bytes=9)
        yield coverage_pb2.ExportFloorResponse(summary=summary)
        yield coverage_pb2.ExportFloorResponse(geotiff_chunk=b"12345")

    fake.answers["ExportFloor"] = answer
    error = failure(client, lambda c: c.floor(path=tmp_path / "floor.tif"))
    assert str(error) == "the server sent 5 of 9 bytes: try again"
    assert list(tmp_path.iterdir()) == []


def test_a_floor_that_cannot_be_written(client: canopy.Client, tmp_path: Path) -> None:
    error = failure(client, lambda c: c.floor(path=tmp_path / "none" / "floor.tif"))
    assert str(error).endswith("floor.tif cannot be written: No such file or directory")


def watched(fake: FakeServer, seen: threading.Event) -> None:
    """Have FindGaps answer when its watcher has been told, and say how far it is."""
    named = threading.Event()

    def gaps(request: Any, context: Any) -> Any:
        named.set()
        assert seen.wait(10), "nobody watched"
        time.sleep(0.3)
        return coverage_pb2.FindGapsResponse()

    def watch(request: Any, context: Any) -> Iterator[coverage_pb2.WatchProgressResponse]:
        assert named.wait(10)
        assert request.call_id == fake.calls("FindGaps")[0]["canopy-call-id"]
        yield coverage_pb2.WatchProgressResponse(share=0.4, doing="sweeping")
        seen.set()
        Slow()(request, context)

    fake.answers |= {"FindGaps": gaps, "WatchProgress": watch}


def test_progress_is_shown(
    fake: FakeServer, client: canopy.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    watched(fake, threading.Event())
    client.gaps(progress=True)
    assert "sweeping:  40%" in screen.getvalue()


@pytest.mark.parametrize(
    "answer",
    [
        abort(grpc.StatusCode.UNIMPLEMENTED, "not here"),
        abort(grpc.StatusCode.INTERNAL, "broken"),
        lambda *_: iter([coverage_pb2.WatchProgressResponse(share=7)]),
    ],
    ids=["not known", "failing", "nonsense"],
)
def test_a_watch_that_fails_is_passed_over(
    fake: FakeServer, client: canopy.Client, answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr", Terminal())

    def gaps(request: Any, context: Any) -> coverage_pb2.FindGapsResponse:
        time.sleep(0.3)
        return coverage_pb2.FindGapsResponse()

    fake.answers |= {"FindGaps": gaps, "WatchProgress": answer}
    client.gaps(progress=True)


@pytest.mark.parametrize("progress", [False, None], ids=["never", "nobody looks"])
def test_who_does_not_look_does_not_watch(
    fake: FakeServer, client: canopy.Client, progress: bool | None
) -> None:
    fake.answers["FindGaps"] = lambda *_: coverage_pb2.FindGapsResponse()
    client.gaps(progress=progress)
    assert fake.calls("WatchProgress") == []
    assert "canopy-call-id" not in fake.calls("FindGaps")[0]


def test_terminals_and_notebooks_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def shown() -> bool:
        with Bar(None, "working") as bar:
            return bar.shown

    assert not shown()
    with monkeypatch.context() as terminal:
        terminal.setattr("sys.stderr", Terminal())
        assert shown()
    for shell, expected in (
        (SimpleNamespace(kernel=object()), True),
        (SimpleNamespace(), False),  # IPython in a terminal, or in a pipe
        (None, False),
    ):
        ipython = SimpleNamespace(get_ipython=lambda shell=shell: shell)
        monkeypatch.setitem(sys.modules, "IPython", ipython)
        assert shown() == expected


def test_a_bar_never_falls(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    with Bar(True, "working") as bar:
        shown = []
        for start, share in ((0.0, 0.5), (0.0, 1.0), (0.5, 0.0), (0.5, 9.0), (0.5, -1.0)):
            bar.part(start, 0.5)
            bar.say(share)
            bar.show()
            shown.append(bar._tqdm.n)
    assert shown == [0.25, 0.5, 0.5, 1.0, 1.0]
    assert "working" in screen.getvalue()


def test_what_fails_without_a_status(fake: FakeServer) -> None:
    caller = Caller(Target(fake.address))

    def method(channel: grpc.Channel) -> Any:
        raise grpc.RpcError("odd")

    with pytest.raises(canopy.InternalError, match="the call failed: odd"):
        caller.unary(method, None, Terms(1))
