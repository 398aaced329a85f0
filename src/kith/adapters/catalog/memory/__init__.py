"""The catalog in memory: for tests, and for runs that leave nothing behind."""

from kith.adapters.catalog.memory.catalog import MemoryCatalog

__all__ = ["MemoryCatalog"]
