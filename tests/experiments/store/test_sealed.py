"""A sealed folder is as it was written, or damaged."""

import errno
import os
from pathlib import Path

import pytest

from experiments.store.sealed import damage, seal, write_text


def test_a_link_out_of_the_folder_is_damage(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("x")
    folder = tmp_path / "sealed"
    folder.mkdir()
    (folder / "a").write_text("x")
    seal(folder)
    assert damage(folder) == ""
    (folder / "a").unlink()
    (folder / "a").symlink_to(secret)
    assert "a is not as it was written" in damage(folder)


def test_a_file_too_many_is_damage(tmp_path):
    (tmp_path / "a").write_text("x")
    seal(tmp_path)
    (tmp_path / "b").write_text("")
    assert damage(tmp_path) == "b is not as it was written"


def test_a_file_that_another_process_writes_at_the_same_time_is_whole(tmp_path, monkeypatch):
    path, put = tmp_path / "page.html", Path.write_bytes

    def put_and_be_overtaken(partial, content):
        put(partial, content)
        monkeypatch.setattr(Path, "write_bytes", put)
        monkeypatch.setattr(os, "getpid", lambda: 1)
        write_text(path, "theirs")

    monkeypatch.setattr(Path, "write_bytes", put_and_be_overtaken)
    write_text(path, "ours")
    assert path.read_text() == "ours"
    assert list(tmp_path.iterdir()) == [path]


def test_what_does_not_fit_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path, put = tmp_path / "page.html", Path.write_bytes
    write_text(path, "old")

    def put_half(partial, content):
        put(partial, content[:1])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", put_half)
    with pytest.raises(OSError, match="No space left"):
        write_text(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_text_is_utf_8_and_bytes_of_no_text_are_escapes(tmp_path):
    write_text(tmp_path / "x", "\N{GREEK SMALL LETTER ALPHA}\udce9")
    assert (tmp_path / "x").read_bytes() == b"\xce\xb1\\udce9"
