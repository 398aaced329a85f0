"""Watching folders: what arrives is added once it is whole."""

from kith.pipeline.watching.watch import Herald, Station, Times, watch

__all__ = ["Herald", "Station", "Times", "watch"]
