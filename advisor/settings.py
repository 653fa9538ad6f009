"""Settings of a project: which rules are asked, of which runs, and from when on a pipeline fails.

They stand in advisor.toml, under [advisor], or in pyproject.toml, under [tool.advisor]: in the nearest one that has the table,
from the working folder upwards. The command line wins.

[advisor]
select = ["ALL"]
ignore = ["no-validation", "Q"]
fail-on = "error"

[advisor.per-run-ignores]
"runs/short-*" = ["stopped-too-early"]
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from advisor.diagnose import chosen_rules
from advisor.errors import AdvisorError, ConfigError, ConfigProblem
from advisor.outcome import shown
from advisor.rules.base import Rule
from advisor.text import nearest, printable

# Where the table stands in each file; of two files in one folder the first counts.
TABLES = {"advisor.toml": ("advisor",), "pyproject.toml": ("tool", "advisor")}
FAIL_ON = ("error", "warning", "info", "never")
KEYS = ("select", "ignore", "fail-on", "per-run-ignores")
MARK = b"advisor"  # no file without it can hold the table, so none without it is read as TOML
Mistake = tuple[tuple[str, ...], str, str]  # the keys that lead to it, what was found, what was expected
RULES_WANTED = 'rules as a list of texts, such as ["overfitting", "G"]'


@dataclass(frozen=True)
class Settings:
    """What is asked, and what fails."""

    select: tuple[str, ...] = ("ALL",)
    ignore: tuple[str, ...] = ()
    fail_on: str = "warning"
    per_run_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()  # globs, each with the rules that are not asked
    base: Path = Path()  # the folder that globs start from
    origins: Mapping[tuple[str, ...], str] = field(default_factory=dict)  # keys -> FILE:LINE, for those that are set

    def rules(self) -> tuple[Rule, ...]:
        """The rules that are asked, of runs that no glob matches."""
        return chosen_rules(",".join(self.select), ",".join(self.ignore))

    def overridden(self, select: str | None, ignore: str | None, fail_on: str | None) -> "Settings":
        """These settings with what the command line gives instead; rules are comma lists there."""
        selected, ignored = (None if text is None else tuple(text.split(",")) for text in (select, ignore))
        return replace(
            self,
            select=self.select if selected is None else selected,
            ignore=self.ignore if ignored is None else ignored,
            fail_on=fail_on or self.fail_on,
        )

    def ignored_for(self, run: Path) -> frozenset[str]:
        """The names of the rules that are not asked of a run: globs match its path, a folder above it, or its last name."""
        path, base = run.absolute(), self.base.absolute()
        inner = path.relative_to(base) if path.is_relative_to(base) else path
        names = {path.name, inner.as_posix(), *(parent.as_posix() for parent in inner.parents)}
        matching = (ignored for glob, ignored in self.per_run_ignores if any(fnmatchcase(name, glob.rstrip("/")) for name in names))
        return frozenset(rule.name for ignored in matching for rule in chosen_rules(",".join(ignored)))


def settings(folder: Path | None = None) -> Settings:
    """The settings that hold in a folder (the working folder).

    Raises ConfigError with every mistake in their file, each with its line.
    """
    start = (folder or Path()).absolute()
    files = (parent / name for parent in (start, *start.parents) for name in TABLES)
    return next(filter(None, map(_read, files)), Settings())


def schema() -> dict[str, Any]:
    """The JSON schema of the table, for editors."""
    rules = {"type": "array", "items": {"type": "string"}}
    return {
        "type": "object", "description": "Settings of diagnose.", "additionalProperties": False,
        "properties": {
            "select": rules | {"description": "Rules that are asked: names, codes or their beginnings; ALL for every one."},
            "ignore": rules | {"description": "Rules that are not asked."},
            "fail-on": {"enum": list(FAIL_ON), "description": "From which severity on the exit status is 1."},
            "per-run-ignores": {
                "type": "object", "additionalProperties": rules,
                "description": "Globs, each with rules that are not asked of the runs it matches.",
            },
        },
    }  # fmt: skip


def _read(file: Path) -> Settings | None:
    """The settings in a file, if it is there and holds any."""
    try:
        data = file.read_bytes()
    except OSError:
        return None
    if MARK not in data:
        return None
    from advisor.toml_files import tables

    table: Any = tables(data, Path(shown(file)), "settings in TOML")
    for name in TABLES[file.name]:
        table = table.get(name) if isinstance(table, Mapping) else None
    return None if table is None else _checked(table, file, data.decode("utf-8", errors="replace"))


def _checked(table: Any, file: Path, text: str) -> Settings:
    from advisor.toml_files import line_of

    whole = TABLES[file.name]
    problems = [ConfigProblem(_place(keys, line_of(text, (*whole, *keys))), *said) for keys, *said in _mistakes(table)]
    if problems:
        raise ConfigError(problems, printable(shown(file)))
    ignored = tuple((glob, tuple(rules)) for glob, rules in table.get("per-run-ignores", {}).items())
    named = [*((key,) for key in table), *(("per-run-ignores", glob) for glob, _ in ignored)]
    origins = {keys: f"{shown(file)}:{line_of(text, (*whole, *keys))}" for keys in named}
    defaults = Settings()
    select, ignore = (tuple(table.get(key, getattr(defaults, key))) for key in ("select", "ignore"))
    return Settings(select, ignore, table.get("fail-on", defaults.fail_on), ignored, file.parent, origins)


def _place(keys: Sequence[str], line: int) -> str:
    return f"line {line}: {printable('.'.join(keys) or 'advisor')}"


def _mistakes(table: Any) -> Iterator[Mistake]:
    if not isinstance(table, Mapping):
        yield (), _toml(table), f"a table with keys such as {KEYS[0]}"
        return
    for key, value in table.items():
        yield from _wrong(key, value)


def _wrong(key: str, value: Any) -> Iterator[Mistake]:
    match key:
        case "select" | "ignore":
            yield from _no_rules((key,), value)
        case "fail-on":
            yield from [] if value in FAIL_ON else [((key,), _toml(value), f"one of {', '.join(FAIL_ON)}{_near(value, FAIL_ON)}")]
        case "per-run-ignores" if isinstance(value, Mapping):
            for glob, rules in value.items():
                yield from _no_rules((key, glob), rules)
        case "per-run-ignores":
            yield (key,), _toml(value), 'a table of globs, such as "runs/short-*" = ["stopped-too-early"]'
        case _:
            yield (key,), "an unknown key", f"one of {', '.join(KEYS)}{_near(key.replace('_', '-'), KEYS)}"


def _no_rules(keys: tuple[str, ...], value: Any) -> Iterator[Mistake]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        yield keys, _toml(value), RULES_WANTED
        return
    for item in value:
        try:
            chosen_rules(item.strip() or '""')
        except AdvisorError as refusal:
            yield keys, _toml(item), f"a rule: {str(refusal).partition(': ')[2]}"


def _near(found: Any, known: tuple[str, ...]) -> str:
    hint = nearest(str(found).lower(), known)
    return hint and f"; {hint}"


def _toml(value: Any) -> str:
    from advisor.config.expected import shown as as_toml

    return as_toml(value)
