"""Recognition by the local engine, with the faces kept in the library's database."""

from kith.adapters.recognition.local.collection import LocalFaceCollection
from kith.adapters.recognition.local.recognizer import LocalRecognizer
from kith.adapters.recognition.local.store import pinned_pack

__all__ = ["LocalFaceCollection", "LocalRecognizer", "pinned_pack"]
