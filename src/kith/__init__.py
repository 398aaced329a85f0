"""Kith knows who is in your photos."""

__version__ = "0.1.0"
