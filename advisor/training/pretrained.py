"""Weights of another run to start from."""

from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from advisor.config import Config
from advisor.errors import AdvisorError
from advisor.text import printable

WEIGHTS = "model.safetensors"  # in a run folder
SHOWN = 6  # layers named in a note


def start_from(module: nn.Module, config: Config) -> tuple[str, ...]:
    """Takes the tensors whose name and shape fit from model.pretrained; notes say which did not. Raises AdvisorError if none did."""
    path = _file(config.path(config.model.pretrained))
    ours = module.state_dict()
    theirs = _named_as_here(_read(path), ours)
    fitting = {name: tensor for name, tensor in theirs.items() if name in ours and ours[name].shape == tensor.shape}
    if not fitting:
        raise AdvisorError(f"{printable(str(path))}: no tensor fits this network; it holds {_named(theirs)}, expected {_named(ours)}")
    module.load_state_dict(fitting, strict=False)
    return (f"{len(fitting)} of {len(ours)} tensors were taken from {printable(str(path))}{_left_out(theirs, ours)}",)


def _file(path: Path) -> Path:
    file = path / WEIGHTS if path.is_dir() else path
    if not file.is_file():
        raise AdvisorError(f"model.pretrained: {printable(str(file))}: no such file; expected a run folder or a .safetensors file")
    return file


def _read(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise AdvisorError(f"model.pretrained: {printable(str(path))} is no .safetensors file ({printable(str(error))})") from error


def _named_as_here(theirs: dict[str, Tensor], ours: dict[str, Tensor]) -> dict[str, Tensor]:
    """Tensors of layers that a norm or dropout was put behind, here or there, under the names that they have here."""
    here = {_bare(name): name for name in ours}
    return {name if name in ours else here.get(_bare(name), name): tensor for name, tensor in theirs.items()}


def _bare(name: str) -> str:
    return name.replace(".layer.", ".")


def _left_out(theirs: dict[str, Tensor], ours: dict[str, Tensor]) -> str:
    """What starts afresh and why."""
    absent = [name for name in ours if name not in theirs]
    other = [name for name in ours if name in theirs and theirs[name].shape != ours[name].shape]
    shapes = [f"{printable(name)} {tuple(theirs[name].shape)} there, {tuple(ours[name].shape)} here" for name in other[:SHOWN]]
    reasons = [*shapes, *([f"not in it: {_named(dict.fromkeys(absent))}"] if absent else [])]
    return f"; the rest starts afresh ({'; '.join(reasons)})" if reasons else ""


def _named(tensors: dict[str, Tensor] | dict[str, None]) -> str:
    names = [printable(name) for name in list(tensors)[:SHOWN]]
    return ", ".join(names) + (", ..." if len(tensors) > SHOWN else "")
