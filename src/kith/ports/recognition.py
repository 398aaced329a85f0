"""Who is in a picture, in Rekognition's terms: face ids, boxes as ratios, similarity in percent.

No embedding crosses these ports: they are the local engine's private matter, and Rekognition never
hands one out. Both ports may be called from several threads at once.

Every method that takes a picture may raise ``PictureError`` when its bytes cannot be decoded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kith.domain.face import Box, Face, FaceDetail, FaceId, Match
from kith.domain.label import DEFAULT_LABEL_CONFIDENCE, SeenLabels
from kith.domain.photo import PhotoId
from kith.domain.text import ReadText
from kith.domain.thresholds import DEFAULT_MIN_SIMILARITY, MAX_MATCHES

if TYPE_CHECKING:
    from kith.imaging.picture import Picture


@dataclass(frozen=True, slots=True)
class ComparedFace:
    """A face of the target picture with its similarity to the source face, percent."""

    detail: FaceDetail
    similarity: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing two pictures says.

    Attributes:
        source: the largest face of the source picture.
        matches: the target's faces at or above the least similarity, most similar first.
        unmatched: the target's other faces, largest first.
    """

    source: FaceDetail
    matches: tuple[ComparedFace, ...]
    unmatched: tuple[FaceDetail, ...]


@dataclass(frozen=True, slots=True)
class PictureSearch:
    """What a search by picture found: the face that was searched for, and its matches."""

    searched: FaceDetail
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A picture to index under its photo id."""

    photo_id: PhotoId
    picture: Picture


@dataclass(frozen=True, slots=True)
class Indexed:
    """What became of one entry: its faces, or why the picture could not be decoded.

    Attributes:
        photo_id: the entry's photo id.
        faces: its faces, largest box first; empty where there are none.
        error: the ``PictureError`` that stopped this entry; then ``faces`` is empty.
    """

    photo_id: PhotoId
    faces: tuple[Face, ...]
    error: Exception | None = None


class Recognizer(Protocol):
    """Answers about single pictures; keeps nothing."""

    def detect_faces(self, picture: Picture, /) -> tuple[FaceDetail, ...]:
        """Every face, largest box first, at most 100; empty where there are none."""
        ...

    def compare_faces(
        self, source: Picture, target: Picture, /, *, min_similarity: float = DEFAULT_MIN_SIMILARITY
    ) -> Comparison:
        """Compare the source's largest face with every face of the target.

        ``min_similarity`` is percent and inclusive.

        Raises:
            NoFaceError: the source, or the target, shows no face; the message says which.
        """
        ...

    def detect_labels(
        self, picture: Picture, /, *, min_confidence: float = DEFAULT_LABEL_CONFIDENCE
    ) -> SeenLabels:
        """What the picture shows, of at least ``min_confidence`` percent.

        Raises:
            WeightsMissingError: the optional models of labels are not installed; says how they are.
        """
        ...

    def detect_text(self, picture: Picture, /) -> ReadText:
        """What is written in the picture.

        Raises:
            WeightsMissingError: the optional reader is not installed; says how it is.
        """
        ...


class FaceCollection(Protocol):
    """The faces searched together."""

    def index(self, entries: Sequence[IndexEntry], /) -> Sequence[Indexed]:
        """Find the faces of each picture and keep them under its photo id.

        Answers in the order of the entries. Repeatable: the same picture under the same photo id
        gives the same faces with the same ids, and adds nothing. A picture that cannot be decoded
        has its error in its row and does not stop the others. All kept faces are durable when the
        call returns, and from then on are found by every search.

        Raises:
            LibraryFullError, LibraryReadOnlyError: the faces could not be kept; none of this call's
                new faces was.
        """
        ...

    def add_face(self, entry: IndexEntry, box: Box, /) -> Face:
        """Keep the face that a human sees in this box of a picture, though ``index`` found none.

        It has exactly this box, and is searched and forgotten as any other. Repeatable: the same
        box of the same photo gives the same face. Durable when the call returns.

        Raises:
            PictureError: the picture cannot be decoded.
            NoFaceError: nothing can be recognized there.
        """
        ...

    def search(
        self,
        face_ids: Sequence[FaceId],
        /,
        *,
        min_similarity: float = DEFAULT_MIN_SIMILARITY,
        limit: int = MAX_MATCHES,
    ) -> Sequence[tuple[Match, ...]]:
        """For each face, the most similar other faces, most similar first.

        Exact: no face of at least ``min_similarity`` percent is left out, unless ``limit`` more
        similar ones came before it. Ties are in the order of the face ids. The face itself is never
        among its matches. Answers in the order of ``face_ids``.

        Raises:
            NotFoundError: a face is not in the collection.
        """
        ...

    def search_by_picture(
        self,
        picture: Picture,
        /,
        *,
        face: FaceDetail | None = None,
        min_similarity: float = DEFAULT_MIN_SIMILARITY,
        limit: int = MAX_MATCHES,
    ) -> PictureSearch:
        """The same for one face of a picture, which is not kept.

        ``face`` is one that ``Recognizer.detect_faces`` found in this picture; without it, the
        largest face is searched for.

        Raises:
            NoFaceError: the picture shows no face.
        """
        ...

    def faces(self, photo_ids: Collection[PhotoId] | None = None, /) -> Iterator[Face]:
        """The kept faces: of these photos, or all of them; in the order of photo id, then box size.

        A photo that is not known has no faces; that is no error.
        """
        ...

    def forget(self, face_ids: Collection[FaceId], /) -> frozenset[FaceId]:
        """Remove these faces for good; returns those that were there.

        Durable when the call returns; from then on no search finds them.
        """
        ...
