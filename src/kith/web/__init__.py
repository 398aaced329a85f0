"""The HTTP API and the album: a door. Routes are thin; what they do lives in the pipeline."""
