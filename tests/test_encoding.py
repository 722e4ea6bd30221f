"""Text is read and written as UTF-8, whatever the machine's own encoding is."""

import ast
import os
import subprocess
import sys

import pytest

from tests.command_line import ROOT, TINY

PROGRAM = ("main.py", "shelf.py", "models", "attacks", "training", "attributions", "measures", "experiments", "reports")
FILES = [path for name in PROGRAM for path in ([ROOT / name] if name.endswith(".py") else (ROOT / name).rglob("*.py"))]


def opened_in_the_machine_s_encoding(tree: ast.AST) -> list[int]:
    """Lines of calls that open a file for text without saying its encoding."""
    lines = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        is_open = isinstance(call.func, ast.Name) and call.func.id == "open"
        is_method = isinstance(call.func, ast.Attribute) and call.func.attr in ("read_text", "write_text")
        binary = any(isinstance(word, ast.Constant) and "b" in str(word.value) for word in call.args[1:2])
        if (is_open or is_method) and not binary and not any(word.arg == "encoding" for word in call.keywords):
            lines.append(call.lineno)
    return lines


def test_a_file_opened_without_an_encoding_is_noticed():
    text = "open(a)\nopen(a, 'rb')\np.read_text()\np.write_text(t, encoding='utf-8')\nos.open(a, 1)\nopen(a, 'w')\n"
    assert opened_in_the_machine_s_encoding(ast.parse(text)) == [1, 3, 6]


def test_no_file_is_opened_in_the_machine_s_encoding():
    wrong = {
        f"{path.relative_to(ROOT)}:{line}"
        for path in FILES
        for line in opened_in_the_machine_s_encoding(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert not wrong


def in_ascii(*arguments, cwd=ROOT):
    """The command on a machine whose own encoding is ASCII."""
    machine = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, ROOT / "main.py", *arguments]
    return subprocess.run(command, cwd=cwd, env=machine, capture_output=True, timeout=300, check=False)


@pytest.mark.slow
def test_a_machine_whose_encoding_is_ascii_gives_the_same_pages(tmp_path):
    folder = tmp_path / "Ergebnisse \N{GREEK SMALL LETTER EPSILON}"
    result = in_ascii("--experiment=boundary", f"--output_dir={folder}", *TINY)
    assert result.returncode == 0, result.stderr
    assert b"Report: file://" in result.stdout
    page = (folder / "reports" / "boundary.html").read_text(encoding="utf-8")
    assert "\N{EN DASH}" in page or "\N{MINUS SIGN}" in page
    (found,) = (folder / "reports" / "tables").glob("*claims.tex")
    assert found.read_text(encoding="ascii").startswith("% Claims")


def test_a_flag_file_that_is_not_text_is_one_sentence(tmp_path):
    (tmp_path / "some.flags").write_bytes(b"--output_dir=/tmp/caf\xe9\n")
    result = in_ascii(f"--flagfile={tmp_path / 'some.flags'}", "--plan")
    assert result.returncode == 1
    assert result.stderr.startswith(b"--flagfile: a file is not text in the encoding")
    assert b"Traceback" not in result.stderr
