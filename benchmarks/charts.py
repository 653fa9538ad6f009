"""How long a chart takes, beside the plain minimum and maximum of its values: `python benchmarks/charts.py`."""

import time
from collections.abc import Callable

import numpy as np

from advisor.charts import Curve, Plot, Size, draw

SIZES = (1_000, 100_000, 1_000_000)
SIZE = Size(160, 48)
REPEATS = 9


def best(job: Callable[[], object]) -> float:
    """The shortest of several times, in milliseconds."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


def line(points: int) -> str:
    y = 1.0 + np.abs(np.random.default_rng(0).normal(size=points))
    curves = (Curve("loss", np.arange(1.0, points + 1), y),)
    chart = best(lambda: draw(Plot(curves, log=False), SIZE))
    log = best(lambda: draw(Plot(curves, log=True), SIZE))
    plain = best(lambda: (y.min(), y.max()))
    return f"{points:9,}  {chart:9.2f}  {log:9.2f}  {plain:10.3f}  {chart / plain:5.0f}"


def main() -> None:
    print(f"{SIZE.width} x {SIZE.height} cells, best of {REPEATS}")
    print(f"{'points':>9}  {'chart ms':>9}  {'log y ms':>9}  {'min+max ms':>10}  ratio")
    for points in SIZES:
        print(line(points))


if __name__ == "__main__":
    main()
