"""The screen as plain text: for `--once` and for tests."""

from textual.app import App


def screen_text(app: App[None]) -> str:
    """What is on the screen now, a line each, without blanks at their ends."""
    strips = app.screen._compositor.render_strips()
    return "".join(f"{strip.text.rstrip()}\n" for strip in strips)
