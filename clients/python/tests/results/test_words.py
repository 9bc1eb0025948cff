"""Numbers and reasons are written as the command writes them."""

from __future__ import annotations

import pytest

from canopy.results import _sights, _words
from canopy.v1 import coverage_pb2, geometry_pb2, provenance_pb2, radar_pb2


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "1"), (0.1, "0.1"), (1e-7, "0.0000001"), (1e21, "1" + 21 * "0"), (-12.5, "-12.5")],
)
def test_plain(value: float, text: str) -> None:
    assert _words.plain(value) == text


@pytest.mark.parametrize(
    ("share", "text", "rough"),
    [
        (0, "0.0 %", "0 %"),
        (0.0001, "<0.1 %", "<1 %"),
        (0.123, "12.3 %", "12 %"),
        (0.9999, ">99.9 %", ">99 %"),
        (1, "100.0 %", "100 %"),
    ],
)
def test_shares(share: float, text: str, rough: str) -> None:
    assert _words.percent(share) == text
    assert _words.roughly(share) == rough


@pytest.mark.parametrize(
    ("altitude", "name", "text"),
    [
        (geometry_pb2.Altitude(agl_m=300), "300m-agl", "300 m AGL"),
        (geometry_pb2.Altitude(amsl_m=1500.5), "1500.5m-amsl", "1500.5 m AMSL"),
        (geometry_pb2.Altitude(flight_level=5), "FL005", "FL005"),
        (geometry_pb2.Altitude(flight_level=5.5), "FL005.5", "FL005.5"),
        (geometry_pb2.Altitude(), "", ""),
    ],
)
def test_altitudes(altitude: geometry_pb2.Altitude, name: str, text: str) -> None:
    assert _words.altitude_id(altitude) == name
    assert _words.altitude_text(altitude) == text


def test_areas() -> None:
    assert (_words.area(0), _words.area(56.84), _words.area(1289850)) == ("0", "56.8", "1,289,850")


RADAR = radar_pb2.ResolvedRadar(
    radar_id="pem",
    limits=radar_pb2.RadarLimits(
        range_km=400, min_range_km=2, sector=radar_pb2.Sector(from_deg=350, to_deg=10)
    ),
)
CREST = coverage_pb2.Crest(
    position=geometry_pb2.Position(lat_deg=-12, lon_deg=-70), distance_km=30, elevation_amsl_m=4000
)


@pytest.mark.parametrize(
    ("cause", "fields", "text"),
    [
        ("UNSPECIFIED", {"sees": True}, "seen by pem, 90.0 km away"),
        ("UNSPECIFIED", {}, "not seen by pem, 90.0 km away"),
        (
            "OUT_OF_RANGE",
            {"slant_range_km": 500},
            "out of range: 90.0 km from pem, whose range is 400 km",
        ),
        (
            "OUT_OF_RANGE",
            {"slant_range_km": 1},
            "too near: 90.0 km from pem, whose smallest range is 2 km",
        ),
        (
            "OUTSIDE_SECTOR",
            {"azimuth_deg": 90},
            "outside the sector of pem: it looks from 350° to 10°, and the point is at 90.0°",
        ),
        (
            "BELOW_HORIZON",
            {"floor_amsl_m": 1200},
            "below the horizon of pem, 90.0 km away; it sees from 1,200 m AMSL up",
        ),
        (
            "ABOVE_BEAM",
            {"ceiling_amsl_m": 9000},
            "above the beam of pem, 90.0 km away; it sees up to 9,000 m AMSL",
        ),
        ("ABOVE_BEAM", {}, "above the beam of pem, 90.0 km away"),
        ("TERRAIN", {}, "terrain: hidden from pem, 90.0 km away"),
        (
            "TERRAIN",
            {"crest": CREST, "floor_amsl_m": 5000},
            "terrain: hidden from pem, 90.0 km away, by a crest of 4,000 m at -12.0000,-70.0000, "
            "30.0 km from the radar; it sees from 5,000 m AMSL up",
        ),
    ],
)
def test_sights(cause: str, fields: dict[str, object], text: str) -> None:
    sight = coverage_pb2.Sight(
        radar_id="pem",
        distance_km=90,
        cause="GAP_CAUSE_" + cause,
        **fields,  # type: ignore[arg-type]
    )
    outcome = coverage_pb2.PointOutcome(sights=[sight, sight])
    radars = _sights.by_id([RADAR])
    assert _sights.why(outcome, radars) == f"{text} | {text}"
    assert _sights.nearest(outcome, radars) == text


def test_a_radar_out_of_service_would_see() -> None:
    silent = radar_pb2.ResolvedRadar(radar_id="pem", state=radar_pb2.RADAR_STATE_OUT_OF_SERVICE)
    sight = coverage_pb2.Sight(radar_id="pem", distance_km=9, sees=True)
    text = _sights.why(coverage_pb2.PointOutcome(sights=[sight]), {"pem": silent})
    assert text == "out of service: pem, 9.0 km away, would see it"


def test_basis() -> None:
    terrain = provenance_pb2.Terrain(name="Copernicus", spacing_arcsec=3)
    provenance = provenance_pb2.Provenance(
        terrain=terrain,
        analysis_spacing_arcsec=15,
        airspace="Peru (somebody)",
        effective_earth_k=4 / 3,
        reach=radar_pb2.REACH_HORIZON,
        min_radars=2,
        engine_version="1.0",
    )
    assert _words.basis_text(provenance) == (
        "terrain Copernicus, posts every 3″; computed every 15″; airspace Peru (somebody); "
        "k 1.333; reach horizon; seen by at least 2 radars; engine 1.0"
    )
    assert _words.airspace_name(provenance) == "Peru"
