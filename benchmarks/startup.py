"""How long until something happens, and how much memory whole runs take."""

import statistics
import subprocess
import sys
import tempfile
import time

import psutil

ROUNDS = 5
CIFAR_SIZED = (
    "--experiment=roar --datasets=benchmarks.startup:cifar_sized --width=0.25 --epochs=1 --attack_steps=1"
    " --l2_eps=0.4 --linf_eps=0.01 --losses=cross_entropy --robust_steps=1 --percentiles=50 --repeats=1 --nocontrols"
)


def facts() -> dict:
    return {
        "main.py --helpshort, seconds": _seconds("--helpshort"),
        "main.py --plan, seconds": _seconds("--plan"),
        "first training step, seconds from the start": _seconds_to_the_first_step(),
        "peak memory of --experiment=roar, quick preset, GiB": _peak_gib("--experiment=roar"),
        "peak memory of --experiment=roar on 50,000 images of CIFAR-10's size, GiB": _peak_gib(CIFAR_SIZED),
    }


def cifar_sized():
    """As many images as CIFAR-10 has, in its shape: noise, brighter from class to class. Memory depends on no more."""
    import numpy as np

    from experiments.data import Dataset

    rng = np.random.default_rng(0)
    labels = rng.integers(10, size=60_000).astype(np.int32)
    images = rng.random((60_000, 32, 32, 3), dtype=np.float32) - 1
    images += labels[:, None, None, None].astype(np.float32) / 10
    return Dataset(
        "cifar_sized", images[:50_000], labels[:50_000], images[50_000:], labels[50_000:], tuple("0123456789")
    )


def _main(*flags: str) -> list[str]:
    return [sys.executable, "main.py", *flags]


def _seconds(flag: str) -> float:
    def once() -> float:
        with tempfile.TemporaryDirectory() as folder:
            started = time.perf_counter()
            subprocess.run(_main(flag, f"--output_dir={folder}"), stdout=subprocess.DEVNULL, check=False)
            return time.perf_counter() - started

    once()
    return statistics.median(once() for _ in range(ROUNDS))


def _seconds_to_the_first_step() -> float:
    """Of a process that imports TensorFlow, reads the data, builds the network, and traces and runs one step."""
    script = (
        "from experiments.compute.tensorflow_import import import_tensorflow; import_tensorflow()\n"
        "from experiments.data import load_dataset\n"
        "from experiments.networks.building import build_network\n"
        "from experiments.networks.fitting import compile_for_training\n"
        "from experiments.settings.presets import make_settings\n"
        "from training import AdversarialTrainer\n"
        "(study,) = make_settings('roar', 'quick').studies\n"
        "data = load_dataset(study.dataset, study.train_size, study.test_size)\n"
        "trainer = AdversarialTrainer(build_network(study, data, 0))\n"
        "compile_for_training(trainer, study, 'auto')\n"
        "trainer.train_on_batch(data.train_images[:100], data.train_labels[:100])\n"
    )

    def once() -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", script], check=True)
        return time.perf_counter() - started

    once()
    return statistics.median(once() for _ in range(ROUNDS))


def _peak_gib(flags: str) -> float:
    """Largest resident memory of a run, looked at ten times a second."""
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.Popen(_main(*flags.split(), f"--output_dir={folder}"), stderr=subprocess.DEVNULL)
        process, peak = psutil.Process(run.pid), 0
        while run.poll() is None:
            try:
                peak = max(peak, process.memory_info().rss)
            except psutil.NoSuchProcess:
                break
            time.sleep(0.1)
        if run.wait():
            raise RuntimeError(f"main.py {flags} ended with exit code {run.returncode}.")
    return peak / 2**30
