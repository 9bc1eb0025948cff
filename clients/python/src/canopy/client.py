"""Questions to a server, and its answers."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from canopy import results
from canopy._inputs import quantities
from canopy._inputs.points import PointsLike
from canopy._inputs.points import point as read_point
from canopy._inputs.points import points as read_points
from canopy._plans import selection
from canopy._progress import Bar
from canopy._siting import Siting
from canopy.errors import CanopyError, InvalidInput, Unavailable
from canopy.v1 import coverage_pb2, siting_pb2
from canopy.v1.coverage_pb2_grpc import CoverageServiceStub

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import grpc

    from canopy._calls import Terms
    from canopy._inputs.airspaces import AirspaceLike
    from canopy._inputs.airstrips import AirstripsLike
    from canopy._inputs.candidates import CandidatesLike
    from canopy._inputs.quantities import AltitudeLike, AltitudesLike
    from canopy._inputs.sites import SitesLike
    from canopy._questions import Asked

# As many points as the contract takes in one call.
_BATCH = 10_000

# How much of a floor's bar is the computation; the rest is the way here.
_COMPUTING_SHARE = 0.9

_COMPRESSIONS = {
    "none": coverage_pb2.COMPRESSION_NONE,
    "deflate": coverage_pb2.COMPRESSION_DEFLATE,
    "zstd": coverage_pb2.COMPRESSION_ZSTD,
}


class Client(Siting):
    """A connection to a server; ``canopy.connect`` and ``canopy.local`` make one.

    It is a context manager, and closes as it is thrown away. Several threads may
    use it.

    The questions about coverage (gaps, check, profile, floor, exposures,
    criticality, plan) share these arguments, of which all can be left out:

    - ``scenario``: a starting point of the catalogue, such as ``four-modern``,
      whose radars, airspace and altitudes stand in for what is left out;
      ``tps70-2015`` if none.
    - ``sites``: radars that are added to those of ``scenario``, or stand alone
      without it: ``canopy.Radar``, dictionaries, a GeoDataFrame, a CSV or GeoJSON
      file.
    - ``out_of_service``: names of radars to take as out of service.
    - ``reach``: what keeps a radar from seeing: ``disc`` (range alone),
      ``horizon`` (and a smooth earth) or ``terrain``, the default.
    - ``effective_earth_k``: 4/3 if not given.
    - ``min_radars``: how many must see a place for it to count as covered.
    - ``range_km``, ``min_range_km``, ``min_elevation_deg``,
      ``max_elevation_deg``, ``height_limit_amsl_m``: of every radar.
    - ``resolution_arcsec``: between the posts of the computation; the finest
      within the server's budget if not given.
    - ``strict_terrain``: refuse to answer where terrain is missing in range.
    - ``timeout_s``: give up after so many seconds; 600 if not given, here or where
      the client was made.
    - ``progress``: a bar where it lasts (None), at once (True), never (False).
    """

    def gaps(
        self,
        *,
        scenario: str | None = None,
        sites: SitesLike | None = None,
        out_of_service: str | Iterable[str] | None = None,
        airspace: AirspaceLike | None = None,
        altitudes: AltitudesLike | None = None,
        airstrips: AirstripsLike | None = None,
        builtin_airstrips: bool = True,
        reach: str | None = None,
        effective_earth_k: float | None = None,
        min_radars: int | None = None,
        range_km: float | None = None,
        min_range_km: float | None = None,
        min_elevation_deg: float | None = None,
        max_elevation_deg: float | None = None,
        height_limit_amsl_m: float | None = None,
        resolution_arcsec: float | None = None,
        min_area_km2: float | None = None,
        tolerance_m: float | None = None,
        bracket: bool = False,
        suggest: CandidatesLike | None = None,
        strict_terrain: bool = False,
        timeout_s: float | None = None,
        progress: bool | None = None,
    ) -> results.Gaps:
        """Find where the radars do not cover the airspace, how low, and why.

        ``airspace`` is a name of the catalogue (``peru``, ``vraem``), a polygon,
        a GeoDataFrame or a GeoJSON file. ``altitudes`` carry unit and reference:
        ``["300m-agl", "3000ft-amsl", "FL100"]``. ``airstrips`` are your own, to
        look for in gaps beside the built-in ones.

        Gaps smaller than ``min_area_km2`` (25) are summed up; boundaries depart
        from the cells by at most ``tolerance_m`` (twice the posts' distance).
        ``bracket`` computes on maxima as well, and gives the range of the answer.

        ``suggest`` takes candidates as ``plan`` does, and names for each gap the
        one that would close most of it.
        """
        asked = self._ask(locals())
        request = coverage_pb2.FindGapsRequest(
            network=asked.network,
            airspace=asked.airspace.selection,
            altitudes=quantities.altitudes(altitudes, "altitudes"),
            options=asked.options,
            airstrips=asked.airstrips,
            min_area_km2=min_area_km2,
            tolerance_m=tolerance_m,
            bracket=bracket,
        )
        suggested = None
        with Bar(progress, "finding gaps") as bar:
            if suggest is None:
                answer = self._compute("FindGaps", request, asked.terms(bar))
            else:
                suggested = self._suggest(request, suggest, asked, bar)
                answer = suggested.gaps
        outline = self._outline(*asked.where)
        return results.Gaps(answer, asked.notes, outline=outline, suggested=suggested)

    def check(
        self,
        *,
        points: PointsLike,
        altitude: AltitudeLike | None = None,
        sights: bool = True,
        scenario: str | None = None,
        sites: SitesLike | None = None,
        out_of_service: str | Iterable[str] | None = None,
        reach: str | None = None,
        effective_earth_k: float | None = None,
        min_radars: int | None = None,
        range_km: float | None = None,
        min_range_km: float | None = None,
        min_elevation_deg: float | None = None,
        max_elevation_deg: float | None = None,
        height_limit_amsl_m: float | None = None,
        resolution_arcsec: float | None = None,
        strict_terrain: bool = False,
        timeout_s: float | None = None,
        progress: bool | None = None,
    ) -> results.Checks:
        """Tell of each point whether it is seen, by whom, and from what altitude up.

        ``points`` are (lat, lon) or (lat, lon, altitude) tuples, a GeoDataFrame or
        DataFrame, points of shapely, an N×2 array of latitudes and longitudes, or
        a CSV or GeoJSON file. ``altitude`` is for all of them, where they have
        none of their own: ``300m-agl``, ``FL100``.

        ``sights`` tells how each radar looks at each point, and what hides it.
        Without them many points are much faster. Any number of points is asked,
        10 000 a call; ``timeout_s`` holds for each call.
        """
        asked = self._ask(locals())
        found = read_points(points, altitude)
        head = coverage_pb2.CheckPointsRequest(
            network=asked.network, options=asked.options, without_sights=not sights
        ).SerializeToString()
        answers = []
        with Bar(progress, "checking points") as bar:
            for start in range(0, len(found), _BATCH):
                stop = min(start + _BATCH, len(found))
                bar.part(start / len(found), (stop - start) / len(found))
                asked.question.places.items["points"] = found.place_from(start)
                terms = asked.terms(bar)
                request = head + found.packed(start, stop)
                answers.append(self._caller.unary(_check_points, request, terms))
        notes = asked.notes + found.notes
        shared = found.altitudes[0] if len(found.altitudes) == 1 else None
        outline = self._outline(*asked.where)
        return results.Checks(answers, notes, outline=outline, altitude=shared)

    def profile(
        self,
        *,
        point: Any,
        altitude: AltitudeLike | None = None,
        radar_id: str | None = None,
        sample_count: int | None = None,
        frequency_mhz: float | None = None,
        scenario: str | None = None,
        sites: SitesLike | None = None,
        out_of_service: str | Iterable[str] | None = None,
        reach: str | None = None,
        effective_earth_k: float | None = None,
        min_radars: int | None = None,
        range_km: float | None = None,
        min_range_km: float | None = None,
        min_elevation_deg: float | None = None,
        max_elevation_deg: float | None = None,
        height_limit_amsl_m: float | None = None,
        resolution_arcsec: float | None = None,
        strict_terrain: bool = False,
        timeout_s: float | None = None,
    ) -> results.Profile:
        """Follow the ray from one radar to one point over the terrain.

        ``point`` is (lat, lon) with ``altitude`` beside it, or (lat, lon,
        altitude). ``radar_id`` may be left out where there is only one radar.
        ``frequency_mhz`` is for the Fresnel zone; that of the model if not given.
        """
        asked = self._ask(locals())
        request = coverage_pb2.GetProfileRequest(
            network=asked.network,
            options=asked.options,
            radar_id=radar_id or "",
            point=read_point(point, altitude),
            sample_count=sample_count,
            frequency_mhz=frequency_mhz,
        )
        answer = self._compute("GetProfile", request, asked.terms())
        return results.Profile(answer, asked.notes)

    def floor(
        self,
        *,
        path: str | os.PathLike[str] | None = None,
        compression: str = "deflate",
        scenario: str | None = None,
        sites: SitesLike | None = None,
        out_of_service: str | Iterable[str] | None = None,
        reach: str | None = None,
        effective_earth_k: float | None = None,
        min_radars: int | None = None,
        range_km: float | None = None,
        min_range_km: float | None = None,
        min_elevation_deg: float | None = None,
        max_elevation_deg: float | None = None,
        height_limit_amsl_m: float | None = None,
        resolution_arcsec: float | None = None,
        strict_terrain: bool = False,
        timeout_s: float | None = None,
        progress: bool | None = None,
    ) -> results.Floor:
        """Compute the lowest altitude that is seen, above every post of the terrain.

        The GeoTIFF is written to ``path``; left out, it lives as long as the
        answer does. ``compression`` is ``deflate``, ``zstd`` or ``none``.
        """
        asked = self._ask(locals())
        request = coverage_pb2.ExportFloorRequest(
            network=asked.network, options=asked.options, compression=_compression(compression)
        )
        with Bar(progress, "computing the floor") as bar:
            bar.part(0, _COMPUTING_SHARE)
            terms = asked.terms(bar)
            summary, written = _write(path, lambda file: self._download(request, terms, file))
        return results.Floor(
            summary,
            written,
            asked.notes,
            temporary=path is None,
            outline=self._outline(*asked.where),
        )

    def exposures(
        self,
        *,
        airspace: AirspaceLike | None = None,
        airstrips: AirstripsLike | None = None,
        builtin_airstrips: bool = True,
        scenario: str | None = None,
        sites: SitesLike | None = None,
        out_of_service: str | Iterable[str] | None = None,
        reach: str | None = None,
        effective_earth_k: float | None = None,
        min_radars: int | None = None,
        range_km: float | None = None,
        min_range_km: float | None = None,
        min_elevation_deg: float | None = None,
        max_elevation_deg: float | None = None,
        height_limit_amsl_m: float | None = None,
        resolution_arcsec: float | None = None,
        strict_terrain: bool = False,
        timeout_s: float | None = None,
        progress: bool | None = None,
    ) -> results.Exposures:
        """Tell of each airstrip from what altitude up it is seen, and by whom.

        ``airstrips`` are your own, beside the built-in ones unless
        ``builtin_airstrips`` is False; ``airspace`` keeps to those inside it.
        """
        asked = self._ask(locals())
        request = coverage_pb2.AssessAirstripsRequest(
            network=asked.network,
            options=asked.options,
            airstrips=asked.airstrips,
            airspace=asked.airspace.selection,
        )
        with Bar(progress, "assessing airstrips") as bar:
            answer = self._compute("AssessAirstrips", request, asked.terms(bar))
        return results.Exposures(answer, asked.notes, outline=self._outline(*asked.where))

    def _suggest(
        self,
        gaps: coverage_pb2.FindGapsRequest,
        candidates: CandidatesLike,
        asked: Asked,
        bar: Bar,
    ) -> siting_pb2.SuggestSitesResponse:
        asked.question.places.root = "gaps."
        request = siting_pb2.SuggestSitesRequest(
            gaps=gaps, candidates=selection(asked.question, candidates)
        )
        found: siting_pb2.SuggestSitesResponse = self._site(
            "SuggestSites", request, asked.terms(bar)
        )
        return found

    def _compute(self, name: str, request: Any, terms: Terms) -> Any:
        return self._call(CoverageServiceStub, name, request, terms)

    def _download(
        self, request: coverage_pb2.ExportFloorRequest, terms: Terms, file: BinaryIO
    ) -> coverage_pb2.FloorSummary:
        """Write the file that a server makes, and return what it stands on."""

        def read(messages: Iterable[coverage_pb2.ExportFloorResponse]) -> coverage_pb2.FloorSummary:
            summary, written = coverage_pb2.FloorSummary(), 0
            for message in messages:
                if message.HasField("summary"):
                    summary = message.summary
                    if terms.bar is not None:
                        terms.bar.part(_COMPUTING_SHARE, 1 - _COMPUTING_SHARE)
                written += file.write(message.geotiff_chunk)
                if terms.bar is not None:
                    terms.bar.say(written / max(summary.geotiff_bytes, 1), "receiving the floor")
            if written != summary.geotiff_bytes:
                raise Unavailable(
                    f"the server sent {written} of {summary.geotiff_bytes} bytes",
                    remedy="try again",
                )
            return summary

        return self._caller.stream(_export_floor, request, terms, read)


def _check_points(channel: grpc.Channel) -> Any:
    """Return the call that takes a request of bytes."""
    return channel.unary_unary(
        "/canopy.v1.CoverageService/CheckPoints",
        response_deserializer=coverage_pb2.CheckPointsResponse.FromString,
    )


def _export_floor(channel: grpc.Channel) -> Any:
    return CoverageServiceStub(channel).ExportFloor


def _compression(name: str) -> coverage_pb2.Compression:
    if name not in _COMPRESSIONS:
        raise InvalidInput(
            f'compression "{name}" is not a compression', remedy="want none, deflate or zstd"
        )
    return _COMPRESSIONS[name]


def _write(
    path: str | os.PathLike[str] | None, write: Callable[[BinaryIO], coverage_pb2.FloorSummary]
) -> tuple[coverage_pb2.FloorSummary, Path]:
    """Write a file in whole or, where that fails, leave what was there."""
    part = _temporary_path() if path is None else Path(f"{os.fspath(path)}.part")
    try:
        with part.open("wb") as file:
            summary = write(file)
        return summary, part if path is None else part.replace(path)
    except BaseException as error:
        part.unlink(missing_ok=True)
        # A deadline that has passed is an OSError too.
        if isinstance(error, OSError) and not isinstance(error, CanopyError):
            raise InvalidInput(f"path {path} cannot be written: {error.strerror}") from None
        raise


def _temporary_path() -> Path:
    handle, path = tempfile.mkstemp(prefix="canopy-floor-", suffix=".tif")
    os.close(handle)
    return Path(path)
