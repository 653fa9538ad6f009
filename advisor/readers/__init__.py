"""Logs of any tool → Run: `load` one, `load_all` of a file or folder; a file in `formats` for each format."""

from advisor.readers.loading import find, load, load_all, load_bytes

__all__ = ["find", "load", "load_all", "load_bytes"]
