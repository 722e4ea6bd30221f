"""Order by seed and epoch alone."""

import numpy as np

from experiments.networks.batches import batches_in_order, training_batches

IMAGES, LABELS = np.arange(10, dtype=np.float32)[:, None] * 2, np.arange(10, dtype=np.int32)


def order(**options):
    batches = training_batches(IMAGES, LABELS, 4, **{"seed": 1, "epochs": 3, **options})
    return [(images.numpy().ravel().tolist(), labels.numpy().tolist()) for images, labels in batches]


def test_each_epoch_holds_every_image_once_in_an_order_of_its_own():
    batches = order()
    assert [len(labels) for _, labels in batches] == [4, 4, 2] * 3
    epochs = [sum((labels for _, labels in batches[i : i + 3]), []) for i in (0, 3, 6)]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert epochs[0] != epochs[1] != epochs[2]
    assert all(images == [2.0 * label for label in labels] for images, labels in batches)


def test_seed_decides_and_a_resumed_training_sees_what_it_would_have():
    assert order() == order()
    assert order(seed=2) != order()
    assert order(first_epoch=1) == order()[3:]


def test_batches_in_order_hold_every_image_once():
    batches = list(batches_in_order(IMAGES, LABELS, 4))
    assert [labels.numpy().tolist() for _, labels in batches] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert all((images[:, 0] == 2 * labels.numpy()).numpy().all() for images, labels in batches)


def test_no_pipeline_has_an_autotuning_thread_to_wait_for():
    """Freeing an iterator that has one takes up to as long as the iterator lived."""
    for batches in (training_batches(IMAGES, LABELS, 4, seed=0, epochs=1), batches_in_order(IMAGES, LABELS, 4)):
        assert batches.options().autotune.enabled is False
