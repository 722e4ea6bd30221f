"""Computes pieces as tasks on a Ray cluster, through one folder where its nodes share it, else through Ray.

Every node needs this code and its packages at the same place, as a shared home or one container image gives.
"""

import socket
import tempfile
import time
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from experiments.errors import AbsentError, PieceFailedError, UsageError
from experiments.settings.options import Folder
from experiments.settings.run import Settings
from experiments.store.artefacts import Key, Store

RETRIES = 5
"""Times that a piece is begun again after its worker or node is lost."""
SAY_EVERY = 1.0
"""Seconds between two reports of a worker."""


@dataclass(frozen=True)
class Job:
    """What a worker needs to make a runner equal to the driver's.

    Attributes:
        runner: its class.
        study, settings: as given to it; paths absolute.
        marker: a file that the driver has made in its output folder; a worker that sees it shares the folder.
    """

    runner: type
    study: object
    settings: Settings
    marker: str


def gather_on_ray(runner, tasks: Mapping[Hashable, object]) -> tuple[dict, list[AbsentError]]:
    """As `experiments.compute.executor.gather`. Results wait for nobody: whatever worker is free takes the next task.

    Raises:
        UsageError: there is no Ray, or no cluster.
        KeyboardInterrupt: what is queued or running is cancelled first.
    """
    ray = connect(runner.settings)
    root, data_dir = runner.store.root.resolve(), runner.settings.data_dir
    settings = replace(
        runner.settings, output_dir=Folder(str(root)), data_dir=data_dir and Folder(str(Path(data_dir).resolve()))
    )
    hub, marker = _start_hub(root, ray.get_runtime_context().get_job_id())
    job = Job(type(runner), runner.study, settings, marker.name)
    options = {"num_cpus": settings.cpus_per_task, "num_gpus": settings.gpus_per_task, "max_retries": RETRIES}
    work = ray.remote(**options)(_work)
    pending = {work.remote(job, hub, task): name for name, task in tasks.items()}
    runner.store.expected.clear()  # workers tell how far they are
    made, absent = {}, []
    try:
        while pending:
            for reference in ray.wait(list(pending), timeout=0.5)[0]:
                name = pending.pop(reference)
                value, error, used = _outcome(ray, reference, name)
                runner.store.used |= used
                if isinstance(error, AbsentError):
                    absent.append(error)
                elif error is not None:
                    raise error
                else:
                    made[name] = value
            _report(ray.get(hub.drain.remote()), runner.progress)
    finally:
        for reference in pending:
            ray.cancel(reference, force=True)
    return {name: made[name] for name in tasks if name in made}, absent


def _outcome(ray, reference, name: Hashable) -> tuple[object, Exception | None, dict]:
    """What `_work` returned, or that its worker was lost once too often."""
    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError:  # an exception in the code itself
        raise
    except ray.exceptions.RayError as lost:
        reason = f"lost its worker {RETRIES + 1} times ({type(lost).__name__})"
        return None, PieceFailedError(str(name), reason), {}


def connect(settings: Settings):
    """The `ray` module, connected to the cluster that the settings name, or to one of this machine's own.

    Raises:
        UsageError: the package is not installed, or there is no cluster at the address.
    """
    try:
        import ray
    except ImportError as error:
        raise UsageError(
            "--executor: ray needs a package that is not installed; pip install -r requirements-cluster.txt, "
            "or use --executor=local."
        ) from error
    if not ray.is_initialized():
        address = settings.ray_address or "local"
        try:
            _check_reachable(address)
            ray.init(address=address, log_to_driver=False, logging_level="error")
        except (OSError, RuntimeError, ValueError) as error:
            raise UsageError(
                f"--ray_address: no cluster answers at {address} ({str(error).splitlines()[0][:120]}); "
                "allowed: auto on a machine of the cluster, host:port of its head, or nothing for this machine alone."
            ) from error
    need = {"CPU": settings.cpus_per_task, "GPU": settings.gpus_per_task}
    for kind, amount in need.items():
        most = max((node["Resources"].get(kind, 0) for node in ray.nodes() if node["Alive"]), default=0)
        if amount > most:
            flag = f"--{kind.lower()}s_per_task"
            raise UsageError(f"{flag}: {amount:g} is more than any node of the cluster has; allowed: up to {most:g}.")
    return ray


def _check_reachable(address: str) -> None:
    """Raises OSError or ValueError at once where nobody listens: Ray would try for minutes."""
    if address not in ("auto", "local"):
        host, _, port = address.rpartition(":")
        socket.create_connection((host, int(port)), timeout=10).close()


class Hub:
    """On the driver's node: what the workers report, and the artefacts of nodes that do not share its folder.

    Args:
        root: the driver's output folder.
    """

    def __init__(self, root: Path):
        self._store = Store(root)
        self._work = 0.0
        self._lines: list[str] = []

    def tell(self, work: float, lines: list[str]) -> None:
        self._work += work
        self._lines += lines

    def drain(self) -> tuple[float, list[str]]:
        """Work done and stages begun since the last call."""
        told = self._work, self._lines
        self._work, self._lines = 0.0, []
        return told

    def lend(self, key: Key) -> dict[str, bytes] | None:
        """An artefact's files; None if there is none."""
        if key not in self._store:
            return None
        folder = self._store.artefacts / key.folder
        return _files(folder)

    def take(self, key: Key, files: dict[str, bytes]) -> None:
        """Keeps an artefact that a worker has made; `Store.adopt` checks it."""
        self._store.adopt(key, files)


class BorrowingStore(Store):
    """A worker's own folder, where the driver's is not shared: artefacts come from the hub and go to it."""

    def __init__(self, hub, progress):
        self._own = tempfile.TemporaryDirectory(prefix="borrowed-")
        super().__init__(self._own.name, progress=progress)
        self._hub = hub

    def fetch(self, key: Key, make, images=int) -> Path:
        import ray

        if key not in self:
            files = ray.get(self._hub.lend.remote(key))
            if files is not None:
                self.adopt(key, files)
        new = key not in self
        folder = super().fetch(key, make, images)
        if new:
            ray.get(self._hub.take.remote(key, _files(folder)))
        return folder


class RemoteProgress:
    """A worker's `Progress`: what it is told goes to the hub, at most once a second."""

    keras_verbosity = 0

    def __init__(self, hub):
        self._hub, self._work, self._lines, self._told = hub, 0.0, [], time.monotonic()

    def stage(self, text: str) -> None:
        self._lines.append(text)

    def advance(self, work: float) -> None:
        self._work += work
        if time.monotonic() - self._told > SAY_EVERY:
            self.flush()

    def flush(self) -> None:
        self._hub.tell.remote(self._work, self._lines)
        self._work, self._lines, self._told = 0.0, [], time.monotonic()


def _files(folder: Path) -> dict[str, bytes]:
    """An artefact's content by name; artefacts have no folders inside."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


_RUNNERS: dict[Job, object] = {}


def _work(job: Job, hub, task) -> tuple[object, Exception | None, dict]:
    """In a worker: a task's value or its error, and the artefacts used, as `Store.used`."""
    runner = _runner_of(job, hub)
    runner.store.used = {}
    try:
        value, error = task(runner), None
    except (AbsentError, UsageError) as failure:
        value, error = None, failure
    runner.progress.flush()
    return value, error, runner.store.used


def _runner_of(job: Job, hub):
    """Made once per worker: its data, networks and graphs serve all tasks of the job."""
    if job not in _RUNNERS:
        from experiments.compute.tensorflow_import import import_tensorflow

        import_tensorflow()
        _RUNNERS.clear()
        progress = RemoteProgress(hub)
        shared = Path(job.marker).exists()
        store = Store(job.settings.output_dir, progress=progress) if shared else BorrowingStore(hub, progress)
        _RUNNERS[job] = job.runner(job.study, job.settings, store, progress)
    return _RUNNERS[job]


@cache
def _start_hub(root: Path, driver: str):
    """One for all that this driver gathers into a folder, and the file by which workers know whether they share it."""
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    marker = tempfile.NamedTemporaryFile(dir=root / "artefacts" / ".unfinished", prefix=".shared-")  # noqa: SIM115  kept open
    return ray.remote(num_cpus=0, scheduling_strategy=here)(Hub).remote(root), marker


def _report(told: tuple[float, list[str]], progress) -> None:
    work, lines = told
    for line in lines:
        progress.stage(line)
    progress.advance(work)
