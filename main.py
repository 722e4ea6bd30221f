"""Reproduces Kim, Seo and Jeon (2019): trains, measures and reports.

python main.py --experiment=roar            a report in minutes
python main.py --experiment=roar --plan     what that would train
"""

import importlib
import sys

from absl import app, flags, logging

from experiments.artefacts import Store
from experiments.errors import UsageError
from experiments.flags import define_flags, settings_from_flags
from experiments.plan import describe

define_flags()


def run() -> int:
    """Runs what the flags ask for; returns the exit code."""
    verbose = logging.get_verbosity() >= logging.DEBUG
    if not verbose:
        logging.set_verbosity(logging.ERROR)  # libraries log through absl too
    settings = settings_from_flags(flags.FLAGS)
    store = Store(settings.output_dir)
    if flags.FLAGS.plan:
        print(describe(settings, store))
        return 0

    from experiments.progress import Progress

    experiment = importlib.import_module(f"experiments.{settings.experiment}")
    with Progress(keras_verbosity=2 if verbose else 0) as progress:
        results = experiment.run(settings, store, progress)

    from reports.render import render_reports, save_results

    save_results(results, store)
    index = render_reports(store)
    print(f"Report: {index.with_name(settings.experiment + '.html').resolve().as_uri()}")
    print(f"Index:  {index.resolve().as_uri()}")
    return 0


def main(argv: list[str]) -> int:
    try:
        if len(argv) > 1:
            raise UsageError(f"{argv[1]!r} is not a flag; flags look like --experiment=roar.")
        return run()
    except UsageError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. The same command goes on from here.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    app.run(main)
