"""Builds the documentation: pages from docstrings, sessions from commands, links checked. `python -m docs.building [FOLDER]`."""
