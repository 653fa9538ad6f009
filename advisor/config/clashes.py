"""Values that are fine each by itself and impossible together, as far as they can be known without the data."""

from collections.abc import Callable, Collection, Iterator

from advisor.config.expected import shown
from advisor.config.places import place_of, split_function
from advisor.config.whole import Config
from advisor.errors import ConfigProblem

# What a clash found and what was expected of its first key; None where all is well.
Check = Callable[[Config], tuple[str, str] | None]
CLASSIFYING = ("cross_entropy", "bce")


def _parts(config: Config) -> tuple[str, str] | None:
    validation, test = config.data.validation, config.data.test
    if isinstance(validation, str) or isinstance(test, str) or validation + test < 1:
        return None
    return f"{validation} beside data.test {test}", "a sum below 1, so that something is left to train on"


def _validation(config: Config) -> tuple[str, str] | None:
    return _unlike(config.data.validation, config.data.source)


def _test(config: Config) -> tuple[str, str] | None:
    return _unlike(config.data.test, config.data.source)


def _unlike(held_out: float | str, source: str) -> tuple[str, str] | None:
    if not isinstance(held_out, str) or place_of(held_out) == place_of(source):
        return None
    is_own = place_of(source) != "built-in"
    wanted = "one of the same kind, or a fraction such as 0.2" if is_own else "a fraction such as 0.2: that source comes with advisor"
    return f"{shown(held_out)} beside data.source {shown(source)}", wanted


def _batch_norm(config: Config) -> tuple[str, str] | None:
    singles = 1 in (config.data.batch_size, config.data.limit)
    if config.model.norm != "batch" or not singles:
        return None
    return '"batch" with batches of one sample', 'data.batch_size of at least 2, or model.norm "layer"; one sample has no spread'


def _widths(config: Config) -> tuple[str, str] | None:
    return ("[] in a cnn", "at least one width") if config.model.kind == "cnn" and not config.model.hidden else None


def _frozen(config: Config) -> tuple[str, str] | None:
    if split_function(config.model.kind):
        return None
    hidden = 0 if config.model.kind == "perceptron" else len(config.model.hidden)
    if config.model.freeze <= hidden:
        return None
    return f"{config.model.freeze} of {hidden + 1} layers", f"at most {hidden}, so that one layer is left to train"


def _warmup(config: Config) -> tuple[str, str] | None:
    if config.optim.schedule != "onecycle" or config.optim.warmup == 0:
        return None
    return f'{config.optim.warmup} with optim.schedule "onecycle"', "0, since onecycle warms up by itself"


def _plateau(config: Config) -> tuple[str, str] | None:
    if config.optim.schedule != "plateau" or _can_validate(config):
        return None
    return '"plateau" without a validation part', "data.validation above 0, or another schedule"


def _patience(config: Config) -> tuple[str, str] | None:
    if config.train.early_stopping == 0 or _can_validate(config):
        return None
    return f"{config.train.early_stopping} without a validation part", "data.validation above 0, or 0"


def _can_validate(config: Config) -> bool:
    """Whether there is, or may be, a validation part: arrays and functions can bring their own."""
    return config.data.validation != 0 or place_of(config.data.source) in {"arrays", "function"}


def _loss(config: Config) -> tuple[str, str] | None:
    if config.data.task != "regression" or config.train.loss not in CLASSIFYING:
        return None
    return f'{shown(config.train.loss)} with data.task "regression"', "mse, mae, huber or auto: numbers have no classes"


def _label_noise(config: Config) -> tuple[str, str] | None:
    if config.data.task != "classification" or config.data.label_noise <= 1:
        return None
    return str(config.data.label_noise), "a share from 0 to 1 for classes"


# The keys that each check looks at; it is blamed on the first.
CLASHES: dict[Check, tuple[str, ...]] = {
    _parts: ("data.validation", "data.test"),
    _validation: ("data.validation", "data.source"),
    _test: ("data.test", "data.source"),
    _label_noise: ("data.label_noise", "data.task"),
    _widths: ("model.hidden", "model.kind"),
    _batch_norm: ("model.norm", "data.batch_size", "data.limit"),
    _frozen: ("model.freeze", "model.kind", "model.hidden"),
    _plateau: ("optim.schedule", "data.validation", "data.source"),
    _warmup: ("optim.warmup", "optim.schedule"),
    _patience: ("train.early_stopping", "data.validation", "data.source"),
    _loss: ("train.loss", "data.task"),
}


def clashes(config: Config, wrong: Collection[str] = ()) -> Iterator[ConfigProblem]:
    """Impossible combinations of keys of which none is `wrong` by itself or by its section."""
    for check, keys in CLASHES.items():
        undecidable = any(key in wrong or key.partition(".")[0] in wrong for key in keys)
        clash = None if undecidable else check(config)
        if clash:
            yield ConfigProblem(keys[0], *clash)
