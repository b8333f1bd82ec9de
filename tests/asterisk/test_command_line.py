"""`python -m simulator --asterisk`: the vendor's API from an Asterisk of one's own."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from random import Random
import sys

import aiohttp
import pytest

from script.asterisk_run.office import RealOffice
from simulator.__main__ import main
from simulator.asterisk import AsteriskPbx
from simulator.clock import real_clock
from simulator.pbx.simulated import SimulatedPbx
from simulator.scenes.scenes import CAST
from tests.asterisk.conftest import ZONE
from tests.helpers.paths import ROOT

USER = f"{CAST[0].ext}@{CAST[0].tenant}"


async def test_an_asterisk_is_served(socket_enabled: None, office: RealOffice, tmp_path: Path) -> None:
    """Whoever has an Asterisk of their own reads that this is one line, and it has to be."""
    settings = office.settings
    secret = tmp_path / "secret"
    secret.write_text(f"{settings.secret}\n")
    args = [
        *("--port", "0", "--user", USER, "--asterisk", f"{settings.host}:{settings.port}"),
        *("--ami-user", settings.username, "--ami-secret-file", str(secret)),
        *("--queue-log", str(settings.queue_log), "--cdr", str(settings.cdr)),
    ]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", *args, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    told = [(await process.stdout.readline()).decode().partition(":")[2].strip() for _ in range(3)]
    fields = {"api_user": USER, "api_key": told[2]}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{told[0]}/api/v1/status.php?api_action=users", json=fields) as response,
    ):
        users = (await response.json())["users"]
    assert {user["ext"] for user in users} >= {one.ext for one in CAST}
    process.terminate()
    assert await process.wait() == 0


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((), "--asterisk needs --ami-secret-file"),
        (("--ami-secret-file", "nowhere"), "Cannot read nowhere: No such file or directory."),
        (("--asterisk", "here:there", "--ami-secret-file", "README.md"), "takes HOST or HOST:PORT, not here:there."),
    ],
)
def test_what_cannot_be_right_is_one_sentence(args: Sequence[str], words: str) -> None:
    """A stack trace tells a stranger nothing."""
    with pytest.raises(SystemExit, match=words):
        main(["--asterisk", "127.0.0.1", *args])


def test_what_an_asterisk_does_not_have_is_simulated(office: RealOffice) -> None:
    """An Asterisk has neither texts nor lists; whoever tries them must not get an error of ours."""
    rest = SimulatedPbx(clock=real_clock, rng=Random(1), time_zone=ZONE)
    rest.add_extension(CAST[0].ext, CAST[0].name, tenant=CAST[0].tenant, auth_id=CAST[0].auth_id)
    rest.add_messaging_campaign("CAMPAIGN", "Reminders")
    engine = AsteriskPbx(office.settings, rest, ZONE)
    number = "+18155550142"
    assert engine.send_sms(USER, [number], "Good morning", "").message_id
    assert [message.body for message in engine.messages()] == ["Good morning"]
    engine.add_subscriber(number, "CAMPAIGN")
    assert [len(one.numbers) for one in engine.opt_in_lists() if one.id == "CAMPAIGN"] == [1]
    engine.remove_subscriber(number, "CAMPAIGN")
    assert [len(one.numbers) for one in engine.opt_in_lists() if one.id == "CAMPAIGN"] == [0]
    (tenant, *_) = engine.opt_out_lists()
    engine.add_unsubscriber(number, tenant.id)
    engine.remove_unsubscriber(number, tenant.id)
    assert not any(one.numbers for one in engine.opt_out_lists())
    fields = ("first_name", "last_name", "address", "city", "state", "zip_code")
    contact = {**dict.fromkeys(fields, "60601"), "state": "IL", "phone_number": number}
    contacts = engine.add_contact_list("Spring")
    assert engine.add_contact(str(contacts), contact, {}, None)
