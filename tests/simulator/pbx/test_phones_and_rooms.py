"""Phones with their registration and provisioning, and conference rooms."""

import pytest

from simulator.engine import PbxError
from simulator.models import CallRecord, DeviceState, Registration
from simulator.pbx.simulated import SimulatedPbx
from tests.simulator.conftest import Wait

TOM, PHONE, JERRY = "beaucrn6", "phone100", "cpirg16m"


def last_row(pbx: SimulatedPbx) -> CallRecord:
    """Return the newest CDR row."""
    return pbx.call_records()[-1]


def test_a_conference_fills_is_locked_and_empties(pbx: SimulatedPbx, wait: Wait) -> None:
    """A room's participants, administrators or lock would be wrong."""
    assert pbx.conferences() == []
    chair, guest = pbx.join_conference("2000", "630", admin=True), pbx.join_conference("2000", "8155550101")
    pbx.lock_conference("2000")
    room = pbx.conferences()[0]
    assert (room.number, room.users, room.admins, room.locked) == ("2000", 2, 1, True)
    assert {call.connected_to for call in pbx.calls()} == {"Conference:2000"}
    with pytest.raises(PbxError, match="is locked"):
        pbx.join_conference("2000", "100")
    wait(60)
    pbx.leave_conference(guest)
    pbx.leave_conference(chair)
    assert pbx.conferences() == []
    assert {(row.conference, row.dst_type, row.bridged, row.duration) for row in pbx.call_records()} == {
        ("2000", "Conference", True, 60)
    }
    pbx.join_conference("2000", "100")
    assert not pbx.conferences()[0].locked


def test_a_conference_made_by_dialing_in_is_gone_with_the_last(pbx: SimulatedPbx) -> None:
    """Rooms made on the fly would stay for ever."""
    pbx.add_conference("77", on_the_fly=True)
    pbx.leave_conference(pbx.join_conference("77", "630"))
    assert last_row(pbx).on_the_fly_conference
    with pytest.raises(PbxError, match="Unknown conference"):
        pbx.join_conference("77", "630")


@pytest.mark.parametrize(
    ("registration", "latency", "host"),
    [
        (Registration.OK, 20, "192.0.2.1"),
        (Registration.LAGGED, 2500, "192.0.2.1"),
        (Registration.UNREACHABLE, None, "192.0.2.1"),
        (Registration.UNKNOWN, None, None),
    ],
)
def test_a_phones_registration_shows_as_asterisk_shows_it(
    pbx: SimulatedPbx, registration: Registration, latency: int | None, host: str | None
) -> None:
    """A dead phone would show a latency, or a lagging one none."""
    pbx.set_registration(TOM, registration)
    tom = pbx.user(TOM)
    assert (tom.registration, tom.latency_ms, tom.host) == (registration, latency, host)


def test_a_phone_on_hold_says_so(pbx: SimulatedPbx) -> None:
    """A caller put on hold could not be told from one who is talked to."""
    call = pbx.call_in("8155550101", to="630")
    with pytest.raises(PbxError, match="Nobody talks"):
        pbx.hold(call)
    pbx.answer(call)
    pbx.hold(call)
    assert pbx.device_state(TOM) is DeviceState.ON_HOLD
    pbx.hold(call, on_hold=False)
    assert pbx.device_state(TOM) is DeviceState.IN_USE


def test_a_provisioned_phone_counts_its_calls_and_renews(pbx: SimulatedPbx, wait: Wait) -> None:
    """The counters and times of a desk phone would stand still."""
    pbx.add_phone(TOM, "24:9a:d8:02:f4:4e", "Yealink W70P")
    pbx.answer(pbx.call_in("8155550101", to="630"))
    pbx.call_out(TOM, "3125550100")
    wait(100)
    pbx.provision(TOM)
    phone = pbx.provisioning()[0]
    assert (phone.calls_in, phone.calls_out, phone.file_name) == (1, 1, "249ad802f44e.cfg")
    assert phone.last_provisioned_at == pbx.now()
    with pytest.raises(PbxError, match="no provisioned phone"):
        pbx.provision(PHONE)
    pbx.remove_extension(TOM)
    assert (pbx.provisioning(), pbx.calls()) == ([], [])
