"""Cures: one file a fix, found by its name."""
