"""Adapters of the port ``PhotoQueue``."""
