"""What data a folder's artefacts were made of is known again, for any number of trainings."""

import pytest

from experiments.data import Fingerprint
from experiments.store.artefacts import Store
from experiments.store.fingerprints import remember, remembered

CHOICE = ("mnist_5k", 60, 30, 0, None)
KNOWN = Fingerprint(("a", "b", "c"), "test", "whole", "whole test", 60, 30, 4000)


def of(trainings):
    return KNOWN._replace(train=("a", "b", "c", "d", "e")[:trainings])


@pytest.mark.parametrize("others", [1, 5])
def test_what_was_ever_asked_for_stays_known(tmp_path, others):
    store = Store(tmp_path)
    for trainings in (3, others):
        remember(store, CHOICE, of(trainings))
    found = remembered(store, CHOICE)
    assert found == of(max(3, others))
    assert [found.train_of(training) for training in (0, 2, 9)] == ["a", "c", ""]


def test_other_images_replace_what_was_known(tmp_path):
    store = Store(tmp_path)
    remember(store, CHOICE, KNOWN)
    changed = KNOWN._replace(train=("x",), whole_train="another")
    remember(store, CHOICE, changed)
    assert remembered(store, CHOICE) == changed


def test_nothing_is_known_of_other_choices(tmp_path):
    store = Store(tmp_path)
    remember(store, CHOICE, KNOWN)
    assert remembered(store, (*CHOICE[:3], 1, None)) is None
