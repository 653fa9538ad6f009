"""Trains what a Config says and records it. The only room that needs torch, with `watch` and the integrations."""
