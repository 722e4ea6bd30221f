"""Values are sealed when written and checked when read."""

import dataclasses
import errno
import json
from pathlib import Path

import numpy as np
import pytest
import xarray
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experiments.errors import UsageError
from experiments.store import values as module
from experiments.store.values import Values, in_order, load, path_of, save, set_aside_damaged, stored
from tests.reports.as_values import PROVENANCE

ARRAYS = xarray.Dataset(
    {
        "right": (("training", "image"), np.array([[1, 0, -1], [0, 1, 1]], np.int8)),
        "distance": (("training", "image"), np.array([[0.5, np.nan, 2.0], [1.0, 1.5, 3.0]], np.float32)),
        "count": 7,
    },
    {"training": [0, 1], "network": ("training", ["standard", "größer \N{INFINITY}"])},
)
MADE = {"kind": "networks", "seconds": 2.5, "made_by": {"commit": "a"}}


def values(**changed) -> Values:
    known = Values(
        measurement="boundary",
        dataset="two_gaussians",
        sections=("boundary",),
        preset="quick",
        settings={"dataset": "two_gaussians", "seed": 0, "toy_eps": (0.1, 0.2)},
        words={},
        images="",
        provenance=PROVENANCE,
        declared=[],
        missing=[{"artefact": "x", "reason": ""}],
        artefacts={"network-1": MADE},
        arrays=ARRAYS,
    )
    return dataclasses.replace(known, **changed)


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    """A file as it was written."""
    folder = tmp_path_factory.mktemp("values")
    save(values(), folder)
    return (folder / values().path).read_bytes()


def put(content: bytes, folder: Path, name: str = "boundary-two_gaussians.nc") -> Path:
    (folder / "values").mkdir(parents=True, exist_ok=True)
    (folder / "values" / name).write_bytes(content)
    return folder / "values" / name


def test_values_as_written_are_read(content, tmp_path):
    found = load(put(content, tmp_path))
    assert found.arrays.equals(ARRAYS)
    assert found.arrays.right.dtype == np.int8
    assert found.arrays.network.values.tolist() == ["standard", "größer \N{INFINITY}"]
    assert found.settings["toy_eps"] == [0.1, 0.2]
    assert found.sections == ("boundary",)
    assert found.artefacts == {"network-1": MADE}
    assert found.path == Path("values/boundary-two_gaussians.nc")


def test_other_programs_open_them(content, tmp_path):
    found = xarray.load_dataset(put(content, tmp_path), engine="h5netcdf")
    assert found.distance.sel(training=1).values.tolist() == [1.0, 1.5, 3.0]
    assert json.loads(found.attrs["measured"])["dataset"] == "two_gaussians"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_values_changed_anywhere_are_refused_with_a_sentence(content, tmp_path, data):
    """A byte replaced, a part cut out, or something else altogether."""
    place = data.draw(st.integers(0, len(content) - 1))
    changed = content[:place] + data.draw(st.binary(max_size=40)) + content[place + data.draw(st.integers(0, 200)) :]
    if changed != content:
        path = put(changed, tmp_path)
        with pytest.raises(UsageError) as refused:
            load(path)
        assert str(refused.value).startswith(f"{path} cannot be used (it is not as it was written")


@pytest.mark.parametrize("length", [0, 10, 1000])
def test_a_file_cut_short_is_refused(content, tmp_path, length):
    with pytest.raises(UsageError, match=r"it is not as it was written, or a part of it is missing\); take it away"):
        load(put(content[:length], tmp_path))


@pytest.mark.parametrize("version", [0, 99])
def test_another_format_is_refused(tmp_path, monkeypatch, version):
    with monkeypatch.context() as patched:
        patched.setattr(module, "VALUES_FORMAT", version)
        save(values(), tmp_path)
    with pytest.raises(UsageError, match=f"its format is {version}, this code reads 1"):
        load(tmp_path / values().path)


def test_values_of_another_name_are_refused(content, tmp_path):
    with pytest.raises(UsageError, match="it holds values of boundary on two_gaussians"):
        load(put(content, tmp_path, "scores-mnist_5k.nc"))


@pytest.mark.parametrize(
    "changed",
    [
        {"measurement": "moon"},
        {"sections": ()},
        {"settings": {"dataset": "x"}},
        {"provenance": {"command": "python main.py"}},
        {"missing": [{"artefact": "x"}]},
        {"artefacts": {"a": {**MADE, "seconds": -1}}},
    ],
    ids=str,
)
def test_a_header_of_another_shape_is_refused_even_with_a_right_checksum(tmp_path, changed):
    wrong = values(**changed)
    save(wrong, tmp_path)
    with pytest.raises(UsageError, match=r"cannot be used \(\$"):
        load(tmp_path / wrong.path)


def test_who_made_an_artefact_is_kept_once_and_read_for_each(tmp_path):
    one, two = {"commit": "a"}, {"commit": "b"}
    made = {
        "network-1": {"kind": "networks", "seconds": 2.5, "made_by": one},
        "maps-1": {"kind": "maps", "seconds": 1.0, "made_by": two},
        "network-2": {"kind": "networks", "seconds": 0, "made_by": two},
    }
    save(values(artefacts=made), tmp_path)
    assert load(tmp_path / values().path).artefacts == made


def test_values_measured_again_for_another_section_serve_both(tmp_path):
    scores = {"measurement": "scores", "dataset": "mnist", "settings": {"dataset": "mnist", "seed": 0}}
    save(values(**scores, sections=("roar",)), tmp_path)
    save(values(**scores, sections=("tradeoff",)), tmp_path)
    assert load(tmp_path / "values/scores-mnist.nc").sections == ("roar", "tradeoff")
    other = {**scores, "settings": {"dataset": "mnist", "seed": 1}}
    save(values(**other, sections=("tradeoff",)), tmp_path)  # of other settings: what was there is replaced
    assert load(tmp_path / "values/scores-mnist.nc").sections == ("tradeoff",)


def test_known_data_sets_come_first_and_a_user_s_own_has_a_safe_name(tmp_path):
    for dataset in ("mine:data", "mine-data", "block_mnist", "mnist_5k"):
        save(values(measurement="survey", dataset=dataset), tmp_path)
    assert path_of("survey", "mine:data") != path_of("survey", "mine-data") == Path("values/survey-mine-data.nc")
    long = [path_of("survey", f"mine:{300 * 'n'}{end}") for end in "ab"]
    assert long[0] != long[1]
    assert max(len(path.name) for path in long) < 200
    assert [found.dataset for found in in_order(map(load, stored(tmp_path)))] == [
        "mnist_5k",
        "block_mnist",
        "mine-data",
        "mine:data",
    ]


def test_damaged_values_are_set_aside_and_others_stay(content, tmp_path):
    put(content[:-40], tmp_path)
    save(values(measurement="survey", dataset="mnist"), tmp_path)
    said: list[str] = []
    set_aside_damaged(tmp_path, said.append)
    assert len(said) == 1
    assert "boundary-two_gaussians.nc cannot be used" in said[0]
    assert [path.name for path in stored(tmp_path)] == ["survey-mnist.nc"]
    assert len(list((tmp_path / "values").glob("boundary*.damaged-*"))) == 1


def test_a_full_disk_ends_with_a_sentence_and_leaves_what_was_there(tmp_path, monkeypatch):
    save(values(), tmp_path)
    before = (tmp_path / values().path).read_bytes()

    def no_room(self, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", no_room)
    with pytest.raises(UsageError, match=r"--output_dir: .* cannot be written to \(.*No space left on device"):
        save(values(images="other"), tmp_path)
    assert (tmp_path / values().path).read_bytes() == before
