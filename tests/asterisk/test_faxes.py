"""Faxes of a real Asterisk."""

from simulator.asterisk.channels import Channels
from simulator.asterisk.directory import Directory
from simulator.asterisk.faxes import sending


def test_a_fax_whose_channel_has_gone_is_not_being_sent() -> None:
    """A fax that has just ended would stay in the queue."""
    assert sending([{"Channel": "PJSIP/fax-00000001", "Operation": "send"}], Channels([], Directory())) == []
