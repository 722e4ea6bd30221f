"""Results are sealed when written and checked when read."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experiments.errors import UsageError
from experiments.store import results
from experiments.store.artefacts import Store


@pytest.fixture(scope="module")
def stored(tiny_run):
    """The results file of the toy as it was written, and the folder it came from."""
    return (tiny_run[0] / "results" / "boundary.json").read_bytes(), tiny_run[0]


def folder_with(content: bytes, stored, folder):
    (folder / "results").mkdir(parents=True, exist_ok=True)
    (folder / "results" / "boundary.json").write_bytes(content)
    shutil.copy(stored[1] / "results" / "boundary.npz", folder / "results")
    return folder


def test_results_as_written_are_read(stored, tmp_path):
    assert results.load(folder_with(stored[0], stored, tmp_path), "boundary").experiment == "boundary"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_results_changed_anywhere_are_refused_with_a_sentence(stored, tmp_path, data):
    """A byte replaced, a part cut out, or something else altogether."""
    content = stored[0]
    place = data.draw(st.integers(0, len(content) - 1))
    put = data.draw(st.binary(max_size=40))
    cut = data.draw(st.integers(0, 200))
    changed = content[:place] + put + content[place + cut :]
    if json.loads(content) == _json_or_none(changed):  # white space alone
        return
    with pytest.raises(UsageError, match=r"boundary.json cannot be used \(.*run main.py --experiment=boundary again"):
        results.load(folder_with(changed, stored, tmp_path), "boundary")


def test_pictures_lose_less_than_half_a_shade_and_nothing_else():
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(size=1000) * 10.0 ** rng.integers(-37, 37, 1000), [0.0, 1.0, -1.0, 1e-45]])
    for dtype in (np.float32, np.float64):
        array = values.astype(dtype).reshape(4, -1)
        drawn = results.drawable(array)
        assert drawn.dtype == dtype
        assert (np.abs(drawn - array) <= np.abs(array) / 512).all()
        assert len(np.unique(np.frexp(drawn)[0])) <= 2 * 257 + 1
    for untouched in (np.arange(70000).reshape(7, -1), np.array([0.1, 0.2]), np.array(0.1)):
        assert results.drawable(untouched) is untouched


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


PARTS = st.sampled_from(["claims", "tables", "settings", "provenance", "missing", "alerts"])
NO_KINDS = JSON.filter(
    lambda value: not isinstance(value, dict) or not all(isinstance(v, dict) for v in value.values())
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changed=st.tuples(PARTS, JSON) | st.tuples(st.just("artefacts"), NO_KINDS))
def test_results_of_another_shape_are_refused_even_with_a_right_checksum(stored, tmp_path, changed):
    part, value = changed
    folder = folder_with(sealed({**json.loads(stored[0]), part: value}), stored, tmp_path)
    empty_is_allowed = value == [] or value == {}
    if not empty_is_allowed:
        with pytest.raises(UsageError, match=r"cannot be used \(\$"):
            results.load(folder, "boundary")


@pytest.mark.parametrize(
    "made", [{}, {"toy": []}, {"toy": [1]}, {"toy": ["1", 0]}, {"toy": [-1, 0]}, {"toy": [1, 0, 0]}]
)
def test_artefacts_of_another_shape_are_refused(stored, tmp_path, made):
    folder = folder_with(sealed({**json.loads(stored[0]), "artefacts": {"toys": made}}), stored, tmp_path)
    with pytest.raises(UsageError, match=r"cannot be used \(\$.artefacts.toys"):
        results.load(folder, "boundary")


def test_damaged_results_are_set_aside_and_the_pages_are_made_without_them(stored, tmp_path):
    store, said = Store(tmp_path), []
    folder_with(stored[0][:-40], stored, tmp_path)
    results.set_aside_damaged(store, said.append)
    assert "boundary.json cannot be used" in said[0]
    assert not results.any_results(store)
    assert len(list((tmp_path / "results").glob("boundary.damaged-*"))) == 1


def _json_or_none(text: bytes):
    try:
        return json.loads(text)
    except ValueError:
        return None


def test_who_made_an_artefact_is_kept_once_and_read_for_each(tmp_path, stored):
    content, (one, two) = json.loads(stored[0]), ({"commit": "a"}, {"commit": "b"})
    written = {
        "network-1": {"kind": "networks", "seconds": 2.5, "made_by": one},
        "maps-1": {"kind": "maps", "seconds": 1.0, "made_by": two},
        "network-2": {"kind": "networks", "seconds": 0, "made_by": two},
    }
    picture = {"picture": np.full((2, 3), 0.1)}
    read = replace(
        results.load(folder_with(stored[0], stored, tmp_path), "boundary"), artefacts=written, pictures=picture
    )
    results.save(read, Store(tmp_path))
    assert results.load(tmp_path, "boundary").artefacts == written
    drawn = results.load_pictures(tmp_path, "boundary")["picture"]
    assert 0 < np.abs(drawn - 0.1).max() < 0.1 / 512

    for maker in (len(content["makers"]), 10):
        changed = {**content, "artefacts": {"toys": {"toy": [1, maker]}}}
        with pytest.raises(UsageError, match="does not say who made an artefact"):
            results.load(folder_with(sealed(changed), stored, tmp_path), "boundary")


def sealed(content: dict) -> bytes:
    """A results file with a right checksum, whatever it holds."""
    content = {name: value for name, value in content.items() if name != "checksum"}
    return json.dumps({**content, "checksum": results._checksum(content)}).encode()
