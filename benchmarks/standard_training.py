"""Standard training: Keras's `fit`, as the experiments call it, against the bare update step."""

from dataclasses import replace

from benchmarks.measure import Comparison, compare


def run() -> list[Comparison]:
    import tensorflow as tf

    from experiments.data import load_dataset
    from experiments.networks.batches import training_batches
    from experiments.networks.building import build_network
    from experiments.networks.fitting import compile_for_training, steps_per_epoch, steps_per_execution
    from experiments.settings.presets import make_settings
    from training import AdversarialTrainer

    (quick,) = make_settings("roar", "quick").studies
    data = load_dataset(quick.dataset, quick.train_size, quick.test_size)
    images, labels = tf.constant(data.train_images), tf.constant(data.train_labels)
    batch = quick.batch_size
    steps = steps_per_epoch(len(images), batch)
    comparisons = []
    for width, epochs in ((quick.width, quick.epochs), (1.0, 1)):
        study = replace(quick, width=width)
        trainer = AdversarialTrainer(build_network(study, data, seed=0))
        compile_for_training(trainer, study, "auto", steps_per_execution(steps))
        bare = tf.function(trainer.train_step)
        unchanged = (images[:batch], labels[:batch])

        def fit(trainer=trainer, epochs=epochs) -> None:
            batches = training_batches(images, labels, batch, 0, epochs)
            trainer.fit(batches, epochs=epochs, steps_per_epoch=steps, shuffle=False, verbose=0)

        def steps_alone(bare=bare, unchanged=unchanged, epochs=epochs) -> None:
            for _ in range(epochs * steps):
                logs = bare(unchanged)
            logs["loss"].numpy()

        candidates = {"ours, fit": fit, "its update step alone": steps_alone}
        case = f"training, mnist_cnn, width {width:g}, batch {batch}, {epochs * steps} steps"
        comparisons += compare(case, candidates, epochs * len(images), "images", rounds=7)
    return comparisons
