"""The formats that can be read: one file a format, found by its name."""
