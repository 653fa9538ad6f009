"""Opening the dashboard on terminals of several kinds."""

import pytest

from advisor.dashboard.showing import terminal_theme

KNOWN = ("advisor-dark", "advisor-light", "nord")


@pytest.mark.parametrize(
    ("says", "theme"),
    [
        ({}, "advisor-dark"),
        ({"COLORFGBG": "0;15"}, "advisor-light"),
        ({"COLORFGBG": "0;default;7"}, "advisor-light"),
        ({"COLORFGBG": "15;0"}, "advisor-dark"),
        ({"COLORFGBG": "0;15", "TEXTUAL_THEME": "nord"}, "nord"),
        ({"COLORFGBG": "0;15", "TEXTUAL_THEME": "of-another-program"}, "advisor-light"),
    ],
)
def test_the_look_is_the_terminals_or_the_one_that_is_named(monkeypatch, says, theme):
    for name in ("COLORFGBG", "TEXTUAL_THEME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in says.items():
        monkeypatch.setenv(name, value)
    assert terminal_theme(KNOWN) == theme
