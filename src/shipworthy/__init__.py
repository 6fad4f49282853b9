"""Shipworthy: ask what makes or breaks a machine-learning product before building it."""

__version__ = "0.1.0"
