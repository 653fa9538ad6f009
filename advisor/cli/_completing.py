"""What a shell offers behind TAB, found without importing a rule, a fix or the Config unless one is asked for."""

from click import Context, Parameter
from click.shell_completion import CompletionItem

from advisor import catalogue

SECTIONS = ("data.", "model.", "optim.", "train.")


def rules(_ctx: Context, _param: Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of rules, also behind the last comma of a list."""
    return _listed(catalogue.names("rules"), incomplete)


def fixes(_ctx: Context, _param: Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of fixes, also behind the last comma of a list."""
    return _listed(catalogue.names("fixes"), incomplete)


def keys(_ctx: Context, _param: Parameter, incomplete: str) -> list[CompletionItem]:
    """Keys of the Config: the sections first, then what is in one."""
    return [CompletionItem(key) for key in _keys(incomplete) if key.startswith(incomplete)]


def pages(_ctx: Context, _param: Parameter, incomplete: str) -> list[CompletionItem]:
    """All that `advisor explain` explains."""
    names = (*catalogue.names("rules"), *catalogue.names("fixes"), *_keys(incomplete))
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def sources(_ctx: Context, _param: Parameter, incomplete: str) -> list[CompletionItem]:
    """Built-in data, or a file."""
    names = [name.replace("-", "_") for name in catalogue.names("training.sources")]
    known = [CompletionItem(name) for name in names if name.startswith(incomplete)]
    return known or [CompletionItem(incomplete, type="file")]


def _listed(names: tuple[str, ...], incomplete: str) -> list[CompletionItem]:
    before, comma, part = incomplete.rpartition(",")
    return [CompletionItem(f"{before}{comma}{name}") for name in names if name.startswith(part)]


def _keys(incomplete: str) -> tuple[str, ...]:
    if not incomplete.startswith(SECTIONS):
        return SECTIONS
    from advisor.config.names import paths

    return paths()
