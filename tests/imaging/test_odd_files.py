from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

READ_ALL = """
import json, re, resource, sys
from pathlib import Path
from kith.domain.errors import PictureError
from kith.imaging.crop import face_crop
from kith.imaging.picture import Picture
from kith.imaging.thumbnail import thumbnail
from kith.domain.face import Box

report = {}
for path in map(Path, json.load(sys.stdin)):
    try:
        picture = Picture.open(path)
        size = picture.height, picture.width
        thumbnail(picture, 300)
        picture.pixels(1280)
        face_crop(picture, Box(0.4, 0.4, 0.1, 0.1), 160)
        assert picture.pixels().shape == (*size, 3), path
        report[str(path)] = "photo " + picture.format
    except PictureError as error:
        assert str(path) in error.message, error
        assert error.advice, error
        report[str(path)] = type(error).__name__
# On Linux, what getrusage says began with the memory of the process that started this one.
status = Path("/proc/self/status")
if status.exists():
    peak = int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) / 1e3
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(json.dumps({"report": report, "megabytes": peak}))
"""

EXPECTED = {
    "corrupted.png": "BrokenPictureError",
    "empty.png": "UnsupportedFormatError",
    "truncated.jpg": "BrokenPictureError",
    "truncated_jpeg.jpg": "BrokenPictureError",
    "truncated_image.png": "BrokenPictureError",
    "decompression_bomb.gif": "PictureTooLargeError",
    "decompression_bomb.ico": "UnsupportedFormatError",
    "pil_sample_cmyk.eps": "UnsupportedFormatError",
    "hopper_16bit.pgm": "UnsupportedFormatError",
    "8bit-sRGB.jxl": "UnsupportedFormatError",
    "8bit-sRGB.avif": "photo AVIF",
    "IMG_2682.heic": "photo HEIF",
    "samsung-one-ui-6.heic": "photo HEIF",
    "sugarshack.mpo": "photo MPO",
    "sugarshack_bad_mpo_header.jpg": "photo JPEG",
    "denali.webp": "photo WEBP",
    "hopper_bad_exif.jpg": "photo JPEG",
    "exif_gps_typeerror.jpg": "photo JPEG",
    "tiff_tiled_planar_16bit_RGBa.tiff": "photo TIFF",
}


@pytest.mark.photos
def test_every_odd_file(photos: Path) -> None:
    """Each yields pixels or an error by name, all of them in one process, in time, below 1 GB."""
    files = sorted(path for path in (photos / "odd").rglob("*") if path.is_file())
    child = subprocess.run(
        [sys.executable, "-W", "error", "-c", READ_ALL],
        input=json.dumps([str(path) for path in files]),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert child.returncode == 0, child.stderr[-2000:]
    result = json.loads(child.stdout)
    assert len(result["report"]) == len(files)
    assert result["megabytes"] < 1000
    found = {Path(path).name: outcome for path, outcome in result["report"].items()}
    assert {name: found[name] for name in EXPECTED} == EXPECTED
