"""Screens own the state and answer their widgets' messages."""
