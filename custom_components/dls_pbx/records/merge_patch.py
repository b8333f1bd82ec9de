"""Merge patches of JSON (RFC 7396): a map says only what changes, and null what is gone. No null outlives them."""

from typing import Any


class NotComposableError(ValueError):
    """Two patches are more than one: something goes, or was no map, and comes as a map."""


def merge(target: Any, patch: Any) -> Any:
    """Return the target as the patch wants it; a map is changed where it is."""
    if not isinstance(patch, dict):
        return patch
    merged = target if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged


def difference(before: Any, after: Any) -> Any:
    """Return the patch that makes one of the other."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return after
    changed = {key: difference(before.get(key), value) for key, value in after.items() if value != before.get(key)}
    return {key: None for key in before if key not in after} | changed


def compose(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Return one patch for two, the first of which is changed where it is; raises NotComposableError."""
    for key, value in second.items():
        if not isinstance(value, dict):
            first[key] = value
        elif key not in first or isinstance(first[key], dict):
            first[key] = compose(first.get(key, {}), value)
        else:
            raise NotComposableError(key)
    return first
