"""Amazon's description of Rekognition, as botocore brings it along."""

from __future__ import annotations

import gzip
import importlib.util
import json
from pathlib import Path
from typing import Final

from kith.domain.errors import SettingError
from kith.rekognition.model import Service, service_of

_FOLDER: Final = Path("data") / "rekognition" / "2016-06-27"


def load_service() -> Service:
    """The service's model; takes some 20 ms, for botocore itself is not imported.

    Raises:
        SettingError: botocore is not installed, or has no description of Rekognition.
    """
    found = importlib.util.find_spec("botocore")
    for place in (found and found.submodule_search_locations) or ():
        packed = Path(place) / _FOLDER / "service-2.json.gz"
        if packed.exists():
            return service_of(json.loads(gzip.decompress(packed.read_bytes())))
        plain = packed.with_suffix("")  # as some distributions, and old versions, have it
        if plain.exists():
            return service_of(json.loads(plain.read_bytes()))
    raise SettingError(
        "The package botocore, which describes Rekognition, is not installed",
        "pip install 'kith[server]'",
    )
