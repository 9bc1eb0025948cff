"""How long many points take from Python, and which part of that the client is.

python bench.py [TERRAIN] starts the program at CANOPY_BINARY, asks it about
points over Peru, and prints the median of five rounds. The client packs the
request, and makes data frames of the answer; the rest is the call.
"""

from __future__ import annotations

import statistics
import sys
import time
from typing import Any

import numpy as np

import canopy

ROUNDS = 5
SCENARIO = "four-modern"


class Clock:
    """Adds up the time that calls take."""

    def __init__(self, client: canopy.Client) -> None:
        self.spent_s = 0.0
        self._call = client._caller.unary
        client._caller.unary = self._unary  # type: ignore[assignment,method-assign]

    def _unary(self, *args: Any) -> Any:
        start = time.perf_counter()
        answer = self._call(*args)
        self.spent_s += time.perf_counter() - start
        return answer


def main() -> None:
    rng = np.random.default_rng(1)
    with canopy.local(terrain=sys.argv[1] if sys.argv[1:] else None) as client:
        # Leaves the floor surfaces that points without sights are read off.
        client.gaps(scenario=SCENARIO, progress=False)
        clock = Clock(client)
        print("   points  sights   request     call  DataFrame  GeoDataFrame")
        for count in (10_000, 100_000):
            for sights in (False, True):
                rounds = []
                for _ in range(ROUNDS):
                    lat_lon = np.column_stack(
                        [rng.uniform(-17.5, -1, count), rng.uniform(-80, -69.5, count)]
                    )
                    rounds.append(measure(client, clock, lat_lon, sights=sights))
                request, call, frame, geo = map(statistics.median, zip(*rounds, strict=True))
                print(
                    f"{count:9,}  {sights!s:>6}  {request * 1e3:5.0f} ms {call * 1e3:5.0f} ms"
                    f"  {frame * 1e3:6.0f} ms     {geo * 1e3:6.0f} ms"
                )


def measure(
    client: canopy.Client, clock: Clock, lat_lon: np.ndarray, *, sights: bool
) -> tuple[float, float, float, float]:
    """Return the seconds that the request, the call and both frames take."""
    clock.spent_s = 0
    start = time.perf_counter()
    checks = client.check(
        points=lat_lon, altitude="300m-agl", scenario=SCENARIO, sights=sights, progress=False
    )
    asked = time.perf_counter()
    checks.to_dataframe()
    framed = time.perf_counter()
    checks.to_geodataframe()
    done = time.perf_counter()
    return asked - start - clock.spent_s, clock.spent_s, framed - asked, done - framed


if __name__ == "__main__":
    main()
