"""What a configuration file of Keras's or the environment asks for changes no number without a word."""

import json
import subprocess
import sys

import keras
import pytest

from experiments.compute.keras_settings import check_environment, check_left_alone
from experiments.errors import UsageError
from experiments.own_code import own_code
from tests.command_line import ROOT, TINY, run


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Keras's configuration file."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    return tmp_path / "keras.json"


@pytest.mark.parametrize(
    "settings", [{}, {"image_data_format": "channels_last", "floatx": "float32", "epsilon": 1e-07}, {"backend": "jax"}]
)
def test_a_file_that_changes_no_result_is_fine(file, settings):
    file.write_text(json.dumps(settings))
    check_environment()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '{"image_data_format": "channels_first"}',
            "image_data_format 'channels_first' came; allowed: 'channels_last'",
        ),
        ('{"floatx": "float64"}', "floatx 'float64' came; allowed: 'float32'"),
        ('{"floatx": "int8"}', "floatx 'int8' came; allowed: 'float32'"),
        ('{"epsilon": 1}', "epsilon 1 came; allowed: 1e-07"),
        ("[3]", r"must hold a JSON object, it holds \[3\]"),
    ],
)
def test_a_file_that_changes_results_is_refused(file, text, told):
    file.write_text(text)
    with pytest.raises(UsageError, match=f"^{file}: .*{told}"):
        check_environment()


@pytest.mark.parametrize(
    ("name", "value"), [("KERAS_BACKEND", "torch"), ("KERAS_MAX_EPOCHS", "1"), ("KERAS_MAX_STEPS_PER_EPOCH", "2")]
)
def test_a_variable_that_changes_results_is_refused(file, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=f"^{name}: '{value}' came; allowed: .*Unset this environment variable"):
        check_environment()


def test_keras_computes_with_tensorflow_whatever_its_file_says(file, monkeypatch):
    file.write_text('{"backend": "torch"}')
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    code = (
        "from experiments.compute.tensorflow_import import import_tensorflow; import_tensorflow()\n"
        "import keras; print(keras.config.backend())"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told == "tensorflow\n"


def test_a_user_s_code_that_changes_keras_is_named():
    before = keras.config.epsilon()
    try:
        with (
            pytest.raises(UsageError, match="--network: mine:net sets Keras's epsilon to 0.1; allowed: 1e-07"),
            own_code("network", "mine:net"),
        ):
            keras.config.set_epsilon(0.1)
    finally:
        keras.config.set_epsilon(before)
    check_left_alone("network", "mine:net")


@pytest.mark.slow
def test_the_command_says_it_in_a_sentence(file, tmp_path):
    file.write_text('{"image_data_format": "channels_first"}')
    result = run("--experiment=boundary", f"--output_dir={tmp_path}/out", *TINY)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith(f"{file}: image_data_format 'channels_first' came")
    assert "Traceback" not in result.stderr
    assert not list((tmp_path / "out" / "artefacts").glob("[!.]*"))
