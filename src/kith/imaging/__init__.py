"""Bytes <-> upright pixels, EXIF, crops and thumbnails. The only room that knows Pillow."""
