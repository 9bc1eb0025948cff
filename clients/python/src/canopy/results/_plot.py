"""Maps by matplotlib."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any

from canopy.results import _colours
from canopy.results._extras import need
from canopy.results._panel import mark_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from canopy.results._about import About
    from canopy.results._layer import Layer, Place, Polygon
    from canopy.results._panel import Box, KeyEntry, Panel

# Maps in a row.
_MOST_BESIDE = 4
# Airstrips whose names find room on a map.
_MOST_NAMES = 15
# As much of a name as stands on one line.
_NAME_LETTERS = 24
# Where a legend hides nothing.
BESIDE: dict[str, Any] = {
    "loc": "upper left",
    "bbox_to_anchor": (1.01, 1),
    "borderaxespad": 0,
    "frameon": False,
    "fontsize": 9,
}
_MARKERS = {"radar": "^", "point": "o"}


def new_axes(width_in: float, height_in: float) -> Axes:
    pyplot = need("matplotlib.pyplot", "plot()")
    axes: Axes = pyplot.subplots(figsize=(width_in, height_in), layout="constrained")[1]
    return axes


def png(path: Path, draw: Callable[[Figure], object], about: About) -> None:
    """Draw on a figure that no notebook shows, and save it."""
    figure: Figure = need("matplotlib.figure", 'save("….png")').Figure(
        figsize=(8, 8), layout="constrained"
    )
    draw(figure)
    said = {"Title": about.title, "Description": about.text()}
    figure.savefig(path, dpi=150, bbox_inches="tight", metadata=said)


def map_axes(panel: Panel, about: About, ax: Axes | None, *, legend: bool) -> Axes:
    """Draw one map, its title, its key and what it stands on."""
    box = panel.bounds()
    ax = ax or new_axes(*_size(box, panel.key()))
    panel_on(ax, panel, box)
    title = about.title if panel.title == about.title else f"{about.title}\n{panel.title}"
    titled(ax, title, about)
    if legend:
        key_on(ax, panel.key())
    return ax


def map_grid(panels: Sequence[Panel], about: About, figure: Figure | None) -> list[Axes]:
    """Draw maps beside each other, with one key."""
    if figure is None:
        figure = need("matplotlib.pyplot", "plot_all()").figure(layout="constrained")
    columns = min(len(panels), _MOST_BESIDE)
    rows = math.ceil(len(panels) / columns)
    width, height = _size(panels[0].bounds())
    high = min(4 * height / width, 5.5)
    figure.set_size_inches(max(4 * columns, 6), high * rows + 1)
    axes: list[Axes] = list(figure.subplots(rows, columns, squeeze=False).flat)
    for ax in axes[len(panels) :]:
        ax.remove()
    for ax, panel in zip(axes, panels, strict=False):
        panel_on(ax, panel, panel.bounds(), labels=False)
        ax.set_title(panel.title, fontsize=10)
    figure.suptitle(about.title, fontsize=12, fontweight="bold")
    entries = dict.fromkeys(entry for panel in panels for entry in panel.key())
    key = figure.legend(
        handles=_handles(list(entries)),
        loc="outside lower center",
        ncols=7 if columns > 2 else 3,
        frameon=False,
        title=about.terrain,
        title_fontsize=8,
    )
    key.get_title().set_color(terrain_colour(about))
    return axes[: len(panels)]


def _size(box: Box, key: Sequence[KeyEntry] = ()) -> tuple[float, float]:
    """Return inches in which a box has its shape, with room for title and key."""
    shape = (box.north - box.south) * box.aspect / (box.east - box.west)
    width = min(6.5, 7 / shape)
    beside = max((0.8 + 0.085 * len(entry.text) for entry in key), default=0)
    return width + 0.6 + beside, max(width * shape, 2.5) + 1.2


def panel_on(ax: Axes, panel: Panel, box: Box, *, labels: bool = True) -> None:
    """Draw a map, without its title and key."""
    if panel.outline:
        _areas(ax, [panel.outline], [panel.fill], [_colours.OUTLINE])
    for layer in panel.layers:
        _layer(ax, layer)
    if labels:
        _names(ax, panel.layers, box)
    ax.set_xlim(box.west, box.east)
    ax.set_ylim(box.south, box.north)
    ax.set_aspect(box.aspect)
    ax.set_facecolor("white")
    ax.grid(color="#000000", alpha=0.12, linewidth=0.5)
    ax.tick_params(labelsize=8)
    ax.xaxis.set_major_formatter(_degrees("W", "E"))
    ax.yaxis.set_major_formatter(_degrees("S", "N"))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(
            need("matplotlib.ticker", "plot()").MaxNLocator(5, steps=[1, 2, 5, 10])
        )


def _degrees(negative: str, positive: str) -> Callable[[float, float], str]:
    def text(value: float, _: float) -> str:
        side = negative if value < 0 else positive if value > 0 else ""
        return f"{abs(value):g}°{side}"

    return text


def _layer(ax: Axes, layer: Layer) -> None:
    if layer.kind == "MultiPolygon":
        colours = [layer.colour(i) for i in range(len(layer))]
        _areas(ax, layer.shapes, [_colours.light(c) for c in colours], colours)
    elif layer.kind == "LineString":
        for i, line in enumerate(layer.shapes):
            ax.plot(*zip(*line, strict=True), color=layer.colour(i), linewidth=2)
    else:
        _points(ax, layer)


def _areas(
    ax: Axes, shapes: Sequence[Sequence[Polygon]], fills: Sequence[str], edges: Sequence[str]
) -> None:
    paths = need("matplotlib.path", "plot()")
    patches = need("matplotlib.patches", "plot()")
    for polygons, fill, edge in zip(shapes, fills, edges, strict=True):
        rings = [paths.Path(ring, closed=True) for rings in polygons for ring in rings]
        outline = paths.Path.make_compound_path(*rings)
        ax.add_patch(patches.PathPatch(outline, facecolor=fill, edgecolor=edge, linewidth=0.6))


def _points(ax: Axes, layer: Layer) -> None:
    radar = mark_of(layer) == "radar"
    ax.scatter(
        layer.columns["lon_deg"],
        layer.columns["lat_deg"],
        c=[layer.colour(i) for i in range(len(layer))] or None,
        marker="^" if radar else "o",
        s=70 if radar else _point_size(len(layer)),
        edgecolors="white",
        linewidths=0.7 if radar or len(layer) < 1000 else 0,
        zorder=4 if radar else 3,
    )


def _point_size(number: int) -> float:
    return 34 if number < 300 else 16 if number < 2000 else 4


def _names(ax: Axes, layers: Sequence[Layer], box: Box) -> None:
    """Name radars and a few airstrips, but not where names would lie over others."""
    named: list[tuple[Place, str]] = []
    for layer in sorted(layers, key=lambda layer: mark_of(layer) != "radar"):
        radar = mark_of(layer) == "radar"
        if not radar and (layer.kind != "Point" or len(layer) > _MOST_NAMES):
            continue
        names = layer.columns.get("name", [""] * len(layer))
        for place, name in zip(layer.coordinates(), names, strict=True):
            if box.holds(place) and not any(
                box.close(place, other, max(len(name), len(said))) for other, said in named
            ):
                named.append((place, name))
                _name(ax, place, name, right=place[0] < box.west + 0.7 * (box.east - box.west))


def _name(ax: Axes, place: Place, name: str, *, right: bool) -> None:
    effects = need("matplotlib.patheffects", "plot()")
    ax.annotate(
        textwrap.fill(name, _NAME_LETTERS),
        place,
        xytext=(8 if right else -8, 0),
        textcoords="offset points",
        ha="left" if right else "right",
        va="center",
        fontsize=9,
        zorder=5,
        path_effects=[effects.withStroke(linewidth=2.5, foreground="white")],
    )


def titled(ax: Axes, title: str, about: About) -> None:
    """Write the title, and below the map on which terrain it stands."""
    letters = _letters(ax)
    lines = [part for line in title.split("\n") for part in textwrap.wrap(line, letters)]
    ax.set_title("\n".join(lines), fontsize=11, fontweight="bold", loc="left")
    if about.terrain:
        terrain = textwrap.fill(about.terrain, int(1.5 * letters))
        ax.set_xlabel(terrain, fontsize=8, color=terrain_colour(about), loc="left")


def _letters(ax: Axes) -> int:
    """Return how many letters of a title fit over axes; alone, they have the whole figure."""
    if len(ax.figure.axes) == 1:
        return 70
    return max(20, int(ax.get_window_extent().width / ax.figure.dpi * 10))


def terrain_colour(about: About) -> str:
    return _colours.DEMONSTRATION if about.provenance.terrain.demonstration else "#444444"


def key_on(ax: Axes, entries: Sequence[KeyEntry]) -> None:
    """Put the key beside the map, where it hides nothing."""
    if entries:
        ax.legend(handles=_handles(list(dict.fromkeys(entries))), **BESIDE)


def _handles(entries: Sequence[KeyEntry]) -> list[Any]:
    lines = need("matplotlib.lines", "plot()")
    patches = need("matplotlib.patches", "plot()")
    handles = []
    for entry in entries:
        if entry.mark in ("area", "fill"):
            fill = entry.colour if entry.mark == "fill" else _colours.light(entry.colour)
            handles.append(patches.Patch(facecolor=fill, label=entry.text))
        else:
            style = "-" if entry.mark == "line" else ""
            marker = "" if entry.mark == "line" else _MARKERS[entry.mark]
            handles.append(
                lines.Line2D(
                    [], [], color=entry.colour, linestyle=style, marker=marker, label=entry.text
                )
            )
    return handles
