"""Networks are compared in the trainings that all have, and one that has few does not cost the others theirs."""

import pytest

from reports.evidence.together import whole_together


def together(whole: dict[str, set[int]], trainings=range(6)):
    """Of networks by the trainings in which they are whole; a letter stands for a network."""
    return whole_together(whole, trainings, lambda network, training: training in whole[network])


def test_where_all_are_whole_all_are_compared_in_all_trainings():
    assert together({"a": {0, 1, 2}, "b": {0, 1, 2}}, range(3)) == (["a", "b"], [0, 1, 2])


def test_trainings_that_one_lacks_are_left_out_of_the_others_too():
    assert together({"a": {0, 1, 2, 3}, "b": {1, 2, 3}, "c": {0, 2, 3}}) == (["a", "b", "c"], [2, 3])


@pytest.mark.parametrize(("few", "stays"), [({0, 1, 2}, True), ({0, 1}, False), ({0}, False), (set(), False)])
def test_a_network_goes_that_is_whole_in_fewer_than_half_as_many_trainings_as_another(few, stays):
    networks, trainings = together({"a": set(range(6)), "b": few, "c": set(range(6))})
    assert networks == (["a", "b", "c"] if stays else ["a", "c"])
    assert trainings == (sorted(few) if stays else list(range(6)))


def test_half_is_of_the_most_that_any_has_not_of_all_that_were_asked_for():
    assert together({"a": {0, 1}, "b": {1}}) == (["a", "b"], [1])


def test_where_no_training_has_all_the_network_with_the_fewest_goes():
    assert together({"a": {0, 1, 2}, "b": {3, 4}, "c": {0, 1, 2, 5}}) == (["a", "c"], [0, 1, 2])
    # of two that have as few the first goes
    assert together({"a": {0, 1}, "b": {2, 3}}) == (["b"], [2, 3])


def test_where_nothing_is_whole_nothing_is_compared():
    assert together({"a": set(), "b": set()}) == ([], [])


def test_trainings_come_in_their_order_and_others_than_those_asked_for_do_not_count():
    assert together({"a": {9, 4, 2, 0}, "b": {9, 4, 0}}, (4, 2, 9)) == (["a", "b"], [4, 9])
