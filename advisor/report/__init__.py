"""Outcomes → text: one file an output format."""
