"""Reproduces Kim, Seo and Jeon (2019): trains, measures and reports.

python main.py                              every section of the paper, in minutes
python main.py --experiment=roar            one of them
python main.py --plan                       what that would do
python main.py --report_only                the reports again, from what is stored
"""

import shlex
import signal
import sys
from collections.abc import Sequence

from absl import app, flags, logging

from experiments.errors import UsageError
from experiments.plan import describe
from experiments.run_all import run_all
from experiments.settings.flags import (
    asked_sections,
    compared_folders,
    define_flags,
    figure_files,
    given,
    settings_from_flags,
)
from experiments.settings.help import parse_or_help, show
from experiments.store.artefacts import Store
from experiments.store.disk import writing

define_flags()


def run() -> int:
    """Runs what the flags ask for; returns the exit code."""
    verbose = logging.get_verbosity() >= logging.DEBUG
    if not verbose:
        logging.set_verbosity(logging.ERROR)  # libraries log through absl too
    chosen, report_only = settings_from_flags(flags.FLAGS), flags.FLAGS.report_only
    drawn_as, asked = figure_files(flags.FLAGS), asked_sections(flags.FLAGS)
    compared = compared_folders(flags.FLAGS)
    store = Store(chosen[0].output_dir, stored_only=report_only or flags.FLAGS.plan)
    if flags.FLAGS.plan:
        show("\n\n".join(describe(settings, store) for settings in chosen))
        return 0

    from experiments.compute.progress import Progress
    from reports.compare import check_comparisons
    from reports.render import render_reports

    check_comparisons(compared)
    pages: list[str] = []
    with Progress(keras_verbosity=2 if verbose else 0, quiet=report_only) as progress:
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) != signal.SIG_IGN:  # as a shell asks for what it starts in the background
                signal.signal(number, progress.interrupt_by)

        def render(waiting: Sequence[str]) -> None:
            with writing(store.root):
                pages.append(render_reports(store.root, compared, drawn_as, waiting, asked).resolve().as_uri())
            if waiting:
                progress.stage(f"What is finished can be read: {pages[-1]}")

        failures = run_all(chosen, store, progress, render, given(flags.FLAGS))
    if pages:
        show(f"Report: {pages[-1]}")
    elif not failures and report_only:
        failures = [f"--report_only: nothing is stored in {store.root}; run once without it."]
    print("\n".join(failures), end="\n" if failures else "", file=sys.stderr)
    return 1 if failures else 0


def main(argv: list[str]) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does
    try:
        if len(argv) > 1:
            raise UsageError(f"{argv[1]!r} is not a flag; flags look like --experiment=roar.")
        return run()
    except UsageError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        command = shlex.join(["python", *sys.argv])
        print(f"Stopped. This goes on from here, or with --report_only shows what is done:\n{command}", file=sys.stderr)
        return 130


if __name__ == "__main__":
    app.run(main, flags_parser=parse_or_help)
