"""What is told where trainings share their training images."""

from collections.abc import Iterator

import numpy as np

from reports.evidence.study import Study


def overlap(study: Study) -> Iterator[str]:
    """How far trainings are of the same images, so that an interval over them says less than it seems to."""
    trainings = len(study.array("training"))
    if trainings < 2:
        return
    # In an older run's values all trainings learn from the same images.
    shared = study.array("overlap") if study.has("overlap") else np.ones((trainings, trainings))
    others = float(np.nanmean(shared[~np.eye(trainings, dtype=bool)]))  # NaN for a training that is not there yet
    if others == 1:
        size = study.settings["train_size"]
        which = f"the same {size:,}" if size else "all of the data set's"
        yield f"Every training uses {which} training images: the intervals speak of these images."
    elif others > 0:
        yield f"Trainings share on average {100 * others:.0f} % of their training images."
