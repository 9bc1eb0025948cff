from canopy.v1 import coverage_pb2 as _coverage_pb2
from canopy.v1 import geometry_pb2 as _geometry_pb2
from canopy.v1 import provenance_pb2 as _provenance_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetTerrainRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class GetTerrainResponse(_message.Message):
    __slots__ = ["terrain", "bounding_box", "columns", "rows", "warnings", "contents"]
    TERRAIN_FIELD_NUMBER: _ClassVar[int]
    BOUNDING_BOX_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    CONTENTS_FIELD_NUMBER: _ClassVar[int]
    terrain: _provenance_pb2.Terrain
    bounding_box: _geometry_pb2.BoundingBox
    columns: int
    rows: int
    warnings: _containers.RepeatedCompositeFieldContainer[_provenance_pb2.Warning]
    contents: TerrainContents
    def __init__(self, terrain: _Optional[_Union[_provenance_pb2.Terrain, _Mapping]] = ..., bounding_box: _Optional[_Union[_geometry_pb2.BoundingBox, _Mapping]] = ..., columns: _Optional[int] = ..., rows: _Optional[int] = ..., warnings: _Optional[_Iterable[_Union[_provenance_pb2.Warning, _Mapping]]] = ..., contents: _Optional[_Union[TerrainContents, _Mapping]] = ...) -> None: ...

class TerrainContents(_message.Message):
    __slots__ = ["size_bytes", "missing_posts", "filled_posts", "sea_posts", "overview_arcsec", "sources"]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    MISSING_POSTS_FIELD_NUMBER: _ClassVar[int]
    FILLED_POSTS_FIELD_NUMBER: _ClassVar[int]
    SEA_POSTS_FIELD_NUMBER: _ClassVar[int]
    OVERVIEW_ARCSEC_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    size_bytes: int
    missing_posts: int
    filled_posts: int
    sea_posts: int
    overview_arcsec: _containers.RepeatedScalarFieldContainer[float]
    sources: _containers.RepeatedCompositeFieldContainer[TerrainSource]
    def __init__(self, size_bytes: _Optional[int] = ..., missing_posts: _Optional[int] = ..., filled_posts: _Optional[int] = ..., sea_posts: _Optional[int] = ..., overview_arcsec: _Optional[_Iterable[float]] = ..., sources: _Optional[_Iterable[_Union[TerrainSource, _Mapping]]] = ...) -> None: ...

class TerrainSource(_message.Message):
    __slots__ = ["name", "identity", "source", "licence"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    LICENCE_FIELD_NUMBER: _ClassVar[int]
    name: str
    identity: str
    source: str
    licence: str
    def __init__(self, name: _Optional[str] = ..., identity: _Optional[str] = ..., source: _Optional[str] = ..., licence: _Optional[str] = ...) -> None: ...

class GetElevationsRequest(_message.Message):
    __slots__ = ["positions"]
    POSITIONS_FIELD_NUMBER: _ClassVar[int]
    positions: _containers.RepeatedCompositeFieldContainer[_geometry_pb2.Position]
    def __init__(self, positions: _Optional[_Iterable[_Union[_geometry_pb2.Position, _Mapping]]] = ...) -> None: ...

class GetElevationsResponse(_message.Message):
    __slots__ = ["elevations", "terrain", "warnings"]
    ELEVATIONS_FIELD_NUMBER: _ClassVar[int]
    TERRAIN_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    elevations: _containers.RepeatedCompositeFieldContainer[Elevation]
    terrain: _provenance_pb2.Terrain
    warnings: _containers.RepeatedCompositeFieldContainer[_provenance_pb2.Warning]
    def __init__(self, elevations: _Optional[_Iterable[_Union[Elevation, _Mapping]]] = ..., terrain: _Optional[_Union[_provenance_pb2.Terrain, _Mapping]] = ..., warnings: _Optional[_Iterable[_Union[_provenance_pb2.Warning, _Mapping]]] = ...) -> None: ...

class Elevation(_message.Message):
    __slots__ = ["elevation_amsl_m"]
    ELEVATION_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    elevation_amsl_m: float
    def __init__(self, elevation_amsl_m: _Optional[float] = ...) -> None: ...

class GetElevationGridRequest(_message.Message):
    __slots__ = ["bounding_box", "columns", "rows"]
    BOUNDING_BOX_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    bounding_box: _geometry_pb2.BoundingBox
    columns: int
    rows: int
    def __init__(self, bounding_box: _Optional[_Union[_geometry_pb2.BoundingBox, _Mapping]] = ..., columns: _Optional[int] = ..., rows: _Optional[int] = ...) -> None: ...

class GetElevationGridResponse(_message.Message):
    __slots__ = ["bounding_box", "columns", "rows", "elevations_amsl_m", "terrain", "warnings"]
    BOUNDING_BOX_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    ELEVATIONS_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    TERRAIN_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    bounding_box: _geometry_pb2.BoundingBox
    columns: int
    rows: int
    elevations_amsl_m: _containers.RepeatedScalarFieldContainer[float]
    terrain: _provenance_pb2.Terrain
    warnings: _containers.RepeatedCompositeFieldContainer[_provenance_pb2.Warning]
    def __init__(self, bounding_box: _Optional[_Union[_geometry_pb2.BoundingBox, _Mapping]] = ..., columns: _Optional[int] = ..., rows: _Optional[int] = ..., elevations_amsl_m: _Optional[_Iterable[float]] = ..., terrain: _Optional[_Union[_provenance_pb2.Terrain, _Mapping]] = ..., warnings: _Optional[_Iterable[_Union[_provenance_pb2.Warning, _Mapping]]] = ...) -> None: ...

class GetTerrainProfileRequest(_message.Message):
    __slots__ = ["to", "sample_count"]
    FROM_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_COUNT_FIELD_NUMBER: _ClassVar[int]
    to: _geometry_pb2.Position
    sample_count: int
    def __init__(self, to: _Optional[_Union[_geometry_pb2.Position, _Mapping]] = ..., sample_count: _Optional[int] = ..., **kwargs) -> None: ...

class GetTerrainProfileResponse(_message.Message):
    __slots__ = ["samples", "distance_km", "terrain", "warnings"]
    SAMPLES_FIELD_NUMBER: _ClassVar[int]
    DISTANCE_KM_FIELD_NUMBER: _ClassVar[int]
    TERRAIN_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    samples: _containers.RepeatedCompositeFieldContainer[TerrainSample]
    distance_km: float
    terrain: _provenance_pb2.Terrain
    warnings: _containers.RepeatedCompositeFieldContainer[_provenance_pb2.Warning]
    def __init__(self, samples: _Optional[_Iterable[_Union[TerrainSample, _Mapping]]] = ..., distance_km: _Optional[float] = ..., terrain: _Optional[_Union[_provenance_pb2.Terrain, _Mapping]] = ..., warnings: _Optional[_Iterable[_Union[_provenance_pb2.Warning, _Mapping]]] = ...) -> None: ...

class TerrainSample(_message.Message):
    __slots__ = ["position", "distance_km", "elevation_amsl_m"]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    DISTANCE_KM_FIELD_NUMBER: _ClassVar[int]
    ELEVATION_AMSL_M_FIELD_NUMBER: _ClassVar[int]
    position: _geometry_pb2.Position
    distance_km: float
    elevation_amsl_m: float
    def __init__(self, position: _Optional[_Union[_geometry_pb2.Position, _Mapping]] = ..., distance_km: _Optional[float] = ..., elevation_amsl_m: _Optional[float] = ...) -> None: ...

class GetTerrainExtentRequest(_message.Message):
    __slots__ = ["airspace"]
    AIRSPACE_FIELD_NUMBER: _ClassVar[int]
    airspace: _coverage_pb2.AirspaceSelection
    def __init__(self, airspace: _Optional[_Union[_coverage_pb2.AirspaceSelection, _Mapping]] = ...) -> None: ...

class GetTerrainExtentResponse(_message.Message):
    __slots__ = ["area_km2", "missing_area_km2", "missing_share", "missing", "terrain", "warnings"]
    AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    MISSING_AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    MISSING_SHARE_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    TERRAIN_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    area_km2: float
    missing_area_km2: float
    missing_share: float
    missing: _containers.RepeatedCompositeFieldContainer[MissingTerrain]
    terrain: _provenance_pb2.Terrain
    warnings: _containers.RepeatedCompositeFieldContainer[_provenance_pb2.Warning]
    def __init__(self, area_km2: _Optional[float] = ..., missing_area_km2: _Optional[float] = ..., missing_share: _Optional[float] = ..., missing: _Optional[_Iterable[_Union[MissingTerrain, _Mapping]]] = ..., terrain: _Optional[_Union[_provenance_pb2.Terrain, _Mapping]] = ..., warnings: _Optional[_Iterable[_Union[_provenance_pb2.Warning, _Mapping]]] = ...) -> None: ...

class MissingTerrain(_message.Message):
    __slots__ = ["area_km2", "bounding_box"]
    AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    BOUNDING_BOX_FIELD_NUMBER: _ClassVar[int]
    area_km2: float
    bounding_box: _geometry_pb2.BoundingBox
    def __init__(self, area_km2: _Optional[float] = ..., bounding_box: _Optional[_Union[_geometry_pb2.BoundingBox, _Mapping]] = ...) -> None: ...
