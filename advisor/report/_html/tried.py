"""What was tried against the findings of a run folder, with the Verdicts and the curves before and after."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from advisor.errors import ReadError
from advisor.report._attempts import recorded
from advisor.report._changes import LOOKS, NOT_TRIED, ROLES, metric_words, signal_words
from advisor.report._curves import overlaid
from advisor.report._findings import edit_words
from advisor.report._html.chart import figure
from advisor.report._html.tags import Markup, items, table, tag
from advisor.run import Run

HEADS = ("fix", "change", "Verdict", "signal", "result")
MOST_CURVES = 3  # kept fixes of which the curves are drawn
CURVES = ("val_metric", "val_r2", *ROLES)


def tried(run: Run, base: str) -> list[Markup]:
    """A table of the attempts and the curves of those that were kept; nothing where none was made."""
    attempts = recorded(run.path)
    if not attempts:
        return []
    rows = [_row(attempt) for attempt in attempts]
    told = tag("div", table("fixes that were tried, with their Verdicts", HEADS, rows), class_="tried")
    return [tag("h3", "What was tried"), told, *_curves(run, attempts, base)]


def _row(attempt: Mapping[str, Any]) -> list[str]:
    verdict = str(attempt["verdict"])
    symbol, style = LOOKS.get(verdict, NOT_TRIED)
    kept = ", kept" if attempt.get("kept") is True else ""
    edits = [edit_words(edit["path"], edit["value"]) for edit in attempt["edits"]]
    said = tag("span", f"{symbol} {verdict}{kept}", class_=f"badge {style}")
    return [f"{attempt['fix']} ({attempt['safety']})", items(edits, class_="plain"), said, *_numbers(attempt)]


def _numbers(attempt: Mapping[str, Any]) -> tuple[str, str]:
    return signal_words(attempt.get("signal")), metric_words(attempt.get("metric")) or str(attempt.get("reason") or "")


def _curves(run: Run, attempts: Sequence[Mapping[str, Any]], base: str) -> Iterator[Markup]:
    kept = [attempt for attempt in attempts if attempt.get("kept") is True]
    for nth, attempt in enumerate(kept[:MOST_CURVES], start=1):
        after = _retrained(run, str(attempt.get("run") or ""))
        plot = next((plot for role in CURVES if after and (plot := overlaid(run, after, role))), None)
        if plot:
            yield tag("h4", f"before and after {attempt['fix']}")
            yield figure(f"{base}{nth}", plot)


def _retrained(run: Run, where: str) -> Run | None:
    """The run of an attempt, from the folder beside this one that has its name."""
    from advisor.readers import load

    name = PurePosixPath(where.replace("\\", "/")).name
    folder: Path = run.path.absolute().parent / name
    if not name or not folder.is_dir():
        return None
    try:
        return load(folder)
    except ReadError:
        return None
