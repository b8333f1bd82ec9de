"""The real office itself: a failure of the machine's must not look like one of ours."""

import socket

import pytest

from script.asterisk_run import configuration, phones
from script.asterisk_run.office import RealOffice
from script.demo_run.processes import LOOPBACK, free_port
from simulator.scenes.scenes import CAST


def test_a_free_port_is_none_that_the_system_deals_out(socket_enabled: None) -> None:
    """Else another test's connection has it by the time that Asterisk wants it, and all of these tests are red."""
    with socket.socket() as dealt_out:
        dealt_out.bind((LOOPBACK, 0))
        assert free_port() < 20_000 < dealt_out.getsockname()[1]


def test_no_port_is_given_twice(socket_enabled: None) -> None:
    """Once in some thousand runs the office and its fax machine outside would have the same one, and nothing works."""
    given = [free_port() for _ in range(1000)]
    assert len(set(given)) == len(given)


def test_a_taken_port_is_said(socket_enabled: None, office: RealOffice) -> None:
    """Else whoever sees it red looks for the mistake in their phones."""
    another = RealOffice()
    with socket.socket(type=socket.SOCK_DGRAM) as taken:
        taken.bind((LOOPBACK, another.ports.sip))
        with pytest.raises(ConnectionError, match="port is taken"), another:
            pass


def test_a_phone_that_may_not_register_shows_what_asterisk_said(
    socket_enabled: None, office: RealOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a red run of last night says that it was red: its folder is gone."""
    monkeypatch.setattr(phones, "SIP_SECRET", "another")
    monkeypatch.setattr(phones, "TRIES", 1)
    with pytest.raises(ConnectionError, match=CAST[0].auth_id) as failed, RealOffice():
        pass
    assert "Failed to authenticate" in failed.value.__notes__[0]


def test_an_asterisk_that_does_not_come_up_shows_what_it_said(
    socket_enabled: None, office: RealOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a red run points to a log whose folder is gone."""
    broken = {"modules.conf": "[modules]\nrequire = res_nobody_has_it.so\n"}
    monkeypatch.setattr(configuration, "office", lambda *_args, **_options: broken)
    with pytest.raises(TimeoutError) as failed, RealOffice():
        pass
    assert "res_nobody_has_it" in failed.value.__notes__[0]
