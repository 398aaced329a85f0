"""Names that travel: from other programs into the library, and from it to other programs."""
