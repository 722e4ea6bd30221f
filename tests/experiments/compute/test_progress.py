import ctypes
import os
import signal

import pytest

from experiments.compute.progress import Progress


@pytest.fixture
def progress():
    progress, before = Progress(quiet=True), signal.getsignal(signal.SIGTERM)
    signal.signal(signal.SIGTERM, progress.interrupt_by)
    yield progress
    signal.signal(signal.SIGTERM, before)


def test_a_signal_ends_work_at_once(progress):
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGTERM)


def test_a_signal_lost_in_c_code_ends_work_at_its_next_step(progress):
    """Python's C interface drops what is raised while it asks for an attribute."""

    class Interrupted:
        def __getattr__(self, name):
            os.kill(os.getpid(), signal.SIGTERM)

    progress.advance(1)
    assert ctypes.pythonapi.PyObject_HasAttrString(ctypes.py_object(Interrupted()), b"anything") == 0
    with pytest.raises(KeyboardInterrupt):
        progress.advance(1)


@pytest.mark.parametrize(
    "text",
    ["weights are missing in [/data/my_weights]", "[bold]x[/] :smile:", "file:///" + 99 * "ab"],
    ids=["path", "markup", "link"],
)
def test_a_user_s_text_is_printed_as_it_is(text, capfd):
    with Progress() as progress:
        progress.stage(text)
    assert f"{text}\n" in capfd.readouterr().err
