"""Plans, candidates, suggestions and criticality, as tables, pictures and files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import pytest

from canopy import errors, results
from canopy.v1 import siting_pb2

from . import messages
from .test_tables import GAP_COLUMNS, SITE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

mpl.use("Agg")
from matplotlib import pyplot

PLAN_COLUMNS = (
    SITE_COLUMNS + ",planned,order,reason,fixed,cost_usd,added_objective_km2,cost_so_far_usd,"
    "covered_share_300m_agl,covered_share_fl100,closes_gaps"
)
SUGGESTION_COLUMNS = (
    GAP_COLUMNS + ",suggested_radar_id,suggested_name,suggested_model_id,suggested_lat_deg,"
    "suggested_lon_deg,closed_area_km2,closed_share,closed_airstrips"
)
CRITICALITY_COLUMNS = (
    "radar_id,name,lat_deg,lon_deg,model_id,lost_km2_300m_agl,lost_share_300m_agl,"
    "lost_km2_300m_agl_in_vraem,lost_km2_fl100,lost_share_fl100,lost_km2_fl100_in_vraem,"
    "airstrip_count,airstrips"
)


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    yield
    pyplot.close("all")


@pytest.mark.parametrize(
    ("answer", "columns"),
    [
        (messages.plan(), PLAN_COLUMNS),
        (messages.candidates(), SITE_COLUMNS + ",cost_usd,fixed,forbidden,reason"),
        (messages.suggestions(), SUGGESTION_COLUMNS),
        (messages.criticality(), CRITICALITY_COLUMNS),
    ],
)
def test_columns_are_those_of_the_command(answer: results.MapAnswer, columns: str) -> None:
    frame = answer.to_geodataframe()
    assert list(frame.columns) == [*columns.split(","), "geometry"]
    assert frame.crs == "EPSG:4326"


def test_steps_of_a_plan() -> None:
    plan = messages.plan()
    steps = plan.steps
    assert steps["order"].tolist() == [1, 2]
    assert steps["name"].tolist() == [s.candidate.radar.name for s in plan.message.steps]
    assert steps["objective_km2"].tolist()[-1] == plan.objective_km2
    assert steps["cost_so_far_usd"].tolist()[-1] == plan.cost_usd
    assert steps["closes_gaps"].tolist()[0] == "300m-agl/1; FL100/1"
    assert plan.upper_bound_km2 > plan.objective_km2
    assert (plan.gap_percent, plan.altitudes) == (1.005, ["300m-agl", "FL100"])


def test_sites_of_a_plan_are_its_network() -> None:
    plan = messages.plan()
    sites = plan.sites
    assert sites["planned"].tolist() == [False, False, True, True]
    assert sites["order"].isna().tolist() == [True, True, False, False]
    assert [s.radar_id for s in plan.as_sites()] == sites["radar_id"].tolist()
    assert len(plan.radars) == 4


def test_the_curve_of_a_plan() -> None:
    plan = messages.plan()
    assert plan.curve["radar_count"].tolist() == [0, 1, 2]
    assert plan.curve["objective_km2"].tolist()[-1] == plan.objective_km2
    for against, below in (("count", "radars that are built"), ("cost", "US$ million")):
        ax = plan.plot_curve(against)  # type: ignore[arg-type]
        bound, found = (np.asarray(line.get_ydata()) for line in ax.get_lines())
        assert list(found) == pytest.approx([29.77, 57.77, 80.93], abs=0.01)
        assert bound[-1] > found[-1]
        assert ax.get_xlabel() == below
        assert any("demonstration" in text.get_text() for text in ax.texts)
    with pytest.raises(errors.InvalidInput, match=r'against "money".*count or cost'):
        plan.plot_curve("money")  # type: ignore[arg-type]


def test_gaps_that_a_plan_closes() -> None:
    gaps = messages.plan().gaps.set_index("gap_id")
    assert gaps["closed_by"]["300m-agl/1"] == "Hill near Iquitos; SPJA Rioja"
    assert gaps["closed_share"]["300m-agl/1"] == pytest.approx(0.3735 + 0.332)
    assert gaps["closed_area_km2"]["300m-agl/2"] == 615.5


def test_a_plan_that_was_stopped_before_there_was_any() -> None:
    stopped = siting_pb2.PlanNetworkResponse(
        existing=messages.plan().message.existing,
        upper_bound_km2=100,
        possible_km2=100,
        gap_percent=100,
        ending=siting_pb2.PLAN_ENDING_SERVER_STOPPED,
    )
    plan = results.Plan(stopped)
    assert plan.criticality is None
    assert len(plan.steps) == len(plan.sites) == len(plan.gaps) == 0
    assert "0 radars for US$0" in repr(plan)
    assert "within 100 % of the best possible (the server was stopped)" in repr(plan)
    assert plan.plot_curve().get_lines()
    assert "existing" in plan._repr_html_()


def test_a_plan_that_was_stopped_amid_measuring() -> None:
    message = siting_pb2.PlanNetworkResponse()
    message.CopyFrom(messages.plan().message)
    del message.steps[1].stage.bands[:]
    plan = results.Plan(message)
    assert plan.steps["covered_share_fl100"].isna().tolist() == [False, True]
    assert plan.sites["covered_share_fl100"].isna().tolist() == [True, True, False, True]
    assert "300 m AGL" not in repr(plan)
    table = plan._table()
    assert {len(line) for line in table.lines} == {len(table.header)}


def test_what_is_said_of_a_plan(tmp_path: Path) -> None:
    plan = messages.plan()
    page = plan._repr_html_()
    assert "1. Hill near Iquitos, an-tps-70" in page
    assert "7.8 % → 72.9 % at 300 m AGL" in page
    assert "within 1.01 % of the best possible" in page
    plan.save(tmp_path / "plan.geojson")
    saved = json.loads((tmp_path / "plan.geojson").read_text(encoding="utf-8"))
    assert (saved["ending"], saved["seed"], saved["gap_percent"]) == ("EXHAUSTED", 7, 1.005)
    assert saved["curve"][2]["cost_usd"] == 30.25e6
    assert saved["candidates"]["candidate_count"] == 3


def test_criticality_of_a_plan() -> None:
    plan = messages.plan()
    critical = plan.criticality
    assert critical is not None
    assert critical.losses["radar_id"].tolist()[0] == "hill-near-iquitos"
    assert critical.provenance == plan.provenance


def test_criticality() -> None:
    critical = messages.criticality()
    bands = critical.bands.set_index("altitude")
    assert bands["expected_covered_share"]["300m-agl"] == 0.6679
    assert bands.filter(like="seen_by_").loc["300m-agl"].sum() == pytest.approx(1289850.4)
    losses = critical.losses
    assert len(losses) == 6
    assert losses["lost_km2_in_vraem"].max() == 1200.5
    assert critical.pair is not None
    assert critical.pair["area_km2"].tolist() == [120000, 410000]
    assert len(critical.radars) == 4
    assert "each radar works 90 % of the time" in repr(critical)
    assert "back each other up over 120,000 km² at 300 m AGL" in repr(critical)


def test_criticality_without_a_pair() -> None:
    message = siting_pb2.AssessCriticalityResponse()
    message.CopyFrom(messages.criticality().message)
    message.criticality.ClearField("pair")
    critical = results.Criticality(message)
    assert critical.pair is None
    assert "back each other up" not in critical._repr_html_()


def test_bars_of_losses() -> None:
    ax = messages.criticality().plot_losses()
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["Hill near Iquitos", "SPJA Rioja", "Puerto Maldonado"]
    widths = [bar.get_width() for bar in ax.patches]  # type: ignore[attr-defined]
    assert widths == pytest.approx([45.74, 37.77, 0, 19.27, 17.43, 12.83])
    top, bottom = ax.get_ylim()
    assert top > bottom, "the worst is on top"


def test_candidates() -> None:
    found = messages.candidates()
    assert len(found) == len(list(found)) == 3
    ax = found.plot()
    key = ax.get_legend()
    assert key is not None
    assert [text.get_text() for text in key.get_texts()] == [
        "could be built",
        "in every plan",
        "in no plan",
    ]
    assert "US$12.5M" in found._repr_html_()


def test_gaps_that_nobody_closes_have_no_suggestion() -> None:
    message = siting_pb2.SuggestSitesResponse()
    suggested = messages.suggestions().suggested
    assert suggested is not None
    message.CopyFrom(suggested)
    del message.suggestions[1]
    gaps = results.Gaps(message.gaps, suggested=message)
    frame = gaps.to_geodataframe()
    assert frame["suggested_name"].tolist() == ["SPJA Rioja", ""]
    assert frame["closed_share"].isna().tolist() == [False, True]
    assert {w.id for w in gaps.warnings} >= {w.warning_id for w in message.warnings}
