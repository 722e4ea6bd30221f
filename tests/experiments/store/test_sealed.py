"""A sealed folder is as it was written, or damaged."""

import os
from pathlib import Path

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
    path, put = tmp_path / "page.html", Path.write_text

    def put_and_be_overtaken(partial, text, **options):
        put(partial, text, **options)
        monkeypatch.setattr(Path, "write_text", put)
        monkeypatch.setattr(os, "getpid", lambda: 1)
        write_text(path, "theirs")

    monkeypatch.setattr(Path, "write_text", put_and_be_overtaken)
    write_text(path, "ours")
    assert path.read_text() == "ours"
    assert list(tmp_path.iterdir()) == [path]
