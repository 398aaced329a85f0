"""What pictures show: the models, the vocabulary, and how both come together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.domain.errors import WeightsMissingError
from kith.domain.face import Box
from kith.engine.labels.labeler import Labeler
from kith.engine.labels.objects import SeenObject
from kith.engine.labels.pack import load_label_pack
from kith.engine.labels.vocabulary import load_vocabulary, parse_vocabulary
from kith.engine.labels.weigh import labels_of
from kith.engine.weights import Condition, ModelFolders, find_pack_files, verify
from kith.imaging.picture import Picture

PACK: Final = load_label_pack()
VOCABULARY: Final = load_vocabulary()
NATURE: Final = "odd/immich-test-assets/albums/nature"

OBVIOUS: Final = {
    "labels/cat_720p.jpg": {"Cat"},
    "labels/dragonfly.bmp": {"Dragonfly"},
    "labels/grace_hopper.bmp": {"Person", "Tie"},
    "labels/hot_dog.jpg": {"Hot Dog"},
    "labels/kite_and_cold.jpg": {"Kite", "Person"},
    "labels/market_2.jpg": {"Shop"},
    "labels/owl.jpg": {"Bird"},
    "labels/parrot.jpg": {"Parrot"},
    "labels/pets.jpg": {"Dog"},
    "labels/spheres_2.jpg": {"Dome", "Vehicle"},
    f"{NATURE}/cyclamen_persicum.jpg": {"Flower"},
    f"{NATURE}/el_torcal_rocks.jpg": {"Cliff"},
    f"{NATURE}/notocactus_minimus.jpg": {"Flower"},
    f"{NATURE}/orychophragmus_violaceus.jpg": {"Flower"},
    f"{NATURE}/polemonium_reptans.jpg": {"Flower"},
    f"{NATURE}/prairie_falcon.jpg": {"Bird"},
    f"{NATURE}/silver_fir.jpg": {"Tree"},
    f"{NATURE}/tanners_ridge.jpg": {"Nature", "Tree"},
    f"{NATURE}/wood_anemones.jpg": {"Nature", "Tree"},
}
"""What nobody would overlook in each picture."""

LEAST: Final = 40.0
"""Percent at which the obvious is asked for; the photos of the sort that the models know least."""


@pytest.mark.weights
@pytest.mark.photos
@pytest.mark.parametrize("name", sorted(OBVIOUS))
def test_the_obvious_is_named_first(labeler: Labeler, photos: Path, name: str) -> None:
    """Of every picture, what is obvious is among the first three labels."""
    labels = labeler.label(Picture.open(photos / name), LEAST)

    assert {label.name for label in labels[:3]} >= OBVIOUS[name]


@pytest.mark.weights
@pytest.mark.photos
def test_objects_are_where_they_are(labeler: Labeler, photos: Path) -> None:
    """Each dog of two has one box, in its own half of the picture."""
    labels = labeler.label(Picture.open(photos / "labels" / "pets.jpg"))

    left, right = sorted((one.box for one in labels[0].instances), key=lambda box: box.left)
    assert left.overlap(Box(0.19, 0.06, 0.32, 0.64)) > 0.8
    assert right.overlap(Box(0.68, 0.39, 0.3, 0.47)) > 0.8


@pytest.mark.weights
@pytest.mark.photos
def test_threads_get_the_same_labels(labeler: Labeler, photos: Path) -> None:
    """Pictures that are asked for side by side answer as they do one after the other."""
    files = sorted((photos / "labels").glob("*.jpg"))[:4]
    alone = [labeler.label(Picture.open(file)) for file in files]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(labeler.label, map(Picture.open, files)))

    assert together == alone


@pytest.mark.weights
def test_the_pack_has_its_pinned_hashes(weights: Path, tmp_path: Path) -> None:
    """Its files are found in the folder beside the given one, and are whole."""
    folders = ModelFolders(weights, tmp_path)

    states = verify(PACK, folders)

    assert {state.condition for state in states} == {Condition.WHOLE}
    assert find_pack_files(PACK, folders).folder == weights.parent


def test_nothing_is_read_before_it_is_needed(photos: Path, tmp_path: Path) -> None:
    """A labeler without files can be made; asked, it says how to get them."""
    nothing = ModelFolders(None, tmp_path)
    labeler = Labeler(PACK, lambda path: find_pack_files(PACK, nothing).path(path))

    with pytest.raises(WeightsMissingError, match="kith models install labels"):
        labeler.label(Picture.open(photos / "labels" / "pets.jpg"))


def test_every_kind_of_object_has_a_word() -> None:
    """Exactly one word names each kind that the detector knows, and no word names another."""
    named = [kind for word in VOCABULARY.words.values() for kind in word.objects]

    assert sorted(named) == sorted(PACK.objects.kinds)


def test_the_vocabulary_holds_together() -> None:
    """Kinds of pictures exist; what is within a word is within the wider ones; none is empty."""
    for name, word in VOCABULARY.words.items():
        assert all(0 <= number < 1000 for number in word.pictures)
        assert name not in VOCABULARY.above(name)
        shown = {setting.name for setting in VOCABULARY.settings}
        assert VOCABULARY.objects_within(name) | VOCABULARY.pictures_within(name) or (
            VOCABULARY.within[name] & shown
        )
        for wider in VOCABULARY.above(name):
            assert VOCABULARY.within[name] < VOCABULARY.within[wider]


@pytest.mark.parametrize(
    "text",
    [
        "[A]\nDog = {}\n[B]\nDog = {}\n[shows]\n",
        '[A]\nDog = { of = ["Animal"] }\n[shows]\n',
        '[A]\nDog = {}\n[shows]\nFlower = { share = 0.5, imagenet = ["1"] }\n',
    ],
)
def test_a_vocabulary_with_gaps_is_refused(text: str) -> None:
    """A word twice, a parent or a setting that is no word."""
    with pytest.raises(ValueError, match=r"twice|lacks"):
        parse_vocabulary(text)


BOX: Final = Box(0.1, 0.1, 0.5, 0.5)
SEEN = st.lists(
    st.builds(SeenObject, st.sampled_from(PACK.objects.kinds), st.floats(0.01, 1), st.just(BOX)),
    max_size=5,
)
LIKELY = st.dictionaries(st.integers(0, 999), st.floats(0.01, 1), max_size=6)


@given(SEEN, LIKELY, st.floats(0, 100))
def test_labels_keep_their_promises(
    seen: list[SeenObject], likely: dict[int, float], least: float
) -> None:
    """Surest first, from the bar on, with all parents, which are as sure; a lower bar only adds."""
    chances = chances_of(likely)

    labels = labels_of(VOCABULARY, seen, chances, least)

    told = {label.name: label.confidence for label in labels}
    assert len(told) == len(labels)
    assert list(told.values()) == sorted(told.values(), reverse=True)
    assert all(least <= confidence <= 100 for confidence in told.values())
    for label in labels:
        assert all(told[parent] >= label.confidence for parent in label.parents)
        places = [one.name for one in labels]
        equal = [parent for parent in label.parents if told[parent] == label.confidence]
        assert all(places.index(label.name) < places.index(parent) for parent in equal)
    every = labels_of(VOCABULARY, seen, chances, 0)
    assert [label for label in every if label.confidence >= least] == list(labels)


def test_who_wavers_saw_what_is_common() -> None:
    """A bit of bee and butterfly is a flower; a sure bee is a bee."""
    bee, butterfly, beetle = 309, 324, 301
    wavering = labels_of(VOCABULARY, (), chances_of({bee: 0.3, butterfly: 0.3, beetle: 0.3}), 50)
    sure = labels_of(VOCABULARY, (), chances_of({bee: 0.9, butterfly: 0.01}), 50)

    assert [label.name for label in wavering] == ["Flower", "Plant"]
    assert sure[0].name == "Bee"
    assert "Flower" not in {label.name for label in sure}


def test_two_witnesses_are_surer_than_one() -> None:
    """What both models saw is told with more confidence than either has."""
    seen = SeenObject("dog", 0.6, BOX)

    both, one, other = (
        labels_of(VOCABULARY, objects, chances_of(likely), 0)[0].confidence
        for objects, likely in (((seen,), {200: 0.6}), ((seen,), {}), ((), {200: 0.6}))
    )

    assert (both, one, other) == pytest.approx((84, 60, 60))


def test_breeds_add_up() -> None:
    """A dog of one of several breeds is a dog for certain."""
    (dog, *_) = labels_of(VOCABULARY, (), chances_of({160: 0.3, 170: 0.3, 180: 0.3}), 50)

    assert dog.name == "Dog"
    assert dog.confidence == pytest.approx(90)
    assert set(dog.parents) == {"Canine", "Mammal", "Pet", "Animal"}


def chances_of(likely: dict[int, float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Chances of all kinds of pictures; they add up to at most 1."""
    chances = np.zeros(1000)
    for number, chance in likely.items():
        chances[number] = chance
    return chances / max(1.0, float(chances.sum()))
