"""Where the data come from: one file a source."""
