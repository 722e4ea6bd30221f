"""One line per stage and one bar with the time left over everything a run has to do."""

from rich.console import Console
from rich.progress import (
    BarColumn,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bar


class Progress:
    """Shows how far a run is. Work is counted in network passes, so that cells of unequal cost compare.

    Args:
        keras_verbosity: 0 to 2, handed to every `fit`.
        quiet: show nothing at all.

    Use it as a context manager.
    """

    def __init__(self, keras_verbosity: int = 0, quiet: bool = False):
        self.keras_verbosity = keras_verbosity
        self._interrupted = False
        self._bar = Bar(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("elapsed,"),
            TimeRemainingColumn(),
            TextColumn("left"),
            console=Console(stderr=True, markup=False, emoji=False, highlight=False),  # brackets are a user's own
            disable=quiet,
            speed_estimate_period=120,
        )
        self._task = self._bar.add_task("", total=0, visible=False)

    def __enter__(self):
        self._bar.start()
        return self

    def __exit__(self, *exception):
        self._bar.stop()

    def stage(self, text: str) -> None:
        """Names what is being done now; each stage keeps a line of its own above the bar."""
        if not self._bar.disable:
            self._bar.console.print(text, style="dim", soft_wrap=True)  # a link is no link once it is broken

    def expect(self, work: float) -> None:
        """Sets the work that the bar counts towards."""
        if work:
            self._bar.update(self._task, total=work, visible=True)

    def interrupt(self) -> None:
        """Ends work at its next `advance`, also in other threads, which Ctrl-C does not reach."""
        self._interrupted = True

    def interrupt_by(self, signal_number: int, frame: object) -> None:
        """Handles a signal: ends work now, or at the next `advance`.

        The second because an exception can be lost on its way: C code that asks whether an object has an attribute
        drops whatever is raised meanwhile, and TensorFlow does so all the time while it traces.

        Raises:
            KeyboardInterrupt: always.
        """
        self.interrupt()
        raise KeyboardInterrupt

    def advance(self, work: float) -> None:
        """Counts work as done.

        Raises:
            KeyboardInterrupt: after `interrupt`.
        """
        if self._interrupted:
            raise KeyboardInterrupt
        self._bar.update(self._task, advance=work)
