"""Recognition by Amazon Rekognition, or any server that speaks as it does, through boto3."""

from kith.adapters.recognition.rekognition.collection import RekognitionFaceCollection
from kith.adapters.recognition.rekognition.recognizer import RekognitionRecognizer

__all__ = ["RekognitionFaceCollection", "RekognitionRecognizer"]
