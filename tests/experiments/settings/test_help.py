"""What `--help` lists, and that it can be piped."""

import re
import subprocess
import sys

import pytest

from experiments.settings.flags import _parse, every_option
from experiments.settings.options import GROUPS
from tests.command_line import ROOT, run

OPTIONS = {known.name: known for known in every_option()}


@pytest.fixture(scope="module")
def text():
    return run("--helpshort").stdout


def test_every_flag_is_listed_once_under_its_heading(text):
    listed = re.findall(r"^  --(\w+)=", text, re.MULTILINE)
    assert len(listed) == len(set(listed)) > 40
    assert set(listed) == OPTIONS.keys()
    for heading in GROUPS.values():
        assert f"\n{heading}\n" in text
    place = {heading: text.index(f"\n{heading}\n") for heading in GROUPS.values()}
    for known in OPTIONS.values():
        before = [heading for heading in place if place[heading] < text.index(f"  --{known.name}=")]
        assert max(before, key=place.get) == GROUPS[known.group]


def test_help_says_the_default_of_every_preset(text):
    words = " ".join(text.split())
    assert (
        "Passes over the training images. Allowed: a whole number above 0. Default: 4 (quick); 8 (reduced); 20 (paper)."
        in words
    )
    assert "Default: out." in words


@pytest.mark.parametrize("known", OPTIONS.values(), ids=OPTIONS)
def test_a_help_text_is_sentences_and_its_example_is_allowed(known):
    assert re.match(r"[A-Zl]", known.help)
    assert known.help.endswith(".")
    assert len(known.help.split()) >= 4
    if "mine:" not in known.example and known.kind is not bool:
        known.verify(_parse(known, known.example))


@pytest.mark.parametrize("flag", ["--plan", "--help", "--helpshort"])
def test_a_reader_that_has_enough_ends_no_traceback(flag, tmp_path):
    command = [sys.executable, str(ROOT / "main.py"), flag, f"--output_dir={tmp_path}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        process.stdout.close()  # before anything is written
        told = process.stderr.read().decode()
        process.wait(30)
    assert "Traceback" not in told
    assert "BrokenPipe" not in told
    assert process.returncode == 0


def test_a_flag_that_does_not_exist_names_the_nearest():
    result = run("--experimnt=roar")
    assert result.returncode == 1
    assert "experiment" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_full_disk_behind_standard_output_is_told_in_a_sentence():
    command = [sys.executable, str(ROOT / "main.py"), "--help"]
    with open("/dev/full", "w", encoding="utf-8") as full:
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr == "Standard output cannot be written to ([Errno 28] No space left on device).\n"
