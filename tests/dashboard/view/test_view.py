"""What is looked at is known without a terminal."""

from pathlib import Path

from advisor.dashboard import view


def test_no_file_of_the_view_knows_textual():
    files = list(Path(view.__file__).parent.glob("*.py"))
    assert files
    assert not [file.name for file in files if "import textual" in (text := file.read_text(encoding="utf-8")) or "from textual" in text]
