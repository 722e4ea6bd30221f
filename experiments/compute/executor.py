"""Computes pieces that do not wait for each other: here, some of them at the same time, or on a cluster."""

from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from experiments.errors import AbsentError, BusyError
from experiments.piece import Task
from experiments.store.artefacts import Store

if TYPE_CHECKING:  # rich takes a tenth of a second to import, which --plan does not need
    from experiments.compute.progress import Progress


def gather(runner, tasks: Mapping[Hashable, Task], jobs: int = 1) -> tuple[dict, list[AbsentError]]:
    """What each task gives, by name, and what could not be had; the same whichever executor does it.

    Args:
        runner: has `study`, `settings`, `store` and `progress`, from which its class makes an equal one elsewhere.
        tasks: by name, started in this order.
        jobs: how many threads of the runner may work at the same time, where they are threads.
    """
    if runner.settings.executor == "ray" and not runner.store.stored_only:
        from experiments.compute.cluster import gather_on_ray

        return gather_on_ray(runner, tasks)
    makers = {name: partial(task, runner) for name, task in tasks.items()}
    return gather_here(makers, runner.store, runner.progress, jobs)


def gather_here(
    makers: Mapping[Hashable, Callable[[], object]], store: Store, progress: "Progress | None" = None, jobs: int = 1
) -> tuple[dict, list[AbsentError]]:
    """What each maker gives, and what could not be had, for want of which some gave nothing.

    Args:
        makers: by name; started in this order. More than one job at a time needs makers that
            threads may run side by side. What they give does not depend on the number of jobs.
        store: that they fetch from. What another process is making is left to the last.
        progress: through which makers in other threads hear of Ctrl-C; needed if jobs is above 1.
        jobs: how many makers run at the same time; 1 runs them in the calling thread.

    Raises:
        BaseException: what the first maker to fail raised, once those already running have ended.
    """
    made: dict = {}
    absent: list[AbsentError] = []
    busy = makers
    for store.patient in (False, True):
        now, absent_now, busy = _gather(busy, progress, jobs)
        made |= now
        absent += absent_now
    return {name: made[name] for name in makers if name in made}, absent


def _gather(makers: Mapping, progress: "Progress | None", jobs: int) -> tuple[dict, list[AbsentError], dict]:
    """What was made, what could not be had, and the makers that have to wait for another process."""
    made, absent, busy = {}, [], {}
    with ThreadPoolExecutor(jobs) as pool:
        results = makers if jobs == 1 else {name: pool.submit(make).result for name, make in makers.items()}
        try:
            for name, result in results.items():
                try:
                    made[name] = result()
                except AbsentError as absence:
                    absent.append(absence)
                except BusyError:
                    busy[name] = makers[name]
        except BaseException as failure:
            pool.shutdown(wait=False, cancel_futures=True)
            if jobs > 1 and progress and isinstance(failure, KeyboardInterrupt):
                progress.interrupt()
            raise
    return made, absent, busy
