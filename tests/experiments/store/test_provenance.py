"""Who made an artefact, and on what."""

import subprocess
import sys

import tensorflow as tf

from experiments.store.artefacts import Key, Store
from experiments.store.provenance import NO_ACCELERATOR, NOT_LOOKED_FOR, provenance, versions
from tests.command_line import ROOT


def test_an_artefact_names_the_gpu_it_was_made_on(monkeypatch, tmp_path):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [kind])
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda device: {"device_name": "NVIDIA H100"})
    versions.cache_clear()
    store, key = Store(tmp_path), Key("things", "thing", {"a": 1})
    store.fetch(key, lambda folder: None)
    versions.cache_clear()
    assert store.used[key.folder]["made_by"]["accelerators"] == "NVIDIA H100"


def test_who_makes_an_artefact_looks_for_gpus_and_who_only_reads_does_not_load_tensorflow():
    code = (
        "from experiments.store import provenance\n"
        "print(provenance.provenance(0.0)['accelerators'], provenance.versions()['accelerators'], sep='|')"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    before, made = told.strip().split("|")
    assert before == NOT_LOOKED_FOR
    assert made == provenance(0.0)["accelerators"] != before
    assert made == NO_ACCELERATOR or tf.config.list_physical_devices("GPU")
