"""Adapters of the port ``Infrastructure``."""
