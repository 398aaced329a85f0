"""Adapters of the port ``ObjectStorage``."""
