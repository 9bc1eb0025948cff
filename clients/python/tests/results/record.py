"""Record what the tests read from a server on the demonstration terrain.

Run with the address of one, and the program, whose files are recorded as well:
python record.py 127.0.0.1:50051 ../../../../bin/canopy. It is run again only when
the contract has new fields that answers show.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
from google.protobuf.json_format import MessageToJson

from canopy.v1 import (
    catalog_pb2,
    catalog_pb2_grpc,
    coverage_pb2,
    coverage_pb2_grpc,
    geometry_pb2,
    radar_pb2,
    terrain_pb2,
    terrain_pb2_grpc,
)

if TYPE_CHECKING:
    from google.protobuf.message import Message

TESTDATA = Path(__file__).parent / "testdata"

NETWORK = coverage_pb2.NetworkSelection(scenario_id="four-modern")
VRAEM = coverage_pb2.AirspaceSelection(airspace_id="vraem")
PICHARI = geometry_pb2.Position(lat_deg=-12.519, lon_deg=-73.829)
LOW = geometry_pb2.Altitude(agl_m=300)
MIDDLE = geometry_pb2.Altitude(amsl_m=3000)
HIGH = geometry_pb2.Altitude(flight_level=290)


def write(name: str, message: Message) -> None:
    text = MessageToJson(message, preserving_proto_field_name=True, indent=None)
    (TESTDATA / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def coverage(channel: grpc.Channel) -> None:
    stub = coverage_pb2_grpc.CoverageServiceStub(channel)
    gaps = coverage_pb2.FindGapsRequest(
        network=NETWORK, airspace=VRAEM, altitudes=[LOW, HIGH], tolerance_m=4000
    )
    write("gaps", stub.FindGaps(gaps))
    points = [coverage_pb2.Point(position=PICHARI, altitude=a) for a in (LOW, MIDDLE, HIGH)]
    write(
        "check", stub.CheckPoints(coverage_pb2.CheckPointsRequest(network=NETWORK, points=points))
    )
    profile = coverage_pb2.GetProfileRequest(
        network=NETWORK, radar_id="mazamari", point=points[1], sample_count=60
    )
    write("profile", stub.GetProfile(profile))
    exposures = coverage_pb2.AssessAirstripsRequest(
        network=NETWORK,
        airspace=VRAEM,
    )
    write("exposures", stub.AssessAirstrips(exposures))
    floor(stub)


def floor(stub: coverage_pb2_grpc.CoverageServiceStub) -> None:
    """Record the floor of a radar that reaches 60 km, which is a small file."""
    request = coverage_pb2.ExportFloorRequest(
        network=NETWORK,
        options=coverage_pb2.CoverageOptions(limits=radar_pb2.RadarLimits(range_km=60)),
        compression=coverage_pb2.COMPRESSION_DEFLATE,
    )
    radar = radar_pb2.Radar(
        name="Mazamari", position=geometry_pb2.Position(lat_deg=-11.325, lon_deg=-74.536)
    )
    request.network.radars.append(radar)
    chunks = []
    for part in stub.ExportFloor(request):
        if part.HasField("summary"):
            write("floor", part.summary)
        else:
            chunks.append(part.geotiff_chunk)
    (TESTDATA / "floor.tif").write_bytes(b"".join(chunks))


def catalogue(channel: grpc.Channel) -> None:
    stub = catalog_pb2_grpc.CatalogServiceStub(channel)
    write("scenarios", stub.ListScenarios(catalog_pb2.ListScenariosRequest()))
    write("radar_models", stub.ListRadarModels(catalog_pb2.ListRadarModelsRequest()))
    write("airspaces", stub.ListAirspaces(catalog_pb2.ListAirspacesRequest()))
    write("vraem", stub.GetAirspace(catalog_pb2.GetAirspaceRequest(airspace_id="vraem")))
    nearest = catalog_pb2.FindNearestAirstripsRequest(position=PICHARI, count=5)
    write("nearest", stub.FindNearestAirstrips(nearest))


def terrain(channel: grpc.Channel) -> None:
    stub = terrain_pb2_grpc.TerrainServiceStub(channel)
    write("terrain", stub.GetTerrain(terrain_pb2.GetTerrainRequest()))
    nowhere = geometry_pb2.Position(lat_deg=60, lon_deg=20)
    request = terrain_pb2.GetElevationsRequest(positions=[PICHARI, nowhere])
    write("elevations", stub.GetElevations(request))


def files(address: str, program: str) -> None:
    """Record what the program writes for the same questions."""
    pichari = "--point=-12.519,-73.829,"
    questions = {
        "gaps.csv": ["gaps", "--airspace=vraem", "--altitude=300m-agl,FL290", "--tolerance=4000m"],
        "check.csv": ["check", pichari + "300m-agl", pichari + "3000m-amsl", pichari + "FL290"],
        "profile.csv": [
            *("profile", "--from=mazamari", "--to=-12.519,-73.829,3000m-amsl", "--samples=60"),
        ],
        "exposures.csv": ["airstrips", "--within=vraem", "--exposure"],
    }
    questions["gaps.geojson"] = questions["gaps.csv"]
    for name, question in questions.items():
        command = [program, *question, "--server", address, "--scenario=four-modern"]
        command += ["-o", name.partition(".")[2]]
        done = subprocess.run(command, check=False, capture_output=True)
        if done.returncode not in (0, 3):
            raise SystemExit(done.stderr.decode())
        (TESTDATA / name).write_bytes(done.stdout)


def main() -> None:
    TESTDATA.mkdir(exist_ok=True)
    with grpc.insecure_channel(sys.argv[1]) as channel:
        coverage(channel)
        catalogue(channel)
        terrain(channel)
    files(sys.argv[1], sys.argv[2])


if __name__ == "__main__":
    main()
