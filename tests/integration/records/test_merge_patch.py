"""Patches come to what they say, one by one and taken together."""

from copy import deepcopy
from random import Random
from typing import Any

import pytest

from custom_components.dls_pbx.records.merge_patch import NotComposableError, compose, difference, merge
from tests.helpers import stored

# From the appendix of RFC 7396: what there was, the patch, and what comes of it.
EXAMPLES: list[tuple[Any, Any, Any]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, "bar", "bar"),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("before", "patch", "after"), EXAMPLES)
def test_the_examples_of_the_standard_come_out(before: Any, patch: Any, after: Any) -> None:
    """Another program could not read the file, and neither could the next version."""
    assert stored.merge(deepcopy(before), patch) == after
    assert merge(before, patch) == after


def _anything(rng: Random, depth: int = 3) -> Any:
    if depth and rng.random() < 2 / 3:
        return {key: _anything(rng, depth - 1) for key in "abcd" if rng.random() < 1 / 2}
    return rng.choice([1, "x", True, [1, {"a": None}]])


def _a_map(rng: Random) -> dict[str, Any]:
    return {key: _anything(rng) for key in "abcd"}


@pytest.mark.parametrize("seed", range(200))
def test_a_difference_leads_from_one_to_the_other(seed: int) -> None:
    """What was saved in a hundred small steps would be another thing than what was there."""
    rng = Random(seed)
    before, after = _a_map(rng), _a_map(rng)
    patch = difference(before, after)
    assert merge(deepcopy(before), patch) == after
    assert difference(after, after) == {}


@pytest.mark.parametrize("seed", range(200))
def test_two_patches_taken_together_do_what_they_did_one_by_one(seed: int) -> None:
    """After a disk was full for a while something would be missing, or be there still."""
    rng = Random(seed)
    before, between, after = _a_map(rng), _a_map(rng), _a_map(rng)
    first, second = difference(before, between), difference(between, after)
    try:
        both = compose(compose({}, first), second)
    except NotComposableError:
        return
    assert merge(deepcopy(before), both) == after


def test_what_went_and_came_back_as_a_map_is_more_than_one_patch() -> None:
    """What it was before would show through."""
    with pytest.raises(NotComposableError):
        compose({"a": None}, {"a": {"b": 1}})
    assert compose({"a": None}, {"a": 1}) == {"a": 1}
    assert compose({"a": {"b": 1}}, {"a": None}) == {"a": None}


def test_a_patch_is_nobody_elses_afterwards() -> None:
    """A later change would find its way into what was to be written before."""
    patch = {"a": {"b": {"c": 1}}}
    state, unsaved = merge({}, patch), compose({}, patch)
    merge(state, {"a": {"b": {"c": 2}}})
    compose(unsaved, {"a": {"b": {"d": 3}}})
    assert patch == {"a": {"b": {"c": 1}}}
