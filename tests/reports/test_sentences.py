"""Pieces of sentences."""

import pytest

from reports.sentences import counted, joined, shares


def test_one_is_singular():
    assert [counted(count, "measure") for count in (0, 1, 1200)] == ["0 measures", "1 measure", "1,200 measures"]


def test_what_is_none_is_left_out():
    assert shares([(1, "agrees", "agree"), (0, "is open", "are open"), (3, "differs", "differ")]) == [
        "1 agrees",
        "3 differ",
    ]


@pytest.mark.parametrize(
    ("parts", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_joined(parts, text):
    assert joined(parts) == text
