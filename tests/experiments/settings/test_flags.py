"""Whatever is written on the command line gives settings or one sentence that names the flag."""

import pytest
from absl import flags
from hypothesis import given, settings
from hypothesis import strategies as st

import main  # noqa: F401  defines the flags
from experiments.errors import UsageError
from experiments.settings.flags import compared_folders, figure_files, settings_from_flags

NAMES = [flag.name for flag in flags.FLAGS.get_flags_for_module("experiments.settings.flags")]
NUMBERS = st.integers().map(str) | st.floats().map(str)
LISTS = st.lists(NUMBERS | st.text(max_size=5), max_size=4).map(",".join)


def parse(name, text):
    """The settings, or the sentence that a user would read."""
    flags.FLAGS.unparse_flags()
    try:
        flags.FLAGS(["main.py", f"--{name}={text}"])
        figure_files(flags.FLAGS)
        compared_folders(flags.FLAGS)
        return settings_from_flags(flags.FLAGS)
    except (flags.Error, UsageError) as error:
        return str(error)


@settings(max_examples=400, deadline=None)
@given(name=st.sampled_from(NAMES), text=st.text(max_size=20) | NUMBERS | LISTS)
def test_any_text_for_any_flag_is_understood_or_refused(name, text):
    found = parse(name, text)
    assert found
    assert isinstance(found, list) or f"--{name}" in found


@pytest.mark.parametrize("name", ["seed", "epochs", "batch_size", "toy_points", "repeats", "attack_steps"])
def test_numbers_that_graphs_cannot_count_to_are_refused(name):
    assert f"--{name}: {2**31} is not allowed" in parse(name, 2**31)


def test_kinds_of_figures_that_cannot_be_written_are_refused():
    assert parse("figure_files", "svg,bmp") == "--figure_files: 'bmp' is not allowed; allowed: svg, pdf, png."
    assert parse("figure_files", "svg,svg") == "--figure_files: svg,svg names an entry twice."
    assert isinstance(parse("figure_files", ""), list)


@pytest.mark.parametrize("name", ["output_dir", "data_dir"])
def test_a_tilde_is_the_home_folder_as_in_a_shell(name, monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    for text, folder in {"~/runs": "/home/somebody/runs", "~": "/home/somebody", "runs/~": "runs/~"}.items():
        (found, *_) = parse(name, text)
        assert getattr(found, name) == folder
    for text in ("", " ", "~nobody-has-this-name/runs"):
        assert parse(name, text) == (
            f"--{name}: {text!r} is not allowed; allowed: the path of a folder; ~ is your home folder."
        )


def test_folders_in_flag_files_and_of_other_runs_have_a_home_too(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "some.flags").write_text("--output_dir=~/runs\n--compare=~/others,~/more\n", encoding="utf-8")
    (found, *_) = parse("flagfile", "~/some.flags")
    assert found.output_dir == f"{tmp_path}/runs"
    assert compared_folders(flags.FLAGS) == (f"{tmp_path}/others", f"{tmp_path}/more")
    assert parse("compare", "out,,other").startswith("--compare: '' is not allowed; allowed: the path of a folder")
