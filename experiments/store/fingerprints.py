"""What data a folder's artefacts were made of, so that a plan can look them up without loading the data."""

import hashlib
import json
from pathlib import Path

from experiments.data import Fingerprint
from experiments.store.artefacts import Store
from experiments.store.disk import writing
from experiments.store.sealed import write_json


def remember(store: Store, choice: tuple, fingerprint: Fingerprint) -> None:
    """Notes the fingerprint of a choice of data, with as many trainings' images as were ever asked for."""
    path, before = _path(store, choice), remembered(store, choice)
    if before is None or before._replace(train=before.train[: len(fingerprint.train)]) != fingerprint:
        with writing(store.root):
            path.parent.mkdir(exist_ok=True)
            write_json(path, {"choice": list(choice), "fingerprint": list(fingerprint)})


def remembered(store: Store, choice: tuple) -> Fingerprint | None:
    """The fingerprint last noted; None if there is none that can be read."""
    try:
        train, *others = json.loads(_path(store, choice).read_text(encoding="utf-8"))["fingerprint"]
        return Fingerprint(tuple(train), *others)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _path(store: Store, choice: tuple) -> Path:
    name = hashlib.sha256(json.dumps(choice).encode()).hexdigest()[:12]
    return store.artefacts / ".data" / f"{name}.json"
