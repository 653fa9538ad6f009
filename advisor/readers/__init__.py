"""Logs of any tool → Run: one file a format."""
