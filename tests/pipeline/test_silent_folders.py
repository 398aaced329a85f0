"""Of which folders the system tells nothing: those that others write to over a network."""

from __future__ import annotations

from pathlib import Path

import pytest

from kith.pipeline.watching.notices import file_system_of, is_silent

MOUNTS = r"""22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:30 / /mnt/nas rw shared:2 - nfs4 nas:/photos rw
41 40 0:31 / /mnt/nas/own\040disk rw - ext4 /dev/sdb1 rw
42 22 0:32 / /home/ana/cloud rw - fuse.rclone remote: rw
43 22 0:33 / /srv rw - ext4 /dev/sdc1 rw
44 22 0:34 / /srv rw - cifs //box/share rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/ana/Pictures", "ext4"),
        ("/mnt/nas/2024", "nfs4"),
        ("/mnt/nas", "nfs4"),
        ("/mnt/nasty", "ext4"),
        ("/mnt/nas/own disk/2024", "ext4"),
        ("/home/ana/cloud/a/b", "fuse.rclone"),
        ("/srv/photos", "cifs"),
    ],
)
def test_a_folder_lies_on_the_nearest_mount(folder: str, kind: str) -> None:
    """The last of several at one place, by whole parts, with the blanks of their names."""
    assert file_system_of(Path(folder), MOUNTS) == kind


def test_a_folder_of_this_machine_is_not_silent(tmp_path: Path) -> None:
    """Where tests run, changes are told."""
    assert not is_silent(tmp_path)
