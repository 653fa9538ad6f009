"""The terminal dashboard; the only room that imports textual.

A thin App pushes Screens, a Screen owns the state, widgets are given attributes and send their own messages.
The thread that reads runs only posts messages. Nothing is judged here: what is shown comes from `following`, `report` and `charts`.
"""

from advisor.dashboard.showing import once, show

__all__ = ["once", "show"]
