"""Adapters of the ports ``Recognizer`` and ``FaceCollection``."""
