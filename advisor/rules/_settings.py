"""What rules about data and settings share: whether anything was recorded yet, and where to point at."""

from dataclasses import replace

from advisor import dotted
from advisor.errors import SignalUnavailable
from advisor.findings import Evidence, Finding, Severity, span
from advisor.run import Run

CURVES = ("train_loss", "val_loss", "train_accuracy", "val_accuracy")
BUILT_IN = frozenset({"perceptron", "mlp", "cnn"})


def is_recorded(run: Run) -> bool:
    """Whether a training has begun; a Config alone is judged before one."""
    return any(len(series) for series in run.series.values())


def need_ended(run: Run) -> None:
    """Raises SignalUnavailable where a training is still under way: how far its budget carries it shows at the end."""
    if run.about.get("status") == "running":
        raise SignalUnavailable("it is still running; how far it comes shows at the end")


def whole(run: Run) -> Evidence:
    """The whole of the first curve there is; nowhere, in a Run that is only a Config."""
    role = next((role for role in (*CURVES, *run.series) if run.get(role) is not None), None)
    return Evidence((), "epoch", 0.0, 0.0, file=str(run.path)) if role is None else span(run, (role,), 0, len(run.need(role)) - 1)


def foretold(run: Run, finding: Finding) -> Finding:
    """A prediction: a warning before training, no more than information once the run itself shows what happened."""
    return replace(finding, severity=Severity.INFO) if is_recorded(run) else finding


# Where one starts to look on scaled inputs: PyTorch's and Keras' defaults; for sgd the middle of 0.01 to 0.1.
USUAL_RATE = {"sgd": 0.03, "adam": 1e-3, "adamw": 1e-3, "rmsprop": 1e-3, "adagrad": 1e-2}


USUAL_BATCH = 32  # samples; Bengio 2012, Practical recommendations, and what most libraries take


def times_usual_rate(run: Run) -> float:
    """How many times the usual learning rate of the optimiser the Config names; momentum m multiplies a rate of sgd by 1 / (1 - m).

    nan where no Config tells.
    """
    name, rate = dotted.get(run.config, "optim.name"), dotted.get(run.config, "optim.lr")
    if name not in USUAL_RATE or not isinstance(rate, int | float) or rate <= 0:
        return float("nan")
    carried = dotted.get(run.config, "optim.momentum", 0.0) if name == "sgd" else 0.0
    return float(rate / (1 - carried) / USUAL_RATE[name])


def for_small_batches(run: Run) -> float:
    """What a rate counts for in batches smaller than usual: √(usual / size), as the noise of a step has it; 1 in larger ones.

    Malladi et al. 2022, arXiv:2205.10287, for Adam and its kin; for sgd it is proportional (Goyal et al. 2017), and this the least of it.
    """
    size = dotted.get(run.config, "data.batch_size")
    return (USUAL_BATCH / size) ** 0.5 if isinstance(size, int) and 0 < size < USUAL_BATCH else 1.0


def trial(run: Run, name: str) -> float:
    """By what share of the first loss a short trial came down (negative: up; -inf: it broke); nan where none was made.

    Names are those of `facts.probes.trials`: at the rate `as_set`, a `tenth` or `tenfold` of it, and on `shuffled` labels.
    """
    told = (run.facts.get("probes") or {}).get("trials") or {}
    first, after = told.get("first"), told.get(name)
    if not isinstance(first, int | float) or not isinstance(after, int | float) or not first > 0:
        return float("nan")
    fell = 1 - after / first
    return fell if fell == fell else float("-inf")


def told_of_labels(run: Run) -> str:
    """A sentence where a short trial learned shuffled labels about as fast as the true ones; empty otherwise."""
    true, shuffled = trial(run, "as_set"), trial(run, "shuffled")
    if not true > LEARNED or not shuffled > ALIKE * true:
        return ""
    return f" In a short trial shuffled labels were learned as fast ({shuffled:.0%} of the loss gone, {true:.0%} with the true ones)."


def is_built_in(run: Run) -> bool:
    """Whether the Config describes the layers: a function's module may look otherwise."""
    return dotted.get(run.config, "model.kind") in BUILT_IN


LEARNED = 0.02  # of the first loss, in a trial; less tells nothing of labels
ALIKE = 0.8  # of what the true labels gave; recorded: 0.6 and less of labels that mean something
MANY_WRONG = 0.15  # of the labels; recorded: a tenth did no harm, 0.2 and more cost 3 to 46 points where validation ended poor
MANY_SPREADS = 0.5  # of the target: as much noise leaves an R² of 0.8 on the training part at best
FROZEN = 0.5  # of the parameters: less may be an embedding that is kept on purpose
NARROW = 4  # units; a layer of so few passes on so many numbers at most


def is_straight(run: Run) -> bool:
    """Whether the Config describes a model without any non-linearity."""
    linear = dotted.get(run.config, "model.activation") == "linear"
    return dotted.get(run.config, "model.kind") == "perceptron" or (linear and is_built_in(run))


def constrained(run: Run) -> str:
    """What in the Config keeps the model from expressing much, in words, with its key; empty where nothing does or nothing tells."""
    if not is_built_in(run):
        return ""
    frozen = dotted.get(run.config, "model.freeze", 0) and not dotted.get(run.config, "model.pretrained", "")
    if dotted.get(run.config, "model.kind") == "perceptron":
        return ""  # a linear model is what was asked for
    if dotted.get(run.config, "model.activation") == "linear":
        return "with linear units (model.activation) all layers together are one"
    if frozen:
        return "frozen layers (model.freeze) stay as they were drawn at random"
    units = narrow(run)
    return f"{units} units (model.hidden) pass on {units} numbers at most" if units else ""


def narrow(run: Run) -> int:
    """The width of the narrowest hidden layer that the Config describes, where it is a bottleneck; else 0."""
    narrowest = min(hidden(run), default=0) if is_built_in(run) else 0
    return narrowest if narrowest <= NARROW else 0


def mostly_frozen(run: Run) -> str:
    """What a module of the user's own keeps from learning, in words; empty where that is less than half or weights were taken over."""
    whole, learning = (run.facts.get(name) for name in ("parameters", "trainable_parameters"))
    taken_over = dotted.get(run.config, "model.pretrained", "") or dotted.get(run.config, "model.freeze", 0)
    if run.config is None or is_built_in(run) or taken_over or not whole or learning is None:
        return ""
    share = 1 - learning / whole
    return f"{share:.0%} of its parameters are frozen (requires_grad is False)" if share > FROZEN else ""


def mislabelled(run: Run) -> str:
    """What the Config says of wrong training labels, in words; empty where they are few or nothing tells."""
    amount = dotted.get(run.config, "data.label_noise", 0)
    if run.facts.get("task") == "regression":
        return f"noise of {amount:g} spreads was added to the training targets (data.label_noise)" if amount > MANY_SPREADS else ""
    return f"{amount:.0%} of the training labels were replaced by wrong ones (data.label_noise)" if amount > MANY_WRONG else ""


def may_overlap(run: Run) -> bool:
    """Whether the settings show nothing that holds the model down: classes that overlap explain a middling level as well as any fault."""
    return is_built_in(run) and not constrained(run) and not mislabelled(run)


def hidden(run: Run) -> tuple[int, ...]:
    """The widths of the hidden layers that the Config describes."""
    kind = dotted.get(run.config, "model.kind")
    return () if kind == "perceptron" else tuple(dotted.get(run.config, "model.hidden", ()))


def kept_epoch(run: Run) -> float:
    """The epoch whose weights are the result; inf where nothing tells."""
    kept = dotted.get(run.about, "result.epoch")
    return float(kept) if isinstance(kept, int | float) else float("inf")
