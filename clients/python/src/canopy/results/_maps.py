"""Maps to move about in, by folium, for networks that are closed.

folium's maps load Leaflet and more from the internet. Here Leaflet comes from
this package and stands in the map itself; nothing else is needed as long as
what is shown is GeoJSON, images, circles and tooltips.
"""

from __future__ import annotations

import base64
import json
import math
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from canopy.results import _colours, _svg, _words
from canopy.results._extras import need
from canopy.results._panel import mark_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from folium import FeatureGroup, Map

    from canopy.results._about import About
    from canopy.results._layer import Layer
    from canopy.results._panel import KeyEntry, Panel, Raster

# The map fills what its title and key leave of the page.
_STYLE = """
html { background: #fff; }
body { display: flex; flex-direction: column; font: 12px sans-serif; }
.folium-map { flex: 1; height: auto !important; }
.leaflet-container { background: #fff; }
.leaflet-attribution-flag { display: none !important; }
.leaflet-tooltip { white-space: normal; width: max-content; max-width: 320px; }
.canopy { padding: 6px 10px; }
.canopy span { margin-right: 12px; white-space: nowrap; }
"""

# As much of a text as is told under the pointer.
_LONGEST = 240

# Areas lie below points, in whichever order they are switched on.
_AREAS = "areas"


def explore(
    panels: Sequence[Panel], about: About, tiles: str | None, attribution: str | None
) -> Map:
    """Return a map of panels, of which one is shown at a time."""
    folium = need("folium", "explore()")
    made = _new(about, tiles, attribution)
    folium.map.CustomPane(_AREAS, z_index=350, pointer_events=True).add_to(made)
    _outline(made, panels[0])
    for i, panel in enumerate(panels):
        several = len(panels) > 1
        group = folium.FeatureGroup(panel.title, overlay=not several, show=i == 0)
        for layer in panel.layers:
            if mark_of(layer) != "radar":
                _layer(layer, group)
        group.add_to(made)
    for layer in panels[0].layers:
        if mark_of(layer) == "radar":
            _layer(layer, made)
    return _finished(made, panels, about)


def _new(about: About, tiles: str | None, attribution: str | None) -> Any:
    """Return a map without what folium would load, and with Leaflet in it."""
    folium, element = need("folium", "explore()"), need("branca.element", "explore()")
    made = folium.Map(tiles=tiles, attr=attribution, control_scale=True, zoom_snap=0.25)
    made.default_js, made.default_css = [], []
    header = made.get_root().header
    header.add_child(element.Element(_raw(f"<style>{_leaflet('leaflet.css')}</style>")))
    header.add_child(element.Element(_raw(f"<script>{_leaflet('leaflet.js')}</script>")))
    header.add_child(element.Element(f"<title>{_text(about.title)}</title>"))
    header.add_child(element.Element(_raw(f"<style>{_STYLE}</style>")))
    return made


@cache
def _leaflet(name: str) -> str:
    return files("canopy.results").joinpath("leaflet", name).read_text(encoding="utf-8")


def _raw(text: str) -> str:
    """Keep a text of this package from being read as a template."""
    return "{% raw %}" + text + "{% endraw %}"


def _outline(made: Map, panel: Panel) -> None:
    if panel.raster is not None:
        _image(made, panel.raster)
    if panel.outline:
        style = {
            "color": _colours.OUTLINE,
            "weight": 1,
            "fillColor": panel.fill,
            "fillOpacity": 0 if panel.fill == "none" else 1,
            "interactive": False,
        }
        feature = _feature("MultiPolygon", panel.outline, {"style": style})
        _geojson([feature], (), made, interactive=False)


def _image(made: Any, raster: Raster) -> None:
    """Lay a raster over the map, its rows moved to where Mercator has them."""
    numpy = need("numpy", "explore()")
    box, rows = raster.box, len(raster.pixels)
    south, north = (math.asinh(math.tan(math.radians(lat))) for lat in (box.south, box.north))
    middles = north - (numpy.arange(rows) + 0.5) / rows * (north - south)
    lat_deg = numpy.degrees(numpy.arctan(numpy.sinh(middles)))
    row = ((box.north - lat_deg) / (box.north - box.south) * rows).astype(int).clip(0, rows - 1)
    data = base64.b64encode(_svg.png(raster.pixels[row])).decode("ascii")
    need("folium", "explore()").raster_layers.ImageOverlay(
        "data:image/png;base64," + data,
        bounds=[[box.south, box.west], [box.north, box.east]],
        pane=_AREAS,
    ).add_to(made)


def _layer(layer: Layer, parent: Map | FeatureGroup) -> None:
    """Add a layer, whose things say what they are under the pointer."""
    names = layer.told or [name for name in layer.columns if name not in ("lat_deg", "lon_deg")]
    columns = [layer.columns[name] for name in names]
    features = [
        _feature(
            layer.kind,
            shape,
            {name: _text(column[i]) for name, column in zip(names, columns, strict=True)}
            | {"style": _style(layer, i)},
        )
        for i, shape in enumerate(layer.coordinates())
    ]
    if features:
        _geojson(features, names, parent, radius=7 if mark_of(layer) == "radar" else 5)


def _style(layer: Layer, line: int) -> dict[str, Any]:
    colour = layer.colour(line)
    if layer.kind == "Point":
        return {"color": "#ffffff", "weight": 1, "fillColor": colour, "fillOpacity": 1}
    weight = 3 if layer.kind == "LineString" else 1
    fill = _colours.light(colour)
    return {"color": colour, "weight": weight, "fillColor": fill, "fillOpacity": 0.9}


def _feature(kind: str, coordinates: Any, properties: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _geojson(
    features: list[dict[str, Any]],
    fields: Sequence[str],
    parent: Map | FeatureGroup,
    *,
    radius: float = 5,
    interactive: bool = True,
) -> None:
    folium = need("folium", "explore()")
    # What folium reads of GeoJSON is what JSON knows: lists, no tuples.
    data = json.loads(json.dumps({"type": "FeatureCollection", "features": features}))
    folium.GeoJson(
        data,
        control=False,
        tooltip=folium.GeoJsonTooltip(list(fields)) if fields else None,
        marker=folium.CircleMarker(radius=radius, fill=True),
        pane=_AREAS,
        interactive=interactive,
    ).add_to(parent)


def _text(value: Any) -> str:
    """Write a value for a page, which takes what it gets for a template and for markup."""
    if isinstance(value, float):
        return "" if math.isnan(value) else _words.plain(round(value, 3))
    text = str(value)
    if len(text) > _LONGEST:
        text = text[:_LONGEST].rsplit(" ", 1)[0] + " …"
    return escape(text).replace("{", "&#123;")


def _finished(made: Any, panels: Sequence[Panel], about: About) -> Map:
    folium, element = need("folium", "explore()"), need("branca.element", "explore()")
    if len(panels) > 1:
        folium.LayerControl(collapsed=False).add_to(made)
    box = panels[0].bounds()
    made.fit_bounds([[box.south, box.west], [box.north, box.east]])
    keys = dict.fromkeys(entry for panel in panels for entry in panel.key())
    made.get_root().html.add_child(element.Element(_heading(keys, about)))
    finished: Map = made
    return finished


def _heading(entries: Iterable[KeyEntry], about: About) -> str:
    items = " ".join(
        f'<span><b style="color:{entry.colour}">{_SIGNS[entry.mark]}</b> {_text(entry.text)}</span>'
        for entry in entries
    )
    colour = _colours.DEMONSTRATION if about.provenance.terrain.demonstration else "#444444"
    terrain = f'<div style="color:{colour}">{_text(about.terrain)}</div>'
    return f'<div class="canopy"><b>{_text(about.title)}</b><div>{items}</div>{terrain}</div>'


_SIGNS = {"radar": "▲", "point": "●", "area": "■", "fill": "■", "line": "━"}
