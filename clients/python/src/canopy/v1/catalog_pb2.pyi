from canopy.v1 import airstrip_pb2 as _airstrip_pb2
from canopy.v1 import geometry_pb2 as _geometry_pb2
from canopy.v1 import radar_pb2 as _radar_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AirspaceKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
    AIRSPACE_KIND_UNSPECIFIED: _ClassVar[AirspaceKind]
    AIRSPACE_KIND_COUNTRY: _ClassVar[AirspaceKind]
    AIRSPACE_KIND_DEPARTMENT: _ClassVar[AirspaceKind]
    AIRSPACE_KIND_ZONE: _ClassVar[AirspaceKind]
AIRSPACE_KIND_UNSPECIFIED: AirspaceKind
AIRSPACE_KIND_COUNTRY: AirspaceKind
AIRSPACE_KIND_DEPARTMENT: AirspaceKind
AIRSPACE_KIND_ZONE: AirspaceKind

class Airspace(_message.Message):
    __slots__ = ["airspace_id", "name", "kind", "area_km2", "bounding_box", "source", "licence", "assumptions", "area"]
    AIRSPACE_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    AREA_KM2_FIELD_NUMBER: _ClassVar[int]
    BOUNDING_BOX_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    LICENCE_FIELD_NUMBER: _ClassVar[int]
    ASSUMPTIONS_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    airspace_id: str
    name: str
    kind: AirspaceKind
    area_km2: float
    bounding_box: _geometry_pb2.BoundingBox
    source: str
    licence: str
    assumptions: _containers.RepeatedScalarFieldContainer[str]
    area: _geometry_pb2.Area
    def __init__(self, airspace_id: _Optional[str] = ..., name: _Optional[str] = ..., kind: _Optional[_Union[AirspaceKind, str]] = ..., area_km2: _Optional[float] = ..., bounding_box: _Optional[_Union[_geometry_pb2.BoundingBox, _Mapping]] = ..., source: _Optional[str] = ..., licence: _Optional[str] = ..., assumptions: _Optional[_Iterable[str]] = ..., area: _Optional[_Union[_geometry_pb2.Area, _Mapping]] = ...) -> None: ...

class Scenario(_message.Message):
    __slots__ = ["scenario_id", "name", "summary", "radars", "airspace_id", "altitudes", "sources", "assumptions"]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    RADARS_FIELD_NUMBER: _ClassVar[int]
    AIRSPACE_ID_FIELD_NUMBER: _ClassVar[int]
    ALTITUDES_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    ASSUMPTIONS_FIELD_NUMBER: _ClassVar[int]
    scenario_id: str
    name: str
    summary: str
    radars: _containers.RepeatedCompositeFieldContainer[_radar_pb2.Radar]
    airspace_id: str
    altitudes: _containers.RepeatedCompositeFieldContainer[_geometry_pb2.Altitude]
    sources: _containers.RepeatedScalarFieldContainer[str]
    assumptions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, scenario_id: _Optional[str] = ..., name: _Optional[str] = ..., summary: _Optional[str] = ..., radars: _Optional[_Iterable[_Union[_radar_pb2.Radar, _Mapping]]] = ..., airspace_id: _Optional[str] = ..., altitudes: _Optional[_Iterable[_Union[_geometry_pb2.Altitude, _Mapping]]] = ..., sources: _Optional[_Iterable[str]] = ..., assumptions: _Optional[_Iterable[str]] = ...) -> None: ...

class ListRadarModelsRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class ListRadarModelsResponse(_message.Message):
    __slots__ = ["radar_models"]
    RADAR_MODELS_FIELD_NUMBER: _ClassVar[int]
    radar_models: _containers.RepeatedCompositeFieldContainer[_radar_pb2.RadarModel]
    def __init__(self, radar_models: _Optional[_Iterable[_Union[_radar_pb2.RadarModel, _Mapping]]] = ...) -> None: ...

class ListScenariosRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class ListScenariosResponse(_message.Message):
    __slots__ = ["scenarios"]
    SCENARIOS_FIELD_NUMBER: _ClassVar[int]
    scenarios: _containers.RepeatedCompositeFieldContainer[Scenario]
    def __init__(self, scenarios: _Optional[_Iterable[_Union[Scenario, _Mapping]]] = ...) -> None: ...

class GetScenarioRequest(_message.Message):
    __slots__ = ["scenario_id"]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    scenario_id: str
    def __init__(self, scenario_id: _Optional[str] = ...) -> None: ...

class GetScenarioResponse(_message.Message):
    __slots__ = ["scenario"]
    SCENARIO_FIELD_NUMBER: _ClassVar[int]
    scenario: Scenario
    def __init__(self, scenario: _Optional[_Union[Scenario, _Mapping]] = ...) -> None: ...

class ListAirspacesRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class ListAirspacesResponse(_message.Message):
    __slots__ = ["airspaces"]
    AIRSPACES_FIELD_NUMBER: _ClassVar[int]
    airspaces: _containers.RepeatedCompositeFieldContainer[Airspace]
    def __init__(self, airspaces: _Optional[_Iterable[_Union[Airspace, _Mapping]]] = ...) -> None: ...

class GetAirspaceRequest(_message.Message):
    __slots__ = ["airspace_id"]
    AIRSPACE_ID_FIELD_NUMBER: _ClassVar[int]
    airspace_id: str
    def __init__(self, airspace_id: _Optional[str] = ...) -> None: ...

class GetAirspaceResponse(_message.Message):
    __slots__ = ["airspace"]
    AIRSPACE_FIELD_NUMBER: _ClassVar[int]
    airspace: Airspace
    def __init__(self, airspace: _Optional[_Union[Airspace, _Mapping]] = ...) -> None: ...

class ListAirstripsRequest(_message.Message):
    __slots__ = ["airstrips", "page_size", "page_token", "statuses"]
    AIRSTRIPS_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    STATUSES_FIELD_NUMBER: _ClassVar[int]
    airstrips: _airstrip_pb2.AirstripSelection
    page_size: int
    page_token: str
    statuses: _containers.RepeatedScalarFieldContainer[_airstrip_pb2.AirstripStatus]
    def __init__(self, airstrips: _Optional[_Union[_airstrip_pb2.AirstripSelection, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., statuses: _Optional[_Iterable[_Union[_airstrip_pb2.AirstripStatus, str]]] = ...) -> None: ...

class ListAirstripsResponse(_message.Message):
    __slots__ = ["airstrips", "next_page_token", "total_size"]
    AIRSTRIPS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    airstrips: _containers.RepeatedCompositeFieldContainer[_airstrip_pb2.Airstrip]
    next_page_token: str
    total_size: int
    def __init__(self, airstrips: _Optional[_Iterable[_Union[_airstrip_pb2.Airstrip, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ...) -> None: ...

class FindNearestAirstripsRequest(_message.Message):
    __slots__ = ["airstrips", "position", "count", "statuses"]
    AIRSTRIPS_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    STATUSES_FIELD_NUMBER: _ClassVar[int]
    airstrips: _airstrip_pb2.AirstripSelection
    position: _geometry_pb2.Position
    count: int
    statuses: _containers.RepeatedScalarFieldContainer[_airstrip_pb2.AirstripStatus]
    def __init__(self, airstrips: _Optional[_Union[_airstrip_pb2.AirstripSelection, _Mapping]] = ..., position: _Optional[_Union[_geometry_pb2.Position, _Mapping]] = ..., count: _Optional[int] = ..., statuses: _Optional[_Iterable[_Union[_airstrip_pb2.AirstripStatus, str]]] = ...) -> None: ...

class FindNearestAirstripsResponse(_message.Message):
    __slots__ = ["hits"]
    HITS_FIELD_NUMBER: _ClassVar[int]
    hits: _containers.RepeatedCompositeFieldContainer[AirstripHit]
    def __init__(self, hits: _Optional[_Iterable[_Union[AirstripHit, _Mapping]]] = ...) -> None: ...

class AirstripHit(_message.Message):
    __slots__ = ["airstrip", "distance_km"]
    AIRSTRIP_FIELD_NUMBER: _ClassVar[int]
    DISTANCE_KM_FIELD_NUMBER: _ClassVar[int]
    airstrip: _airstrip_pb2.Airstrip
    distance_km: float
    def __init__(self, airstrip: _Optional[_Union[_airstrip_pb2.Airstrip, _Mapping]] = ..., distance_km: _Optional[float] = ...) -> None: ...

class FindAirstripsWithinRequest(_message.Message):
    __slots__ = ["airstrips", "circle", "airspace_id", "area", "statuses"]
    AIRSTRIPS_FIELD_NUMBER: _ClassVar[int]
    CIRCLE_FIELD_NUMBER: _ClassVar[int]
    AIRSPACE_ID_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    STATUSES_FIELD_NUMBER: _ClassVar[int]
    airstrips: _airstrip_pb2.AirstripSelection
    circle: Circle
    airspace_id: str
    area: _geometry_pb2.Area
    statuses: _containers.RepeatedScalarFieldContainer[_airstrip_pb2.AirstripStatus]
    def __init__(self, airstrips: _Optional[_Union[_airstrip_pb2.AirstripSelection, _Mapping]] = ..., circle: _Optional[_Union[Circle, _Mapping]] = ..., airspace_id: _Optional[str] = ..., area: _Optional[_Union[_geometry_pb2.Area, _Mapping]] = ..., statuses: _Optional[_Iterable[_Union[_airstrip_pb2.AirstripStatus, str]]] = ...) -> None: ...

class Circle(_message.Message):
    __slots__ = ["position", "radius_km"]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    RADIUS_KM_FIELD_NUMBER: _ClassVar[int]
    position: _geometry_pb2.Position
    radius_km: float
    def __init__(self, position: _Optional[_Union[_geometry_pb2.Position, _Mapping]] = ..., radius_km: _Optional[float] = ...) -> None: ...

class FindAirstripsWithinResponse(_message.Message):
    __slots__ = ["hits"]
    HITS_FIELD_NUMBER: _ClassVar[int]
    hits: _containers.RepeatedCompositeFieldContainer[AirstripHit]
    def __init__(self, hits: _Optional[_Iterable[_Union[AirstripHit, _Mapping]]] = ...) -> None: ...
