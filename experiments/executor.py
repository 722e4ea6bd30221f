"""Computes pieces that do not wait for each other, some of them at the same time."""

from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor

from experiments.artefacts import NotStoredError
from experiments.progress import Progress


def gather(
    makers: Mapping[Hashable, Callable[[], object]], progress: Progress | None = None, jobs: int = 1
) -> tuple[dict, list[str]]:
    """What each maker gives, and the names of artefacts for want of which some gave nothing.

    Args:
        makers: by name; started in this order. More than one job at a time needs makers that
            threads may run side by side. What they give does not depend on the number of jobs.
        progress: through which makers in other threads hear of Ctrl-C; needed if jobs is above 1.
        jobs: how many makers run at the same time; 1 runs them in the calling thread.

    Raises:
        BaseException: what the first maker to fail raised, once those already running have ended.
    """
    made, missing = {}, []
    with ThreadPoolExecutor(jobs) as pool:
        results = makers if jobs == 1 else {name: pool.submit(make).result for name, make in makers.items()}
        try:
            for name, result in results.items():
                try:
                    made[name] = result()
                except NotStoredError as absence:
                    missing.append(str(absence))
        except BaseException as failure:
            pool.shutdown(wait=False, cancel_futures=True)
            if jobs > 1 and isinstance(failure, KeyboardInterrupt):
                progress.interrupt()
            raise
    return made, missing
