"""Which photos are meant: queries, albums, and lists of photos."""
