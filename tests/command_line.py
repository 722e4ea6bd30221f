"""Runs main.py as a user does, at the smallest scale that still means something."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
TINY = [
    "--train_size=120",
    "--test_size=60",
    "--epochs=2",
    "--width=0.06",
    "--l2_eps=0.5",
    "--linf_eps=0.1",
    "--attack_steps=2",
    "--robust_steps=2",
    "--percentiles=30,70",
    "--training_seeds=2",
    "--repeats=1",
    "--apgd_steps=2",
    "--random_baselines=2",
    "--measured_images=20",
    "--blur_sweep=1",
    "--vae_gan_epochs=2",
    "--vae_gan_width=0.06",
    "--manifold_steps=3",
    "--manifold_eps=6",
    "--toy_points=60",
    "--toy_epochs=4",
    "--toy_eps=0.1",
    "--toy_seeds=3",
    "--figure_files=svg",  # embedding the fonts of PDFs takes longer than drawing
    "--jit_compile=false",  # compiling the toy takes longer than training it at this size
]


def run(*arguments, cwd=ROOT):
    command = [sys.executable, str(ROOT / "main.py"), *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300, check=False)


def found(folder: Path, section: str, dataset: str | None = None) -> dict:
    """What a section says of a data set, of the first one if none is named, as results/<section>.json has it."""
    studies = json.loads((folder / "results" / f"{section}.json").read_text())["studies"]
    return next(study for study in studies if dataset in (None, study["dataset"]))
