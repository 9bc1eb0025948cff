from canopy.v1 import airstrip_pb2 as _airstrip_pb2
from canopy.v1 import geometry_pb2 as _geometry_pb2
from canopy.v1 import provenance_pb2 as _provenance_pb2
from canopy.v1 import radar_pb2 as _radar_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GapCause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
    GAP_CAUSE_UNSPECIFIED: _ClassVar[GapCause]
    GAP_CAUSE_OUT_OF_RANGE: _ClassVar[GapCause]
    GAP_CAUSE_OUTSIDE_SECTOR: _ClassVar[GapCause]
    GAP_CAUSE_BELOW_HORIZON: _ClassVar[GapCause]
    GAP_CAUSE_ABOVE_BEAM: _ClassVar[GapCause]
    GAP_CAUSE_TERRAIN: _ClassVar[GapCause]
    GAP_CAUSE_OUT_OF_SERVICE: _ClassVar[GapCause]

class Compression(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
    COMPRESSION_UNSPECIFIED: _ClassVar[Compression]
    COMPRESSION_NONE: _ClassVar[Compression]
    COMPRESSION_DEFLATE: _ClassVar[Compression]
    COMPRESSION_ZSTD: _ClassVar[Compression]
GAP_CAUSE_UNSPECIFIED: GapCause
GAP_CAUSE_OUT_OF_RANGE: GapCause
GAP_CAUSE_OUTSIDE_SECTOR: GapCause
GAP_CAUSE_BELOW_HORIZON: GapCause
GAP_CAUSE_ABOVE_BEAM: GapCause
GAP_CAUSE_TERRAIN: GapCause
GAP_CAUSE_OUT_OF_SERVICE: GapCause
COMPRESSION_UNSPECIFIED: Compression
COMPRESSION_NONE: Compression
COMPRESSION_DEFLATE: Compression
COMPRESSION_ZSTD: Compression

class CoverageOptions(_message.Message):
    __slots__ = ["reach", "effective_earth_k", "min_radars", "limits", "strict_terrain", "resolution_arcsec"]
    REACH_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_EARTH_K_FIELD_NUMBER: _ClassVar[int]
    MIN_RADARS_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    STRICT_TERRAIN_FIELD_NUMBER: _ClassVar[int]
    RESOLUTION_ARCSEC_FIELD_NUMBER: _ClassVar[int]
    reach: _radar_pb2.Reach
    effective_earth_k: float
    min_radars: int
    limits: _radar_pb2.RadarLimits
    strict_terrain: bool
    resolution_arcsec: float
    def __init__(self, reach: _Optional[_Union[_radar_pb2.Reach, str]] = ..., effective_earth_k: _Optional[float] = ..., min_radars: _Optional[int] = ..., limits: _Optional[_Union[_radar_pb2.RadarLimits, _Mapping]] = ..., strict_terrain: bool = ..., resolution_arcsec: _Optional[float] = ...) -> None: ...

class NetworkSelection(_message.Message):
    __slots__ = ["scenario_id", "radars"]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    RADARS_FIELD_NUMBER: _ClassVar[int]
    scenario_id: str
    radars: _containers.RepeatedCompositeFieldContainer[_radar_pb2.Radar]
    def __init__(self, scenario_id: _Optional[str] = ..., radars: _Optional[_Iterable[_Union[_radar_pb2.Radar, _Mapping]]] = ...) -> None: ...

class AirspaceSelection(_message.Message):
    __slots__ = ["airspace_id", "area"]
    AIRSPACE_ID_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    airspace_id: str
    area: _geometry_pb2.Area
    def __init__(self, airspace_id: _Optional[str] = ..., area: _Optional[_Union[_geometry_pb2.Area, _Mapping]] = ...) -> None: ...

class FindGapsRequest(_message.Message):
    __slots__ = ["network", "airspace", "altitudes", "options", "airstrips", "min_area_km2", "tolerance_m", "bracket"]
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    AIRSPACE_FIELD_NUMBER: _ClassVar[int]
    ALTITUDES_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    AIRSTRIPS_FIELD_NUMBER: _ClassVar[int]
    MIN_AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    TOLERANCE_M_FIELD_NUMBER: _ClassVar[int]
    BRACKET_FIELD_NUMBER: _ClassVar[int]
    network: NetworkSelection
    airspace: AirspaceSelection
    altitudes: _containers.RepeatedCompositeFieldContainer[_geometry_pb2.Altitude]
    options: CoverageOptions
    airstrips: _airstrip_pb2.AirstripSelection
    min_area_km2: float
    tolerance_m: float
    bracket: bool
    def __init__(self, network: _Optional[_Union[NetworkSelection, _Mapping]] = ..., airspace: _Optional[_Union[AirspaceSelection, _Mapping]] = ..., altitudes: _Optional[_Iterable[_Union[_geometry_pb2.Altitude, _Mapping]]] = ..., options: _Optional[_Union[CoverageOptions, _Mapping]] = ..., airstrips: _Optional[_Union[_airstrip_pb2.AirstripSelection, _Mapping]] = ..., min_area_km2: _Optional[float] = ..., tolerance_m: _Optional[float] = ..., bracket: bool = ...) -> None: ...

class FindGapsResponse(_message.Message):
    __slots__ = ["bands", "radars", "warnings", "provenance"]
    BANDS_FIELD_NUMBER: _ClassVar[int]
    RADARS_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    bands: _containers.RepeatedCompositeFieldContainer[Band]
    radars: _containers.RepeatedCompositeFieldContainer[_radar_pb2.ResolvedRadar]
    warnings: _containers.RepeatedCompositeFieldContainer[_provenance_pb2.Warning]
    provenance: _provenance_pb2.Provenance
    def __init__(self, bands: _Optional[_Iterable[_Union[Band, _Mapping]]] = ..., radars: _Optional[_Iterable[_Union[_radar_pb2.ResolvedRadar, _Mapping]]] = ..., warnings: _Optional[_Iterable[_Union[_provenance_pb2.Warning, _Mapping]]] = ..., provenance: _Optional[_Union[_provenance_pb2.Provenance, _Mapping]] = ...) -> None: ...

class Band(_message.Message):
    __slots__ = ["altitude", "airspace_area_km2", "covered_area_km2", "covered_share", "uncovered_area_km2", "uncovered_share", "underground_area_km2", "gap_count", "gaps", "small_gaps", "causes", "airstrips_seen", "airstrips_unseen", "bracket"]
    ALTITUDE_FIELD_NUMBER: _ClassVar[int]
    AIRSPACE_AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    COVERED_AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    COVERED_SHARE_FIELD_NUMBER: _ClassVar[int]
    UNCOVERED_AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    UNCOVERED_SHARE_FIELD_NUMBER: _ClassVar[int]
    UNDERGROUND_AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    GAP_COUNT_FIELD_NUMBER: _ClassVar[int]
    GAPS_FIELD_NUMBER: _ClassVar[int]
    SMALL_GAPS_FIELD_NUMBER: _ClassVar[int]
    CAUSES_FIELD_NUMBER: _ClassVar[int]
    AIRSTRIPS_SEEN_FIELD_NUMBER: _ClassVar[int]
    AIRSTRIPS_UNSEEN_FIELD_NUMBER: _ClassVar[int]
    BRACKET_FIELD_NUMBER: _ClassVar[int]
    altitude: _geometry_pb2.Altitude
    airspace_area_km2: float
    covered_area_km2: float
    covered_share: float
    uncovered_area_km2: float
    uncovered_share: float
    underground_area_km2: float
    gap_count: int
    gaps: _containers.RepeatedCompositeFieldContainer[Gap]
    small_gaps: SmallGaps
    causes: _containers.RepeatedCompositeFieldContainer[CauseShare]
    airstrips_seen: int
    airstrips_unseen: int
    bracket: CoverageBracket
    def __init__(self, altitude: _Optional[_Union[_geometry_pb2.Altitude, _Mapping]] = ..., airspace_area_km2: _Optional[float] = ..., covered_area_km2: _Optional[float] = ..., covered_share: _Optional[float] = ..., uncovered_area_km2: _Optional[float] = ..., uncovered_share: _Optional[float] = ..., underground_area_km2: _Optional[float] = ..., gap_count: _Optional[int] = ..., gaps: _Optional[_Iterable[_Union[Gap, _Mapping]]] = ..., small_gaps: _Optional[_Union[SmallGaps, _Mapping]] = ..., causes: _Optional[_Iterable[_Union[CauseShare, _Mapping]]] = ..., airstrips_seen: _Optional[int] = ..., airstrips_unseen: _Optional[int] = ..., bracket: _Optional[_Union[CoverageBracket, _Mapping]] = ...) -> None: ...

class CoverageBracket(_message.Message):
    __slots__ = ["lowest_covered_area_km2", "highest_covered_area_km2", "lowest_covered_share", "highest_covered_share", "fewest_airstrips_seen", "most_airstrips_seen"]
    LOWEST_COVERED_AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    HIGHEST_COVERED_AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    LOWEST_COVERED_SHARE_FIELD_NUMBER: _ClassVar[int]
    HIGHEST_COVERED_SHARE_FIELD_NUMBER: _ClassVar[int]
    FEWEST_AIRSTRIPS_SEEN_FIELD_NUMBER: _ClassVar[int]
    MOST_AIRSTRIPS_SEEN_FIELD_NUMBER: _ClassVar[int]
    lowest_covered_area_km2: float
    highest_covered_area_km2: float
    lowest_covered_share: float
    highest_covered_share: float
    fewest_airstrips_seen: int
    most_airstrips_seen: int
    def __init__(self, lowest_covered_area_km2: _Optional[float] = ..., highest_covered_area_km2: _Optional[float] = ..., lowest_covered_share: _Optional[float] = ..., highest_covered_share: _Optional[float] = ..., fewest_airstrips_seen: _Optional[int] = ..., most_airstrips_seen: _Optional[int] = ...) -> None: ...

class SmallGaps(_message.Message):
    __slots__ = ["gap_count", "area_km2"]
    GAP_COUNT_FIELD_NUMBER: _ClassVar[int]
    AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    gap_count: int
    area_km2: float
    def __init__(self, gap_count: _Optional[int] = ..., area_km2: _Optional[float] = ...) -> None: ...

class Gap(_message.Message):
    __slots__ = ["gap_id", "area_km2", "share", "point_inside", "bounding_box", "boundary", "departments", "airstrips", "floor", "causes"]
    GAP_ID_FIELD_NUMBER: _ClassVar[int]
    AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    POINT_INSIDE_FIELD_NUMBER: _ClassVar[int]
    BOUNDING_BOX_FIELD_NUMBER: _ClassVar[int]
    BOUNDARY_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENTS_FIELD_NUMBER: _ClassVar[int]
    AIRSTRIPS_FIELD_NUMBER: _ClassVar[int]
    FLOOR_FIELD_NUMBER: _ClassVar[int]
    CAUSES_FIELD_NUMBER: _ClassVar[int]
    gap_id: str
    area_km2: float
    share: float
    point_inside: _geometry_pb2.Position
    bounding_box: _geometry_pb2.BoundingBox
    boundary: _geometry_pb2.Polygon
    departments: _containers.RepeatedCompositeFieldContainer[DepartmentShare]
    airstrips: _containers.RepeatedCompositeFieldContainer[GapAirstrip]
    floor: FloorStatistics
    causes: _containers.RepeatedCompositeFieldContainer[CauseShare]
    def __init__(self, gap_id: _Optional[str] = ..., area_km2: _Optional[float] = ..., share: _Optional[float] = ..., point_inside: _Optional[_Union[_geometry_pb2.Position, _Mapping]] = ..., bounding_box: _Optional[_Union[_geometry_pb2.BoundingBox, _Mapping]] = ..., boundary: _Optional[_Union[_geometry_pb2.Polygon, _Mapping]] = ..., departments: _Optional[_Iterable[_Union[DepartmentShare, _Mapping]]] = ..., airstrips: _Optional[_Iterable[_Union[GapAirstrip, _Mapping]]] = ..., floor: _Optional[_Union[FloorStatistics, _Mapping]] = ..., causes: _Optional[_Iterable[_Union[CauseShare, _Mapping]]] = ...) -> None: ...

class DepartmentShare(_message.Message):
    __slots__ = ["airspace_id", "name", "area_km2"]
    AIRSPACE_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    airspace_id: str
    name: str
    area_km2: float
    def __init__(self, airspace_id: _Optional[str] = ..., name: _Optional[str] = ..., area_km2: _Optional[float] = ...) -> None: ...

class GapAirstrip(_message.Message):
    __slots__ = ["airstrip_id", "name", "position", "status"]
    AIRSTRIP_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    airstrip_id: str
    name: str
    position: _geometry_pb2.Position
    status: _airstrip_pb2.AirstripStatus
    def __init__(self, airstrip_id: _Optional[str] = ..., name: _Optional[str] = ..., position: _Optional[_Union[_geometry_pb2.Position, _Mapping]] = ..., status: _Optional[_Union[_airstrip_pb2.AirstripStatus, str]] = ...) -> None: ...

class FloorStatistics(_message.Message):
    __slots__ = ["lowest_amsl_m", "median_amsl_m", "highest_amsl_m", "lowest_agl_m", "median_agl_m", "highest_agl_m", "never_seen_share"]
    LOWEST_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    MEDIAN_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    HIGHEST_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    LOWEST_AGL_M_FIELD_NUMBER: _ClassVar[int]
    MEDIAN_AGL_M_FIELD_NUMBER: _ClassVar[int]
    HIGHEST_AGL_M_FIELD_NUMBER: _ClassVar[int]
    NEVER_SEEN_SHARE_FIELD_NUMBER: _ClassVar[int]
    lowest_amsl_m: float
    median_amsl_m: float
    highest_amsl_m: float
    lowest_agl_m: float
    median_agl_m: float
    highest_agl_m: float
    never_seen_share: float
    def __init__(self, lowest_amsl_m: _Optional[float] = ..., median_amsl_m: _Optional[float] = ..., highest_amsl_m: _Optional[float] = ..., lowest_agl_m: _Optional[float] = ..., median_agl_m: _Optional[float] = ..., highest_agl_m: _Optional[float] = ..., never_seen_share: _Optional[float] = ...) -> None: ...

class CauseShare(_message.Message):
    __slots__ = ["cause", "area_km2", "share"]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    cause: GapCause
    area_km2: float
    share: float
    def __init__(self, cause: _Optional[_Union[GapCause, str]] = ..., area_km2: _Optional[float] = ..., share: _Optional[float] = ...) -> None: ...

class Point(_message.Message):
    __slots__ = ["position", "altitude"]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    ALTITUDE_FIELD_NUMBER: _ClassVar[int]
    position: _geometry_pb2.Position
    altitude: _geometry_pb2.Altitude
    def __init__(self, position: _Optional[_Union[_geometry_pb2.Position, _Mapping]] = ..., altitude: _Optional[_Union[_geometry_pb2.Altitude, _Mapping]] = ...) -> None: ...

class CheckPointsRequest(_message.Message):
    __slots__ = ["network", "options", "points", "without_sights"]
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    WITHOUT_SIGHTS_FIELD_NUMBER: _ClassVar[int]
    network: NetworkSelection
    options: CoverageOptions
    points: _containers.RepeatedCompositeFieldContainer[Point]
    without_sights: bool
    def __init__(self, network: _Optional[_Union[NetworkSelection, _Mapping]] = ..., options: _Optional[_Union[CoverageOptions, _Mapping]] = ..., points: _Optional[_Iterable[_Union[Point, _Mapping]]] = ..., without_sights: bool = ...) -> None: ...

class CheckPointsResponse(_message.Message):
    __slots__ = ["outcomes", "radars", "warnings", "provenance"]
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    RADARS_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    outcomes: _containers.RepeatedCompositeFieldContainer[PointOutcome]
    radars: _containers.RepeatedCompositeFieldContainer[_radar_pb2.ResolvedRadar]
    warnings: _containers.RepeatedCompositeFieldContainer[_provenance_pb2.Warning]
    provenance: _provenance_pb2.Provenance
    def __init__(self, outcomes: _Optional[_Iterable[_Union[PointOutcome, _Mapping]]] = ..., radars: _Optional[_Iterable[_Union[_radar_pb2.ResolvedRadar, _Mapping]]] = ..., warnings: _Optional[_Iterable[_Union[_provenance_pb2.Warning, _Mapping]]] = ..., provenance: _Optional[_Union[_provenance_pb2.Provenance, _Mapping]] = ...) -> None: ...

class PointOutcome(_message.Message):
    __slots__ = ["point", "ground_amsl_m", "altitude_amsl_m", "seen", "seen_by", "floor_amsl_m", "floor_agl_m", "ceiling_amsl_m", "sights"]
    POINT_FIELD_NUMBER: _ClassVar[int]
    GROUND_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    ALTITUDE_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    SEEN_FIELD_NUMBER: _ClassVar[int]
    SEEN_BY_FIELD_NUMBER: _ClassVar[int]
    FLOOR_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    FLOOR_AGL_M_FIELD_NUMBER: _ClassVar[int]
    CEILING_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    SIGHTS_FIELD_NUMBER: _ClassVar[int]
    point: Point
    ground_amsl_m: float
    altitude_amsl_m: float
    seen: bool
    seen_by: _containers.RepeatedScalarFieldContainer[str]
    floor_amsl_m: float
    floor_agl_m: float
    ceiling_amsl_m: float
    sights: _containers.RepeatedCompositeFieldContainer[Sight]
    def __init__(self, point: _Optional[_Union[Point, _Mapping]] = ..., ground_amsl_m: _Optional[float] = ..., altitude_amsl_m: _Optional[float] = ..., seen: bool = ..., seen_by: _Optional[_Iterable[str]] = ..., floor_amsl_m: _Optional[float] = ..., floor_agl_m: _Optional[float] = ..., ceiling_amsl_m: _Optional[float] = ..., sights: _Optional[_Iterable[_Union[Sight, _Mapping]]] = ...) -> None: ...

class Sight(_message.Message):
    __slots__ = ["radar_id", "sees", "distance_km", "azimuth_deg", "slant_range_km", "elevation_deg", "screening_deg", "floor_amsl_m", "ceiling_amsl_m", "cause", "crest"]
    RADAR_ID_FIELD_NUMBER: _ClassVar[int]
    SEES_FIELD_NUMBER: _ClassVar[int]
    DISTANCE_KM_FIELD_NUMBER: _ClassVar[int]
    AZIMUTH_DEG_FIELD_NUMBER: _ClassVar[int]
    SLANT_RANGE_KM_FIELD_NUMBER: _ClassVar[int]
    ELEVATION_DEG_FIELD_NUMBER: _ClassVar[int]
    SCREENING_DEG_FIELD_NUMBER: _ClassVar[int]
    FLOOR_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    CEILING_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    CREST_FIELD_NUMBER: _ClassVar[int]
    radar_id: str
    sees: bool
    distance_km: float
    azimuth_deg: float
    slant_range_km: float
    elevation_deg: float
    screening_deg: float
    floor_amsl_m: float
    ceiling_amsl_m: float
    cause: GapCause
    crest: Crest
    def __init__(self, radar_id: _Optional[str] = ..., sees: bool = ..., distance_km: _Optional[float] = ..., azimuth_deg: _Optional[float] = ..., slant_range_km: _Optional[float] = ..., elevation_deg: _Optional[float] = ..., screening_deg: _Optional[float] = ..., floor_amsl_m: _Optional[float] = ..., ceiling_amsl_m: _Optional[float] = ..., cause: _Optional[_Union[GapCause, str]] = ..., crest: _Optional[_Union[Crest, _Mapping]] = ...) -> None: ...

class Crest(_message.Message):
    __slots__ = ["position", "distance_km", "elevation_amsl_m"]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    DISTANCE_KM_FIELD_NUMBER: _ClassVar[int]
    ELEVATION_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    position: _geometry_pb2.Position
    distance_km: float
    elevation_amsl_m: float
    def __init__(self, position: _Optional[_Union[_geometry_pb2.Position, _Mapping]] = ..., distance_km: _Optional[float] = ..., elevation_amsl_m: _Optional[float] = ...) -> None: ...

class GetProfileRequest(_message.Message):
    __slots__ = ["network", "options", "radar_id", "point", "sample_count", "frequency_mhz"]
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    RADAR_ID_FIELD_NUMBER: _ClassVar[int]
    POINT_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_COUNT_FIELD_NUMBER: _ClassVar[int]
    FREQUENCY_MHZ_FIELD_NUMBER: _ClassVar[int]
    network: NetworkSelection
    options: CoverageOptions
    radar_id: str
    point: Point
    sample_count: int
    frequency_mhz: float
    def __init__(self, network: _Optional[_Union[NetworkSelection, _Mapping]] = ..., options: _Optional[_Union[CoverageOptions, _Mapping]] = ..., radar_id: _Optional[str] = ..., point: _Optional[_Union[Point, _Mapping]] = ..., sample_count: _Optional[int] = ..., frequency_mhz: _Optional[float] = ...) -> None: ...

class GetProfileResponse(_message.Message):
    __slots__ = ["outcome", "samples", "radar", "warnings", "provenance", "frequency_mhz", "clearance"]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    SAMPLES_FIELD_NUMBER: _ClassVar[int]
    RADAR_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    FREQUENCY_MHZ_FIELD_NUMBER: _ClassVar[int]
    CLEARANCE_FIELD_NUMBER: _ClassVar[int]
    outcome: PointOutcome
    samples: _containers.RepeatedCompositeFieldContainer[ProfileSample]
    radar: _radar_pb2.ResolvedRadar
    warnings: _containers.RepeatedCompositeFieldContainer[_provenance_pb2.Warning]
    provenance: _provenance_pb2.Provenance
    frequency_mhz: float
    clearance: Clearance
    def __init__(self, outcome: _Optional[_Union[PointOutcome, _Mapping]] = ..., samples: _Optional[_Iterable[_Union[ProfileSample, _Mapping]]] = ..., radar: _Optional[_Union[_radar_pb2.ResolvedRadar, _Mapping]] = ..., warnings: _Optional[_Iterable[_Union[_provenance_pb2.Warning, _Mapping]]] = ..., provenance: _Optional[_Union[_provenance_pb2.Provenance, _Mapping]] = ..., frequency_mhz: _Optional[float] = ..., clearance: _Optional[_Union[Clearance, _Mapping]] = ...) -> None: ...

class Clearance(_message.Message):
    __slots__ = ["position", "distance_km", "clearance_m", "fresnel_radii"]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    DISTANCE_KM_FIELD_NUMBER: _ClassVar[int]
    CLEARANCE_M_FIELD_NUMBER: _ClassVar[int]
    FRESNEL_RADII_FIELD_NUMBER: _ClassVar[int]
    position: _geometry_pb2.Position
    distance_km: float
    clearance_m: float
    fresnel_radii: float
    def __init__(self, position: _Optional[_Union[_geometry_pb2.Position, _Mapping]] = ..., distance_km: _Optional[float] = ..., clearance_m: _Optional[float] = ..., fresnel_radii: _Optional[float] = ...) -> None: ...

class ProfileSample(_message.Message):
    __slots__ = ["position", "distance_km", "terrain_amsl_m", "ray_amsl_m", "floor_amsl_m", "fresnel_radius_m"]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    DISTANCE_KM_FIELD_NUMBER: _ClassVar[int]
    TERRAIN_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    RAY_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    FLOOR_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    FRESNEL_RADIUS_M_FIELD_NUMBER: _ClassVar[int]
    position: _geometry_pb2.Position
    distance_km: float
    terrain_amsl_m: float
    ray_amsl_m: float
    floor_amsl_m: float
    fresnel_radius_m: float
    def __init__(self, position: _Optional[_Union[_geometry_pb2.Position, _Mapping]] = ..., distance_km: _Optional[float] = ..., terrain_amsl_m: _Optional[float] = ..., ray_amsl_m: _Optional[float] = ..., floor_amsl_m: _Optional[float] = ..., fresnel_radius_m: _Optional[float] = ...) -> None: ...

class AssessAirstripsRequest(_message.Message):
    __slots__ = ["network", "options", "airstrips", "airspace"]
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    AIRSTRIPS_FIELD_NUMBER: _ClassVar[int]
    AIRSPACE_FIELD_NUMBER: _ClassVar[int]
    network: NetworkSelection
    options: CoverageOptions
    airstrips: _airstrip_pb2.AirstripSelection
    airspace: AirspaceSelection
    def __init__(self, network: _Optional[_Union[NetworkSelection, _Mapping]] = ..., options: _Optional[_Union[CoverageOptions, _Mapping]] = ..., airstrips: _Optional[_Union[_airstrip_pb2.AirstripSelection, _Mapping]] = ..., airspace: _Optional[_Union[AirspaceSelection, _Mapping]] = ...) -> None: ...

class AssessAirstripsResponse(_message.Message):
    __slots__ = ["exposures", "radars", "warnings", "provenance"]
    EXPOSURES_FIELD_NUMBER: _ClassVar[int]
    RADARS_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    exposures: _containers.RepeatedCompositeFieldContainer[AirstripExposure]
    radars: _containers.RepeatedCompositeFieldContainer[_radar_pb2.ResolvedRadar]
    warnings: _containers.RepeatedCompositeFieldContainer[_provenance_pb2.Warning]
    provenance: _provenance_pb2.Provenance
    def __init__(self, exposures: _Optional[_Iterable[_Union[AirstripExposure, _Mapping]]] = ..., radars: _Optional[_Iterable[_Union[_radar_pb2.ResolvedRadar, _Mapping]]] = ..., warnings: _Optional[_Iterable[_Union[_provenance_pb2.Warning, _Mapping]]] = ..., provenance: _Optional[_Union[_provenance_pb2.Provenance, _Mapping]] = ...) -> None: ...

class AirstripExposure(_message.Message):
    __slots__ = ["airstrip", "ground_amsl_m", "floor_amsl_m", "floor_agl_m", "seen_by", "nearest_radar_id", "nearest_radar_km"]
    AIRSTRIP_FIELD_NUMBER: _ClassVar[int]
    GROUND_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    FLOOR_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    FLOOR_AGL_M_FIELD_NUMBER: _ClassVar[int]
    SEEN_BY_FIELD_NUMBER: _ClassVar[int]
    NEAREST_RADAR_ID_FIELD_NUMBER: _ClassVar[int]
    NEAREST_RADAR_KM_FIELD_NUMBER: _ClassVar[int]
    airstrip: _airstrip_pb2.Airstrip
    ground_amsl_m: float
    floor_amsl_m: float
    floor_agl_m: float
    seen_by: _containers.RepeatedScalarFieldContainer[str]
    nearest_radar_id: str
    nearest_radar_km: float
    def __init__(self, airstrip: _Optional[_Union[_airstrip_pb2.Airstrip, _Mapping]] = ..., ground_amsl_m: _Optional[float] = ..., floor_amsl_m: _Optional[float] = ..., floor_agl_m: _Optional[float] = ..., seen_by: _Optional[_Iterable[str]] = ..., nearest_radar_id: _Optional[str] = ..., nearest_radar_km: _Optional[float] = ...) -> None: ...

class ExportFloorRequest(_message.Message):
    __slots__ = ["network", "options", "compression"]
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    COMPRESSION_FIELD_NUMBER: _ClassVar[int]
    network: NetworkSelection
    options: CoverageOptions
    compression: Compression
    def __init__(self, network: _Optional[_Union[NetworkSelection, _Mapping]] = ..., options: _Optional[_Union[CoverageOptions, _Mapping]] = ..., compression: _Optional[_Union[Compression, str]] = ...) -> None: ...

class ExportFloorResponse(_message.Message):
    __slots__ = ["summary", "geotiff_chunk"]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    GEOTIFF_CHUNK_FIELD_NUMBER: _ClassVar[int]
    summary: FloorSummary
    geotiff_chunk: bytes
    def __init__(self, summary: _Optional[_Union[FloorSummary, _Mapping]] = ..., geotiff_chunk: _Optional[bytes] = ...) -> None: ...

class FloorSummary(_message.Message):
    __slots__ = ["geotiff_bytes", "columns", "rows", "radars", "warnings", "provenance", "grid", "nodata_amsl_m", "horizontal_datum", "vertical_datum"]
    GEOTIFF_BYTES_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    RADARS_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    GRID_FIELD_NUMBER: _ClassVar[int]
    NODATA_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    HORIZONTAL_DATUM_FIELD_NUMBER: _ClassVar[int]
    VERTICAL_DATUM_FIELD_NUMBER: _ClassVar[int]
    geotiff_bytes: int
    columns: int
    rows: int
    radars: _containers.RepeatedCompositeFieldContainer[_radar_pb2.ResolvedRadar]
    warnings: _containers.RepeatedCompositeFieldContainer[_provenance_pb2.Warning]
    provenance: _provenance_pb2.Provenance
    grid: PostGrid
    nodata_amsl_m: int
    horizontal_datum: str
    vertical_datum: str
    def __init__(self, geotiff_bytes: _Optional[int] = ..., columns: _Optional[int] = ..., rows: _Optional[int] = ..., radars: _Optional[_Iterable[_Union[_radar_pb2.ResolvedRadar, _Mapping]]] = ..., warnings: _Optional[_Iterable[_Union[_provenance_pb2.Warning, _Mapping]]] = ..., provenance: _Optional[_Union[_provenance_pb2.Provenance, _Mapping]] = ..., grid: _Optional[_Union[PostGrid, _Mapping]] = ..., nodata_amsl_m: _Optional[int] = ..., horizontal_datum: _Optional[str] = ..., vertical_datum: _Optional[str] = ...) -> None: ...

class PostGrid(_message.Message):
    __slots__ = ["first_post", "lon_step_deg", "lat_step_deg"]
    FIRST_POST_FIELD_NUMBER: _ClassVar[int]
    LON_STEP_DEG_FIELD_NUMBER: _ClassVar[int]
    LAT_STEP_DEG_FIELD_NUMBER: _ClassVar[int]
    first_post: _geometry_pb2.Position
    lon_step_deg: float
    lat_step_deg: float
    def __init__(self, first_post: _Optional[_Union[_geometry_pb2.Position, _Mapping]] = ..., lon_step_deg: _Optional[float] = ..., lat_step_deg: _Optional[float] = ...) -> None: ...

class WatchProgressRequest(_message.Message):
    __slots__ = ["call_id"]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    call_id: str
    def __init__(self, call_id: _Optional[str] = ...) -> None: ...

class WatchProgressResponse(_message.Message):
    __slots__ = ["share", "doing"]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    DOING_FIELD_NUMBER: _ClassVar[int]
    share: float
    doing: str
    def __init__(self, share: _Optional[float] = ..., doing: _Optional[str] = ...) -> None: ...
