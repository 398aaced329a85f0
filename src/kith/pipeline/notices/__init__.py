"""Telling those who want to know that somebody or something appeared."""
