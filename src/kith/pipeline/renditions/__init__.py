"""Resized copies of every photo, in a folder or a bucket."""
