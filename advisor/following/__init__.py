"""Runs that are being recorded, looked at again and again: what is new, what has grown, and how far each of them is."""

from advisor.following.follower import Follower
from advisor.following.states import State, state_of
from advisor.following.watched import Key, Watched

__all__ = ["Follower", "Key", "State", "Watched", "state_of"]
