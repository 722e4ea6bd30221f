"""One run of a measurement: its studies, where things are kept, and how it is computed."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Generic, TypeVar

from experiments.errors import UsageError
from experiments.settings.options import ABOVE_0, COUNT, FOLDER, FROM_0, Folder, one_of, option, verify_all
from experiments.settings.studies import Study

S = TypeVar("S", bound=Study)


@dataclass(frozen=True)
class Settings(Generic[S]):
    """Everything below `main.py` reads these, never flags.

    Attributes:
        measurement: a folder of `experiments/`.
        sections: of the report, for which it is measured.
        preset: that the studies began from.
        studies: one per data set.

    Raises:
        UsageError: a value is outside what is allowed; the message names its flag.
    """

    measurement: str
    sections: tuple[str, ...]
    preset: str
    studies: tuple[S, ...]
    output_dir: Folder = option(
        Folder("out"), "Where networks, results and reports are kept.", "machine", "out", FOLDER
    )
    data_dir: Folder | None = option(
        None,
        "Where TensorFlow Datasets keeps its files; they are downloaded there if they are not there. Its own default "
        "is ~/tensorflow_datasets.",
        "machine",
        "~/tensorflow_datasets",
        FOLDER,
    )
    jit_compile: str = option(
        "auto",
        "Whether XLA compiles trainings and attacks; auto turns it on with a GPU.",
        "machine",
        "false",
        one_of(("auto", "true", "false")),
    )
    jobs: int = option(
        2,
        "Retrainings, or trainings of the toy, that run at the same time; results do not depend on it.",
        "machine",
        "1",
        COUNT,
    )
    executor: str = option(
        "local", "Computes pieces here, or on a Ray cluster.", "machine", "ray", one_of(("local", "ray"))
    )
    ray_address: str | None = option(
        None, "Address of the cluster; without one Ray starts on this machine.", "machine", "auto"
    )
    cpus_per_task: float = option(1.0, "Cores that a piece takes of the cluster.", "machine", "4", ABOVE_0)
    gpus_per_task: float = option(
        0.0, "GPUs that a piece takes of the cluster; a fraction lets pieces share one.", "machine", "0.25", FROM_0
    )
    strategy: str = option(
        "none",
        "Trains each network under tf.distribute: mirrored over this machine's GPUs, multiworker over the machines "
        "that TF_CONFIG names.",
        "machine",
        "mirrored",
        one_of(("none", "mirrored", "multiworker")),
    )
    tensorboard: bool = option(
        False, "Also write TensorBoard's logs of every training, under <output_dir>/tensorboard.", "machine", "true"
    )

    def __post_init__(self) -> None:
        verify_all(self)
        if self.tensorboard and find_spec("tensorboard") is None:
            raise UsageError("--tensorboard: needs a package that is not installed; pip install tensorboard.")

    def tensorboard_folder(self, artefact: str) -> Path | None:
        """Where the logs of a training go; None without --tensorboard."""
        return Path(self.output_dir) / "tensorboard" / artefact if self.tensorboard else None
