"""What two snapshots have in common."""

from collections.abc import Mapping
from typing import Any

from custom_components.dls_pbx.api.models import Snapshot


def kept(one: Snapshot[Any], other: Snapshot[Any]) -> Mapping[str, bool]:
    """Tell which of the rows are the very objects of the snapshot before."""
    return {key: row is one.rows.get(key) for key, row in other.rows.items()}
