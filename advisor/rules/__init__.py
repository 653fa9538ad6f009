"""Failing states: one file a rule, found by its name."""
