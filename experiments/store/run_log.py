"""One JSON line per piece of work, for whoever watches a long run or adds up what it cost."""

import datetime
import json
import os
import platform
import resource
import sys
import threading
import time
from pathlib import Path


class RunLog:
    """Appends to a file of this process's own, made when there is something to say.

    The clock is looked at once and counted on from: should somebody set it, nothing ends before it began.

    Args:
        folder: of the logs of all processes.
    """

    def __init__(self, folder: Path):
        now = time.time()
        self._at_zero = now - time.monotonic()
        begun = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now))
        self._path = folder / f"{begun}-{platform.node()}-{os.getpid()}.jsonl"
        self._one_at_a_time = threading.Lock()

    def made(self, piece: str, started: float, seconds: float, images: int) -> None:
        """An artefact is whole.

        Args:
            piece: its name.
            started: `time.monotonic()` when it was begun.
            seconds: that it took, without those of others made on the way.
            images: trained on, all epochs together; 0 where nothing is trained.
        """
        rate = {"images_per_second": round(images / seconds, 1)} if images and seconds else {}
        self._append(piece, started, {"seconds": seconds, **rate})

    def failed(self, piece: str, started: float, reason: str) -> None:
        self._append(piece, started, {"failed": reason})

    def _append(self, piece: str, started: float, facts: dict) -> None:
        line = {"piece": piece, "started": self._utc(started), "ended": self._utc(time.monotonic()), **facts}
        line |= {"peak_memory_gib": _peak_memory(), "host": platform.node(), "process": os.getpid()}
        with self._one_at_a_time:
            self._path.parent.mkdir(exist_ok=True)
            with open(self._path, "a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")

    def _utc(self, monotonic: float) -> str:
        moment = datetime.datetime.fromtimestamp(self._at_zero + monotonic, datetime.UTC)
        return moment.isoformat(timespec="milliseconds")


def _peak_memory() -> float:
    """Of this process so far, in GiB; macOS counts in bytes, Linux in KiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30, 2)
