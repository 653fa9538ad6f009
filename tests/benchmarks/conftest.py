"""The benchmarks are commands beside the package: their folder joins the search path for these tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
