from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Position(_message.Message):
    __slots__ = ["lat_deg", "lon_deg"]
    LAT_DEG_FIELD_NUMBER: _ClassVar[int]
    LON_DEG_FIELD_NUMBER: _ClassVar[int]
    lat_deg: float
    lon_deg: float
    def __init__(self, lat_deg: _Optional[float] = ..., lon_deg: _Optional[float] = ...) -> None: ...

class Ring(_message.Message):
    __slots__ = ["positions"]
    POSITIONS_FIELD_NUMBER: _ClassVar[int]
    positions: _containers.RepeatedCompositeFieldContainer[Position]
    def __init__(self, positions: _Optional[_Iterable[_Union[Position, _Mapping]]] = ...) -> None: ...

class Polygon(_message.Message):
    __slots__ = ["rings"]
    RINGS_FIELD_NUMBER: _ClassVar[int]
    rings: _containers.RepeatedCompositeFieldContainer[Ring]
    def __init__(self, rings: _Optional[_Iterable[_Union[Ring, _Mapping]]] = ...) -> None: ...

class Area(_message.Message):
    __slots__ = ["name", "polygons"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    POLYGONS_FIELD_NUMBER: _ClassVar[int]
    name: str
    polygons: _containers.RepeatedCompositeFieldContainer[Polygon]
    def __init__(self, name: _Optional[str] = ..., polygons: _Optional[_Iterable[_Union[Polygon, _Mapping]]] = ...) -> None: ...

class BoundingBox(_message.Message):
    __slots__ = ["west_deg", "south_deg", "east_deg", "north_deg"]
    WEST_DEG_FIELD_NUMBER: _ClassVar[int]
    SOUTH_DEG_FIELD_NUMBER: _ClassVar[int]
    EAST_DEG_FIELD_NUMBER: _ClassVar[int]
    NORTH_DEG_FIELD_NUMBER: _ClassVar[int]
    west_deg: float
    south_deg: float
    east_deg: float
    north_deg: float
    def __init__(self, west_deg: _Optional[float] = ..., south_deg: _Optional[float] = ..., east_deg: _Optional[float] = ..., north_deg: _Optional[float] = ...) -> None: ...

class Altitude(_message.Message):
    __slots__ = ["agl_m", "amsl_m", "flight_level"]
    AGL_M_FIELD_NUMBER: _ClassVar[int]
    AMSL_M_FIELD_NUMBER: _ClassVar[int]
    FLIGHT_LEVEL_FIELD_NUMBER: _ClassVar[int]
    agl_m: float
    amsl_m: float
    flight_level: float
    def __init__(self, agl_m: _Optional[float] = ..., amsl_m: _Optional[float] = ..., flight_level: _Optional[float] = ...) -> None: ...
