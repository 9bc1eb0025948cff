"""Heavy packages, imported when something first needs them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_EXTRAS = {
    "folium": "viz",
    "geopandas": "geo",
    "matplotlib": "viz",
    "numpy": "geo",
    "pandas": "geo",
    "pyogrio": "geo",
    "rasterio": "geo",
    "rioxarray": "geo",
    "shapely": "geo",
    "xarray": "geo",
}


def need(module: str, user: str) -> Any:
    """Import a module of an extra; user is what needs it, such as plot()."""
    try:
        return import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        if error.name is None or error.name.partition(".")[0] != package:
            raise
        raise ImportError(
            f"{user} needs {package}, which is not installed: "
            f'pip install "canopy-radar[{_EXTRAS[package]}]"',
            name=package,
        ) from None
