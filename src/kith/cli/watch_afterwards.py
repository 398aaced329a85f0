"""What ``kith watch`` does with photos that it has added, when the library is left to others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.domain.photo import PhotoId


class Afterwards:
    """Findings and renditions of what has arrived.

    Neither keeps the watch from going on: what cannot be made now, `kith findings update` and
    `kith renditions` make later. It is said, each thing once.

    Args:
        settings: what is looked for, and which copies are made.
        folders: that are watched.
        findings: whether photos are looked at at all.
        go_on: called every second or so, with how much is done and of how much; raises to stop.
        warn: hears what could not be made.
    """

    def __init__(
        self,
        settings: Settings,
        folders: Sequence[Path],
        *,
        findings: bool,
        go_on: Callable[[int, int], None],
        warn: Callable[[str], None],
    ) -> None:
        self._settings = settings
        self._folders = folders
        self._findings = findings
        self._go_on = go_on
        self._warn = warn
        self._warned: set[str] = set()

    def __call__(self, photo_ids: Sequence[PhotoId]) -> None:
        """These photos are new."""
        if photo_ids and self._findings:
            self._look()
        if photo_ids and self._settings.renditions:
            self._render(photo_ids)

    def _look(self) -> None:
        """At all in the folders that were not looked at yet: the last watch may have been ended."""
        from kith.compose.findings import open_looking
        from kith.domain.errors import KithError
        from kith.pipeline.findings.look import below, lacking, look

        try:
            with open_looking(self._settings) as kit:
                look(kit, lacking(kit, below(self._folders)), self._go_on)
        except KithError as error:
            self._once(f"Photos were not looked at. {error}")

    def _render(self, photo_ids: Sequence[PhotoId]) -> None:
        from kith.cli.renditions import make_renditions
        from kith.domain.errors import KithError

        try:
            reports = make_renditions(self._settings, photo_ids, self._go_on)
        except KithError as error:
            self._once(f"Renditions were not made. {error}")
            return
        for name, report in reports.items():
            for photo_id, reason in report.refused:
                self._once(f"No rendition {name} of photo {photo_id[:12]}: {reason}")

    def _once(self, text: str) -> None:
        if text not in self._warned:
            self._warned.add(text)
            self._warn(text)
