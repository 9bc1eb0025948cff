"""Floors as arrays and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from canopy.results import _plot
from canopy.results._extras import need
from canopy.results._panel import Box, Raster

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from matplotlib.axes import Axes
    from numpy.typing import NDArray
    from xarray import DataArray

    from canopy.results._about import About
    from canopy.results._panel import Panel

# Posts of a picture along its longer side.
_PICTURE_POSTS = 1200
# What is seen from higher up only is all one colour, so that differences show
# where light aircraft fly.
_HIGHEST_M = 10_000
# Light where a radar sees low down; even to colour-blind eyes and in print.
_RAMP = "cividis_r"


def array(path: Path, attributes: dict[str, Any]) -> DataArray:
    """Read a floor whole; NaN where nothing is seen."""
    rasterio, xarray = need("rasterio", "to_xarray()"), need("xarray", "to_xarray()")
    numpy = need("numpy", "to_xarray()")
    need("rioxarray", "to_xarray()")
    with rasterio.open(path) as file:
        values = file.read(1, masked=True).astype("float32").filled(numpy.nan)
        x = file.transform.c + file.transform.a * (numpy.arange(file.width) + 0.5)
        y = file.transform.f + file.transform.e * (numpy.arange(file.height) + 0.5)
        system, nodata = file.crs, file.nodata
    coordinates = {"y": _coordinate(y, "y"), "x": _coordinate(x, "x")}
    floor: DataArray = xarray.DataArray(
        values, coordinates, ("y", "x"), name="floor_amsl_m", attrs=attributes
    )
    floor = floor.rio.write_crs(system)
    # As in the file, in which whole metres are kept.
    floor.encoding = {"_FillValue": nodata, "dtype": "int16"}
    return floor


def _coordinate(degrees: NDArray[np.float64], axis: str) -> tuple[str, Any, dict[str, str]]:
    name, side = ("latitude", "north") if axis == "y" else ("longitude", "east")
    described = {"standard_name": name, "long_name": name, "units": f"degrees_{side}"}
    return axis, degrees, {**described, "axis": axis.upper()}


def thumbnail(path: Path, posts: int = _PICTURE_POSTS) -> tuple[NDArray[np.float64], Box]:
    """Read a floor at no more posts than a picture shows, and the box of its pixels."""
    rasterio, numpy = need("rasterio", "plot()"), need("numpy", "plot()")
    with rasterio.open(path) as file:
        scale = min(1, posts / max(file.shape))
        shape = (max(1, int(file.height * scale)), max(1, int(file.width * scale)))
        values = file.read(1, out_shape=shape, masked=True)
        box = Box(*file.bounds)
    heights: NDArray[np.float64] = numpy.ma.filled(values.astype("float64"), numpy.nan)
    return heights, box


def limits(heights: NDArray[np.float64]) -> tuple[float, float]:
    """Return heights for the ends of the ramp; few are beyond them."""
    numpy = need("numpy", "plot()")
    known = heights[numpy.isfinite(heights)]
    if not known.size:
        return 0.0, 1.0
    low, high = numpy.percentile(known, [0, 98])
    return float(low), float(max(min(high, _HIGHEST_M), low + 1))


def colours(heights: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return red, green, blue and alpha; nothing where nothing is seen."""
    matplotlib, numpy = need("matplotlib", "explore()"), need("numpy", "explore()")
    low, high = limits(heights)
    share = numpy.clip((heights - low) / (high - low), 0, 1)
    painted: NDArray[np.uint8] = matplotlib.colormaps[_RAMP](numpy.nan_to_num(share), bytes=True)
    painted[..., 3] = numpy.where(numpy.isfinite(heights), 215, 0)
    return painted


def painted(path: Path, posts: int = _PICTURE_POSTS) -> Raster:
    """Return a picture of a floor, as light as it is low."""
    heights, box = thumbnail(path, posts)
    return Raster(colours(heights), box)


def floor_axes(path: Path, panel: Panel, about: About, ax: Axes | None, *, legend: bool) -> Axes:
    """Draw a floor with a key in metres."""
    heights, box = thumbnail(path)
    ax = ax or _plot.new_axes(8.5, 7.5)
    low, high = limits(heights)
    image = ax.imshow(
        heights,
        extent=(box.west, box.east, box.south, box.north),
        cmap=_RAMP,
        vmin=low,
        vmax=high,
        interpolation="nearest",
    )
    _plot.panel_on(ax, panel, panel.bounds())
    if legend:
        bar = ax.figure.colorbar(image, ax=ax, extend="max", shrink=0.7, pad=0.02)
        bar.set_label("coverage floor, metres above mean sea level")
    _plot.titled(ax, about.title, about)
    return ax
