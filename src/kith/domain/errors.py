"""Everything that can go wrong, as one tree.

KithError
├── PictureError            a file that cannot become a photo: a row in a report
│   ├── UnsupportedFormatError   not an image, or a format Kith does not read
│   ├── BrokenPictureError       truncated, empty, or not what it claims to be
│   └── PictureTooLargeError     above the limit on bytes or pixels
├── NoFaceError             a picture in which a face was expected
├── SeveralFacesError       a picture in which exactly one face was expected
├── NotFoundError           no such photo, face, person or object
├── UsageError              the request contradicts itself or the state of things
│   ├── QueryError               a query cannot be understood (``kith.domain.query``)
│   └── RequestTooLargeError     more was sent at once than is read
├── SettingError            a setting that cannot be understood
├── AccessError             who asks may not have it
│   ├── LoginNeededError         nobody is logged in, or the name and password are not right
│   ├── ForbiddenError           it is known who asks, and that is not enough
│   ├── TooManyAttemptsError     too often in a short time; later it is allowed
│   └── GoneError                it was shared once, and is not any more
├── StoreError              a store elsewhere, such as a bucket, cannot be used
├── DeliveryError           a message did not arrive; it is worth trying again
│   └── DeliveryRefusedError     it never will: the receiver does not want it
├── LibraryError            the library cannot be used
│   ├── LibraryBusyError         another process is writing to it
│   ├── StaleError               it changed between reading and writing; ask again
│   ├── LibraryReadOnlyError     it may not be written to
│   │   └── LibraryOldError          it must be migrated before it can be read
│   ├── LibraryFullError         no room left on its disk
│   ├── LibraryTooNewError       it was written by a newer Kith
│   └── LibraryDamagedError      its database cannot be read
└── ModelError              the engine's model files
    ├── UnknownPackError         no pack of that name
    ├── WeightsMissingError      files neither found nor downloadable
    ├── WeightsCorruptError      a file whose hash is not the pinned one
    └── PackMismatchError        the library is pinned to another pack
"""

from __future__ import annotations


class KithError(Exception):
    """An error that names what failed, why, and what to do.

    Args:
        message: what failed and why, naming the file or thing; one sentence without a final period.
        advice: what the user can do; may be empty.
    """

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message}. {self.advice}" if self.advice else self.message


class PictureError(KithError):
    """A file that cannot become a photo."""


class UnsupportedFormatError(PictureError):
    """Not an image, or in a format that Kith does not read."""


class BrokenPictureError(PictureError):
    """Truncated, empty, or not what it claims to be."""


class PictureTooLargeError(PictureError):
    """Above the limit on bytes or pixels."""


class NoFaceError(KithError):
    """A picture shows no face where one was expected."""


class SeveralFacesError(KithError):
    """A picture shows several faces where exactly one was expected."""


class NotFoundError(KithError):
    """There is no such photo, face, person or object."""


class UsageError(KithError):
    """The request contradicts itself or the state of things."""


class RequestTooLargeError(UsageError):
    """More was sent at once than is read."""


class SettingError(KithError):
    """A setting cannot be understood."""


class AccessError(KithError):
    """Who asks may not have it."""


class LoginNeededError(AccessError):
    """Nobody is logged in, or the name and password are not right."""


class ForbiddenError(AccessError):
    """It is known who asks, and that is not enough."""


class TooManyAttemptsError(AccessError):
    """Too often in a short time.

    Args:
        message: as for every error.
        retry_after: seconds until it is worth trying again, at least 1.
    """

    def __init__(self, message: str, retry_after: int = 1) -> None:
        super().__init__(message, f"Try again in {retry_after} seconds.")
        self.retry_after = retry_after


class GoneError(AccessError):
    """It was shared once, and is not any more."""


class StoreError(KithError):
    """A store elsewhere, such as a bucket, cannot be reached, or refuses what was asked of it."""


class DeliveryError(KithError):
    """A message did not arrive; it is worth trying again.

    Args:
        message: as for every error; without what opens anything, for it is kept and shown.
        advice: as for every error.
        retry_after: seconds that the receiver asks to be left alone.
        reached: whether the receiver answered at all.
    """

    def __init__(
        self,
        message: str,
        advice: str = "",
        *,
        retry_after: float | None = None,
        reached: bool = True,
    ) -> None:
        super().__init__(message, advice)
        self.retry_after = retry_after
        self.reached = reached


class DeliveryRefusedError(DeliveryError):
    """A message that the receiver does not want, now or ever."""


class LibraryError(KithError):
    """The library cannot be used."""


class LibraryBusyError(LibraryError):
    """Another process is writing to the library."""


class StaleError(LibraryBusyError):
    """The library changed between reading and writing; the same request works if it is repeated."""


class LibraryReadOnlyError(LibraryError):
    """The library may not be written to."""


class LibraryOldError(LibraryReadOnlyError):
    """The library is from an older Kith, and was opened for reading only."""


class LibraryFullError(LibraryError):
    """There is no room left where the library lies."""


class LibraryTooNewError(LibraryError):
    """The library was written by a newer Kith."""


class LibraryDamagedError(LibraryError):
    """The library's database cannot be read."""


class ModelError(KithError):
    """The engine's model files cannot be used."""


class UnknownPackError(ModelError):
    """There is no model pack of that name."""


class WeightsMissingError(ModelError):
    """Model files were neither found nor could they be downloaded."""


class WeightsCorruptError(ModelError):
    """A model file does not have the pinned hash."""


class PackMismatchError(ModelError):
    """The library is pinned to another pack than the one asked for."""
