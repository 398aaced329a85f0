"""XMP: who is in a picture, as other programs wrote it, and as other programs will read it."""
