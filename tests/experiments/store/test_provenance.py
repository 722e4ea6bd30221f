"""Who made an artefact, and on what."""

import os
import subprocess
import sys

import tensorflow as tf

from experiments.store.artefacts import Key, Store
from experiments.store.provenance import NO_ACCELERATOR, NOT_LOOKED_FOR, VARIABLES, provenance, versions
from tests.command_line import ROOT


def test_an_artefact_names_the_gpu_it_was_made_on(monkeypatch, tmp_path):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [kind])
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda device: {"device_name": "NVIDIA H100"})
    versions.cache_clear()
    store, key = Store(tmp_path), Key("things", "thing", {"a": 1})
    store.fetch(key, lambda folder: None)
    versions.cache_clear()
    assert store.used[key.folder]["made_by"]["accelerators"] == "NVIDIA H100"


def test_an_artefact_names_the_variables_by_which_tensorflow_computes(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith(VARIABLES)]:
        monkeypatch.delenv(name)
    assert provenance(0.0)["environment"] == "default"
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")  # changes no number
    monkeypatch.setenv("XLA_FLAGS", "--xla_cpu_enable_fast_math=true --xla_a=1")
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    versions.cache_clear()
    store, key = Store(tmp_path), Key("things", "thing", {"a": 1})
    store.fetch(key, lambda folder: None)
    versions.cache_clear()
    told = "TF_ENABLE_ONEDNN_OPTS=0 XLA_FLAGS='--xla_cpu_enable_fast_math=true --xla_a=1'"
    assert store.used[key.folder]["made_by"]["environment"] == provenance(0.0)["environment"] == told


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
