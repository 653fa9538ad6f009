"""What is looked at, and how: frozen data and functions that know nothing of a terminal or of textual."""
