"""A Comparison → text: one file an output format."""
