"""C102."""

from collections.abc import Iterable, Sequence
from typing import Any

from advisor import dotted
from advisor.errors import SignalUnavailable
from advisor.findings import Finding
from advisor.rules._settings import foretold, hidden, is_built_in, whole
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, record
from advisor.run import Run

KEEPING = frozenset({"xavier", "orthogonal"})  # draws that keep the size of a signal through tanh


class DeepSaturatingActivation(Rule):
    """Sigmoid or tanh through many layers without normalisation: the gradient is likely to fade on its way back.

    What it measures
    ----------------
    The number of hidden layers, where each ends in a sigmoid or tanh, no norm stands between them and no residual connection leads
    around; as a multiple of how many such layers still trained. Tanh layers drawn by Xavier's or an orthogonal rule are left alone. It
    foretells: once a run is recorded, what was measured there counts.

    Why it matters
    --------------
    A sigmoid passes on at most a quarter of the gradient, so ten of them leave less than a millionth. Tanh passes on up to all of it,
    but only near zero; weights that are too small or too large take that away, and what is lost in one layer is lost again in each.

    What helps
    ----------
    ReLU or one of its kin; batch or layer norm between the layers; residual connections; for tanh Xavier's initialisation. Or fewer
    layers.

    References
    ----------
    Hochreiter 1991. Glorot, Bengio 2010, Understanding the difficulty of training deep feedforward neural networks.
    """

    code = "C102"
    needs = "config"
    fixes = ("use-relu", "add-batch-norm", "add-residual", "add-layer-norm")

    SIGMOIDS = 4  # hidden layers; recorded digits: two reach 0.96, three 0.77, four 0.54, ten 0.10
    TANHS = 12  # the same: six reach 0.93, twelve 0.79, twenty 0.20

    def measure(self, run: Run) -> float:
        if run.config is None or not is_built_in(run):
            raise SignalUnavailable("no Config that describes the layers")
        activation = dotted.get(run.config, "model.activation")
        helped = dotted.get(run.config, "model.norm", "none") != "none" or dotted.get(run.config, "model.residual", False)
        kept = activation == "tanh" and dotted.get(run.config, "model.init") in KEEPING
        bound = {"sigmoid": self.SIGMOIDS, "tanh": self.TANHS}.get(activation)
        return 0.0 if bound is None or helped or kept else len(hidden(run)) / bound

    def check(self, run: Run) -> Iterable[Finding]:
        depth = self.measure(run)
        if depth >= 1:
            found = self.finding(_message(run), depth, _just_below(depth), whole(run), confidence=0.85)
            yield foretold(run, found)

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("ten sigmoid layers, before training", record(config=_config("sigmoid", [32] * 10))),
            Example(
                "four sigmoid layers, recorded: information", record(config=_config("sigmoid", [32] * 4), train_loss=falling(2.3, 2.2, 9))
            ),
            Example("fifteen tanh layers", record(config=_config("tanh", [32] * 15))),
        )

    def near_misses(self) -> tuple[Example, ...]:
        return (
            Example("ten ReLU layers", record(config=_config("relu", [32] * 10))),
            Example("three sigmoid layers", record(config=_config("sigmoid", [32] * 3))),
            Example("ten sigmoid layers with batch norm", record(config=_config("sigmoid", [32] * 10, norm="batch"))),
            Example("ten sigmoid layers with ways around", record(config=_config("sigmoid", [32] * 10, residual=True))),
            Example("ten tanh layers", record(config=_config("tanh", [32] * 10))),
            Example("fifteen tanh layers, drawn for it", record(config=_config("tanh", [32] * 15, init="xavier"))),
        )


def _just_below(depth: float) -> float:
    """The bound, in its own multiples; a value at the bound counts."""
    return 1.0 if depth > 1 else 0.99


def _config(activation: str, widths: Sequence[int], norm: str = "none", residual: bool = False, init: str = "default") -> dict[str, Any]:
    model = {"kind": "mlp", "hidden": list(widths), "activation": activation, "norm": norm, "residual": residual, "init": init}
    return {"model": model}


def _message(run: Run) -> str:
    layers, activation = len(hidden(run)), dotted.get(run.config, "model.activation")
    return (
        f"model.hidden has {layers} layers of {activation} without norm or residual connections: gradients are likely to fade before they "
        "reach the first. First use ReLU, or set model.norm."
    )
