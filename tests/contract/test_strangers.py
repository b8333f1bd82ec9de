"""PBXs of strangers, as their diagnostics told of them: the client reads each without a word that it does not know.

`script/fixture FILE` adds one.
"""

from pathlib import Path

import pytest

from tests.helpers.strangers import read

STRANGERS = sorted((Path(__file__).parent / "strangers").glob("*.json"))


@pytest.mark.parametrize("path", STRANGERS, ids=lambda path: path.stem)
@pytest.mark.usefixtures("socket_enabled")
async def test_the_client_understands_every_answer_of_a_stranger(path: Path) -> None:
    """Whoever sent their diagnostics would see the same fault again after the next update."""
    stranger = await read(path)
    assert stranger.unknown == []
    assert stranger.records
    assert all(text.timestamp and text.id for text in stranger.texts.messages)
    assert all(one.complete for one in (*stranger.lists.opt_in, *stranger.lists.opt_out))
