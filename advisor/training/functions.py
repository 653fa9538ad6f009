"""Functions of the user's own that a Config names: `FILE.py:FUNCTION` or `package.module:FUNCTION`. Only training imports them."""

import importlib
import importlib.util
import random
import sys
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import numpy as np
import torch

from advisor.config import Config
from advisor.config.places import split_function
from advisor.errors import AdvisorError
from advisor.own_code import in_one_line
from advisor.text import printable


def seed_everything(seed: int) -> None:
    """Seeds Python, numpy and PyTorch: a function of the user's may draw from any of them."""
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002 - the global state is what such functions use
    torch.manual_seed(seed)


def imported(text: str, config: Config, key: str) -> Callable[..., Any]:
    """The function that a key of the Config names; raises AdvisorError in one line where there is none."""
    where, name = split_function(text) or ("", text)
    module = _file_module(config.path(where), key) if where.endswith(".py") else _module(where, config, key)
    function: Callable[..., Any] | None = getattr(module, name, None)
    if function is None or not callable(function):
        there = ", ".join(sorted(each for each, value in vars(module).items() if callable(value) and not each.startswith("_"))) or "none"
        raise AdvisorError(f'{key} = "{text}": no function "{name}" in {printable(where)}, expected one of: {printable(there)}')
    return function


def called(function: Callable[..., Any], text: str, key: str, **arguments: Any) -> Any:
    """What a function of the user's returns; whatever it raises becomes one line."""
    try:
        return function(**arguments)
    except Exception as error:
        raise AdvisorError(f'{key} = "{text}" raised {in_one_line(error)}; call it alone to see where') from error


class _AsItIsNow(SourceFileLoader):
    """Goes past kept bytecode, which is known by second and size alone: a small edit soon after the last import would not count."""

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self.get_data(self.path), self.path)


def _file_module(path: Path, key: str) -> ModuleType:
    if not path.is_file():
        raise AdvisorError(f"{key}: {printable(str(path))}: no such file; paths are relative to the folder of the config")
    loader = _AsItIsNow(f"advisor_user_{path.stem}", str(path))
    spec = importlib.util.spec_from_file_location(loader.name, path, loader=loader)
    if spec is None:
        raise AdvisorError(f"{key}: {printable(str(path))} cannot be imported, expected Python source")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses and pickles of the file's own look themselves up there
    _run(lambda: loader.exec_module(module), str(path), key, path.parent)
    return module


def _module(name: str, config: Config, key: str) -> ModuleType:
    module: ModuleType = _run(lambda: importlib.import_module(name), name, key, config.base)
    return module


def _run(load: Callable[[], Any], name: str, key: str, folder: Path) -> Any:
    """Imports with the folder of the file (of the Config, for a module) in the search path, as `python FILE` would have it."""
    sys.path.insert(0, str(folder))
    try:
        return load()
    except Exception as error:
        raise AdvisorError(f"{key}: importing {printable(name)} raised {in_one_line(error)}") from error
    finally:
        sys.path.remove(str(folder))
