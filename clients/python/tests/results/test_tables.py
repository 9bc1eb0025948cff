"""Tables hold what the messages hold, in the columns of the command."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from canopy import results
from canopy.v1 import coverage_pb2, geometry_pb2

from . import messages

# The columns of `canopy gaps -o csv` and so on.
GAP_COLUMNS = (
    "gap_id,altitude,area_km2,share,lat_deg,lon_deg,departments,airstrip_count,airstrips,"
    "main_cause,out_of_range_share,outside_sector_share,below_horizon_share,above_beam_share,"
    "terrain_share,out_of_service_share,floor_lowest_agl_m,floor_median_agl_m,"
    "floor_highest_agl_m,floor_lowest_amsl_m,floor_median_amsl_m,floor_highest_amsl_m,"
    "never_seen_share"
)
CHECK_COLUMNS = (
    "lat_deg,lon_deg,altitude,altitude_amsl_m,ground_amsl_m,seen,seen_by,floor_amsl_m,"
    "floor_agl_m,ceiling_amsl_m,why"
)
AIRSTRIP_COLUMNS = (
    "airstrip_id,name,lat_deg,lon_deg,elevation_amsl_m,length_m,status,kind,municipality,as_of,"
    "source,elevation_doubtful"
)
EXPOSURE_COLUMNS = (
    AIRSTRIP_COLUMNS
    + ",ground_amsl_m,floor_amsl_m,floor_agl_m,seen_by,nearest_radar_id,nearest_radar_km"
)
PROFILE_COLUMNS = (
    "distance_km,lat_deg,lon_deg,terrain_amsl_m,ray_amsl_m,floor_amsl_m,fresnel_radius_m"
)
SITE_COLUMNS = (
    "radar_id,name,lat_deg,lon_deg,model_id,mast_m,range_km,min_range_km,min_elevation_deg,"
    "max_elevation_deg,height_limit_amsl_m,sector_from_deg,sector_to_deg,effective_earth_k,state"
)


@pytest.mark.parametrize(
    ("answer", "columns"),
    [
        (messages.gaps(), GAP_COLUMNS),
        (messages.checks(), CHECK_COLUMNS),
        (messages.airstrips(), AIRSTRIP_COLUMNS + ",distance_km"),
        (messages.exposures(), EXPOSURE_COLUMNS),
        (messages.profile(), PROFILE_COLUMNS),
        (messages.scenario(), SITE_COLUMNS),
    ],
)
def test_columns_are_those_of_the_command(answer: results.MapAnswer, columns: str) -> None:
    frame = answer.to_geodataframe()
    assert list(frame.columns) == [*columns.split(","), "geometry"]
    assert frame.crs == "EPSG:4326"


def test_gaps() -> None:
    gaps = messages.gaps()
    frame = gaps.to_geodataframe()
    found = [g for band in gaps.bands for g in band.gaps]
    assert frame["gap_id"].tolist() == [g.gap_id for g in found]
    assert frame["area_km2"].tolist() == [g.area_km2 for g in found]
    assert set(frame.geom_type) == {"MultiPolygon"}
    assert frame.geometry.is_valid.all()
    first = shapely.get_geometry(frame.geometry.to_numpy(), 0)
    holes = [len(g.boundary.rings) - 1 for g in found]
    assert shapely.get_num_interior_rings(first).tolist() == holes
    causes = frame.filter(regex="^(?!never).*[a-z]_share$").sum(axis=1)
    assert causes.to_numpy() == pytest.approx(1, abs=1e-3)
    assert set(frame["altitude"]) == {"300m-agl", "FL290"}


def test_bands() -> None:
    gaps = messages.gaps()
    frame = gaps.to_dataframe()
    assert frame["altitude"].tolist() == gaps.altitudes == ["300m-agl", "FL290"]
    assert frame["covered_share"].tolist() == [b.covered_share for b in gaps.bands]
    assert (frame["covered_share"] + frame["uncovered_share"]).to_numpy() == pytest.approx(
        1, abs=1e-3
    )
    assert "lowest_covered_share" not in frame


def test_bands_with_a_bracket() -> None:
    message = messages.gaps().message
    message.bands[0].bracket.lowest_covered_share = 0.05
    frame = results.Gaps(message).to_dataframe()
    assert frame["lowest_covered_share"].tolist() == [0.05, 0]


def test_checks_in_several_messages() -> None:
    message = messages.checks().messages[0]
    checks = results.Checks([message, message])
    frame = checks.to_dataframe()
    assert len(frame) == len(checks) == 2 * len(message.outcomes)
    assert frame["seen"].sum() == checks.seen_count
    assert len(checks.warnings) == 1
    assert frame["why"].str.contains("hidden from mazamari").any()


def test_absent_numbers_are_nan() -> None:
    bare = coverage_pb2.PointOutcome(
        point=coverage_pb2.Point(altitude=geometry_pb2.Altitude(flight_level=50))
    )
    zero = coverage_pb2.PointOutcome(floor_amsl_m=0.0, point=bare.point)
    message = coverage_pb2.CheckPointsResponse(outcomes=[bare, zero])
    frame = results.Checks([message]).to_dataframe()
    assert math.isnan(frame["floor_amsl_m"][0])
    assert frame["floor_amsl_m"][1] == 0
    assert frame["floor_amsl_m"].dtype == np.float64
    assert frame["altitude"].tolist() == ["FL050", "FL050"]


def test_points_stand_where_they_were_asked_for() -> None:
    checks = messages.checks()
    frame = checks.to_geodataframe()
    at = checks.outcomes[0].point.position
    assert (frame.geometry.x[0], frame.geometry.y[0]) == pytest.approx((at.lon_deg, at.lat_deg))


def test_elevations() -> None:
    frame = messages.elevations().to_dataframe()
    assert frame["elevation_amsl_m"][0] > 300
    assert math.isnan(frame["elevation_amsl_m"][1])


def test_lists_of_the_catalogue() -> None:
    models = messages.radar_models()
    assert models.to_dataframe()["model_id"].tolist() == [m.model_id for m in models]
    scenarios = messages.scenarios()
    listed = scenarios.to_dataframe()
    assert listed["radar_count"].tolist() == [len(s.message.radars) for s in scenarios]
    assert listed["altitudes"][0].startswith("300m-agl; ")
    airspaces = messages.airspaces()
    assert airspaces.to_dataframe()["kind"].tolist()[0] == "country"
    assert len(airspaces) == len(list(airspaces))
    assert len(models) == len(models.to_dataframe())
    assert len(scenarios) == len(listed)


def test_answers_are_lists_of_what_they_hold() -> None:
    airstrips, radars = messages.airstrips(), messages.gaps().radars
    assert [a.airstrip_id for a in airstrips] == airstrips.to_dataframe()["airstrip_id"].tolist()
    assert [r.radar_id for r in radars] == radars.to_dataframe()["radar_id"].tolist()
    assert len(messages.exposures()) == len(messages.exposures().to_dataframe())
    assert len(messages.elevations()) == len(messages.elevations().to_dataframe())
    assert messages.scenario().altitudes == ["300m-agl", "1000m-agl", "3000m-agl", "FL100"]


def test_an_answer_with_nothing_in_it() -> None:
    empty = results.Gaps(coverage_pb2.FindGapsResponse(bands=[coverage_pb2.Band()]))
    frame = empty.to_geodataframe()
    assert len(frame) == 0
    assert list(frame.columns) == [*GAP_COLUMNS.split(","), "geometry"]
    assert "<img" in empty._repr_html_()
