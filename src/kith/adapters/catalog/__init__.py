"""Adapters of the port ``Catalog``."""
