"""The keys: each means one thing, and the documentation lists them all."""

from pathlib import Path

from advisor.dashboard.screens import _keys

PAGE = Path(__file__).parents[2] / "docs" / "dashboard.md"


def test_no_key_means_two_things():
    keys = [key for binding in _keys.EVERY for key in binding.key.split(",")]
    assert len(keys) == len(set(keys))


def test_every_key_stands_in_the_documentation():
    text = PAGE.read_text(encoding="utf-8")
    for binding in _keys.EVERY:
        key = binding.key_display or binding.key.partition(",")[0]
        said = f"{binding.description}{f': {binding.tooltip}' if binding.tooltip else ''}".replace("|", "\\|")
        assert f"| `{key}` | {said} |" in text


def test_every_action_of_a_key_exists():
    from advisor.dashboard.app import Dashboard
    from advisor.dashboard.screens.browse import Browse

    for binding in _keys.EVERY:
        owner, _, name = binding.action.partition("(")[0].rpartition(".")
        assert hasattr(Dashboard if owner == "app" else Browse, f"action_{name}"), binding.action
