"""Whatever is written on the command line gives settings or one sentence that names the flag."""

import pytest
from absl import flags
from hypothesis import given, settings
from hypothesis import strategies as st

import main  # noqa: F401  defines the flags
from experiments.errors import UsageError
from experiments.settings.flags import figure_files, settings_from_flags

NAMES = [flag.name for flag in flags.FLAGS.get_flags_for_module("experiments.settings.flags")]
NUMBERS = st.integers().map(str) | st.floats().map(str)
LISTS = st.lists(NUMBERS | st.text(max_size=5), max_size=4).map(",".join)


def parse(name, text):
    """The settings, or the sentence that a user would read."""
    flags.FLAGS.unparse_flags()
    try:
        flags.FLAGS(["main.py", f"--{name}={text}"])
        figure_files(flags.FLAGS)
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
