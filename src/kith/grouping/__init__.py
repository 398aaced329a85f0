"""Faces + similarities + decisions -> people. Pure: no file, no database, no model."""
