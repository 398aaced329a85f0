"""Where it is kept who may come in."""
