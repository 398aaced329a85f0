"""Adapters of the port ``Monitoring``."""
