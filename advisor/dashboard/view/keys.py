"""What keys do to a Look, each by its name."""

from collections.abc import Callable
from dataclasses import replace

from advisor.charts.scale import scale_of
from advisor.dashboard.view.look import PAN, ZOOM, Look, cursor_moved, next_axis, panned, reset, smoothed, zoomed
from advisor.dashboard.view.scene import Scene


def _toggled_log(look: Look, scene: Scene) -> Look:
    """The other kind of y axis than the chosen chart has now."""
    if not scene.panels:
        return look
    plot = scene.panels[min(look.chosen, len(scene.panels) - 1)].plot
    return replace(look, log=not scale_of([curve.y for curve in plot.curves], plot.log, plot.y_limits).log)


def _next_chart(look: Look, scene: Scene, by: int) -> Look:
    return replace(look, chosen=(look.chosen + by) % max(len(scene.panels), 1))


CHANGES: dict[str, Callable[[Look, Scene], Look]] = {
    "log": _toggled_log,
    "axis": lambda look, scene: next_axis(look, scene.along, scene.possible),
    "smoother": lambda look, scene: smoothed(look, 1),
    "rougher": lambda look, scene: smoothed(look, -1),
    "clip": lambda look, scene: replace(look, clip=not look.clip),
    "nearer": lambda look, scene: zoomed(look, scene.whole, ZOOM),
    "farther": lambda look, scene: zoomed(look, scene.whole, 1 / ZOOM),
    "all": lambda look, scene: reset(look),
    "earlier": lambda look, scene: panned(look, scene.whole, -PAN),
    "later": lambda look, scene: panned(look, scene.whole, PAN),
    "left": lambda look, scene: cursor_moved(look, scene.whole, scene.places, -1),
    "right": lambda look, scene: cursor_moved(look, scene.whole, scene.places, 1),
    "next": lambda look, scene: _next_chart(look, scene, 1),
    "previous": lambda look, scene: _next_chart(look, scene, -1),
    "single": lambda look, scene: replace(look, is_single=not look.is_single),
}


def changed(name: str, look: Look, scene: Scene) -> Look:
    """The Look after a key."""
    return CHANGES[name](look, scene)
