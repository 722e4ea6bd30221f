"""Ray gives what the local executor gives, with a shared folder and without, and when a node is lost."""

import dataclasses
import json
import sys
import threading
import time

import numpy as np
import pytest
import ray
from ray.cluster_utils import Cluster
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from experiments import measurement
from experiments.compute import cluster
from experiments.compute.progress import Progress
from experiments.compute.tensorflow_import import import_tensorflow
from experiments.errors import UsageError
from experiments.scores.arms import Retraining
from experiments.settings.presets import make_settings
from experiments.store.artefacts import Store

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("cluster")]  # which shares its nodes

SIZES = {
    "train_size": 120,
    "test_size": 60,
    "epochs": 2,
    "width": 0.06,
    "l2_eps": (0.5,),
    "linf_eps": (),
    "attack_steps": 2,
    "robust_steps": 2,
    "percentiles": (50,),
    "training_seeds": 1,
    "repeats": 1,
    "apgd_steps": 2,
    "controls": False,
}


def settings(**run):
    return make_settings("roar", "quick", SIZES, **run)


def measure(folder, **run):
    chosen = settings(output_dir=str(folder), **run)
    store = Store(folder)
    return measurement.measure(chosen.studies[0], chosen, store, Progress(quiet=True)), store


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    return measure(tmp_path_factory.mktemp("local"))


@pytest.fixture(scope="module")
def nodes():
    patient = {"health_check_failure_threshold": 60}  # a busy machine's nodes answer late; none is lost but by a test
    nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "_system_config": patient})
    ray.init(address=nodes.address, log_to_driver=False, logging_level="error")
    yield nodes
    ray.shutdown()
    nodes.shutdown()


@pytest.fixture
def second(nodes):
    """A node beside the head, the workers of both ready: one alone may else do everything before the other starts."""
    node = nodes.add_node(num_cpus=1)
    nodes.wait_for_nodes()
    places = [NodeAffinitySchedulingStrategy(one.node_id, soft=False) for one in (nodes.head_node, node)]
    ray.get([ray.remote(num_cpus=1, scheduling_strategy=at)(import_tensorflow).remote() for at in places])
    yield node
    if node in nodes.worker_nodes:
        nodes.remove_node(node)


def assert_same(one, other):
    assert one.missing == other.missing == []
    assert one.values.keys() == other.values.keys()
    for name, value in one.values.items():
        if isinstance(name, Retraining):
            np.testing.assert_array_equal(value, other.values[name], err_msg=str(name))
        elif name[0] == "evaluation":
            for attack, right in value.items():
                np.testing.assert_array_equal(right, other.values[name][attack], err_msg=str(name))


def test_without_a_shared_folder_artefacts_travel_through_ray(local, second, tmp_path, monkeypatch):
    job = cluster.Job
    monkeypatch.setattr(cluster, "Job", lambda *fields: dataclasses.replace(job(*fields), marker="/not/there"))
    found, store = measure(tmp_path, executor="ray")
    assert_same(local[0], found)
    assert store.used.keys() == local[1].used.keys()
    assert all((store.artefacts / folder).is_dir() for folder in store.used)


def test_a_lost_node_changes_nothing(local, nodes, second, tmp_path):
    def lose_a_node():
        """Once both nodes have worked."""
        while len(list(tmp_path.glob("logs/*"))) < 2:
            time.sleep(0.05)
        nodes.remove_node(second, allow_graceful=False)

    saboteur = threading.Thread(target=lose_a_node, daemon=True)
    saboteur.start()
    found, store = measure(tmp_path, executor="ray")
    saboteur.join(timeout=30)
    assert not saboteur.is_alive()
    assert_same(local[0], found)
    lines = [json.loads(line) for log in (tmp_path / "logs").iterdir() for line in log.read_text().splitlines()]
    assert len({line["process"] for line in lines}) > 1  # both nodes worked
    assert len({line["piece"] for line in lines}) == len(lines)
    assert store.used.keys() == local[1].used.keys()


def test_more_than_any_node_has_is_refused(nodes):
    with pytest.raises(
        UsageError, match="--gpus_per_task: 1 is more than any node of the cluster has; allowed: up to 0"
    ):
        cluster.connect(settings(executor="ray", gpus_per_task=1.0))


def test_without_ray_the_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(UsageError, match=r"--executor: ray needs .* pip install -r requirements-cluster.txt"):
        cluster.connect(settings(executor="ray"))


@pytest.mark.parametrize("address", ["127.0.0.1:1", "nowhere", "host:port"])
def test_an_address_without_a_cluster_is_refused_at_once(address, monkeypatch):
    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    with pytest.raises(UsageError, match=f"--ray_address: no cluster answers at {address} .*; allowed: auto"):
        cluster.connect(settings(executor="ray", ray_address=address))
