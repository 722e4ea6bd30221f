"""A sealed folder is as it was written, or damaged."""

from experiments.store.sealed import damage, seal


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
