"""Numbers measured from arrays: pure numpy, no thresholds, no opinion."""
