"""Text messages, consent lists, contacts and campaigns: what is let through, what is refused, and with which words."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from random import Random

import pytest

from simulator.clock import ManualClock
from simulator.engine import PbxError
from simulator.pbx.dialer import LOG_TAIL
from simulator.pbx.simulated import SimulatedPbx

CONTACT = {
    "first_name": "Ann",
    "last_name": "O'Neil",
    "phone_number": "(815) 555-0101",
    "address": "1 Main St",
    "city": "Elgin",
    "state": "IL",
    "zip_code": "60120",
}


def test_a_message_makes_one_row_for_each_destination_under_one_id(pbx: SimulatedPbx) -> None:
    """A message to several could not be found again by its id."""
    sent = pbx.send_sms("100@default", ["630", "100@north-side", "2223334444", "+49 89 123456"], "Hi", "505")
    assert (sent.src, sent.account_code) == ("100", "505")
    assert sent.dst == ["630", "100@north-side", "+2223334444", "+4989123456"]
    rows = pbx.messages()
    assert {row.message_id for row in rows} == {sent.message_id}
    assert [(row.dst, row.dst_label, row.direction) for row in rows] == [
        ("beaucrn6", "630@default - Tom", "internal"),
        ("north100", "100@north-side - Zoë O'Neil-Smith", "internal"),
        ("+2223334444", "2223334444", "outbound"),
        ("+4989123456", "4989123456", "outbound"),
    ]
    assert {(row.src, row.src_label, row.body) for row in rows} == {("phone100", "100@default - Phone Name", "Hi")}
    assert [row.id for row in rows] == [1, 2, 3, 4]


def test_two_messages_in_one_moment_have_different_ids(pbx: SimulatedPbx) -> None:
    """The second message would be taken for the first."""
    first, second = (pbx.send_sms("100", ["630"], "Hi", "").message_id for _ in range(2))
    assert first != second


def test_a_message_id_is_made_of_the_time_as_in_the_vendors_sample() -> None:
    """An id would not look like the vendor's."""
    pbx = SimulatedPbx(clock=ManualClock(datetime(2018, 5, 4, 14, 25, 17, 860539, tzinfo=UTC)), rng=Random(1))
    pbx.add_extension("100", "Phone Name")
    assert pbx.send_sms("100", ["100"], "Hi", "").message_id == "1525443917.5aec6d4dd217b"


@pytest.mark.parametrize(
    ("dst", "body", "text"),
    [
        (["630"], "", "1 to 200"),
        (["630"], "x" * 201, "1 to 200"),
        ([], "Hi", "No destination"),
        (["", " "], "Hi", "No destination"),
        (["630", "999"], "Hi", "Unknown destination: 999"),
        (["630@nowhere"], "Hi", "Unknown destination"),
        (["8155550101234567"], "Hi", "Unknown destination"),
        (["call me"], "Hi", "Unknown destination"),
    ],
)
def test_a_message_that_cannot_go_to_all_goes_to_nobody(
    pbx: SimulatedPbx, dst: list[str], body: str, text: str
) -> None:
    """Half a message would be out before the mistake is noticed."""
    with pytest.raises(PbxError, match=text):
        pbx.send_sms("100", dst, body, "")
    assert pbx.messages() == []


def test_two_hundred_characters_fit(pbx: SimulatedPbx) -> None:
    """The longest message would be refused, or letters would be counted in bytes."""
    assert pbx.send_sms("100", ["630"], "ü" * 200, "").body == "ü" * 200


def test_sending_does_not_look_at_opt_outs(pbx: SimulatedPbx) -> None:
    """The check before sending, which is the client's, would seem to work without being there."""
    pbx.add_unsubscriber("8155550101", "0")
    pbx.send_sms("100", ["+18155550101"], "Hi", "")
    assert pbx.messages()[-1].status == "success"


def test_a_number_that_cannot_be_reached_fails_in_the_table(pbx: SimulatedPbx) -> None:
    """A failed message would look delivered."""
    pbx.sms_unreachable("815-555-0101")
    pbx.send_sms("100", ["+18155550101"], "Hi", "")
    pbx.sms_unreachable("8155550101", unreachable=False)
    pbx.send_sms("100", ["+18155550101"], "Hi", "")
    assert [row.status for row in pbx.messages()] == ["failure", "success"]


def test_a_message_comes_in_for_a_user_or_is_sent_on(pbx: SimulatedPbx) -> None:
    """It would not be seen by whom and over which number a message came in."""
    pbx.numbers = {"8475550210": "630", "8475550211": "3125550100"}
    pbx.receive_sms("8155550101", "100", "one")
    pbx.receive_sms("8155550101", "8475550210", "two")
    pbx.receive_sms("8155550101", "8475550211", "three")
    assert [(row.src, row.dst, row.dst_original, row.direction) for row in pbx.messages()] == [
        ("+18155550101", "phone100", "", "inbound"),
        ("+18155550101", "beaucrn6", "+18475550210", "inbound"),
        ("+18155550101", "+13125550100", "+18475550211", "hairpin"),
    ]


def test_numbers_go_on_and_off_the_lists(pbx: SimulatedPbx) -> None:
    """Somebody who asked not to be written to would be, or the other way round."""
    pbx.add_subscriber("+1 (815) 555-0101", "CAMPAIGN")
    pbx.add_unsubscriber("8155550102", "1")
    opted_in, opted_out = pbx.opt_in_lists()[0], {known.id: known for known in pbx.opt_out_lists()}
    assert (opted_in.name, [row.number for row in opted_in.numbers]) == ("Name of the campaign", ["8155550101"])
    assert (opted_out["1"].name, [row.number for row in opted_out["1"].numbers]) == ("north-side", ["8155550102"])
    assert opted_out["0"].numbers == []
    assert opted_in.numbers[0].since == pbx.now()
    pbx.remove_subscriber("8155550101", "CAMPAIGN")
    pbx.remove_unsubscriber("+18155550102", "1")
    assert not any(known.numbers for known in (*pbx.opt_in_lists(), *pbx.opt_out_lists()))


@pytest.mark.parametrize(
    ("refused", "text"),
    [
        (lambda pbx: pbx.add_subscriber("8155550101", "CAMPAIGN"), "already subscribed"),
        (lambda pbx: pbx.add_subscriber("8155550102", "OTHER"), "Unknown campaign: OTHER"),
        (lambda pbx: pbx.add_subscriber("555-0101", "CAMPAIGN"), "Invalid phone number"),
        (lambda pbx: pbx.remove_subscriber("8155550102", "CAMPAIGN"), "not subscribed"),
        (lambda pbx: pbx.add_unsubscriber("8155550101", "0"), "already unsubscribed"),
        (lambda pbx: pbx.add_unsubscriber("8155550101", "9"), "Unknown tenant: 9"),
        (lambda pbx: pbx.remove_unsubscriber("8155550101", "1"), "not unsubscribed"),
        (lambda pbx: pbx.add_messaging_campaign("CAMPAIGN", "Again"), "already exists"),
    ],
)
def test_a_list_refuses_what_it_has_or_does_not_know(
    pbx: SimulatedPbx, refused: Callable[[SimulatedPbx], None], text: str
) -> None:
    """A slip in a number or an id would look like success."""
    pbx.add_subscriber("8155550101", "CAMPAIGN")
    pbx.add_unsubscriber("8155550101", "0")
    with pytest.raises(PbxError, match=text):
        refused(pbx)


def test_a_contact_is_known_by_its_number_on_every_list(pbx: SimulatedPbx) -> None:
    """The same person would be called twice."""
    first, second = pbx.add_contact_list("Patients"), pbx.add_contact_list("2")
    new = pbx.add_contact("Patients", CONTACT, {"account": "7"}, date(2026, 12, 1))
    again = pbx.add_contact(str(first), CONTACT | {"phone_number": "+1 815 555 0101"}, {}, None)
    other = pbx.add_contact("2", CONTACT, {}, None)
    third = pbx.add_contact("2", CONTACT | {"phone_number": "8155550102"}, {}, None)
    assert (new, again, other, third) == (1, 1, 1, 2)
    contact = pbx.contact_lists[first].contacts["8155550101"]
    assert (contact.fields["country"], contact.custom, contact.dial_on) == ("US", {"account": "7"}, date(2026, 12, 1))
    assert len(pbx.contact_lists[second].contacts) == 2


@pytest.mark.parametrize(
    ("target", "changes", "text"),
    [
        ("Nobody", {}, "Unknown contact list: Nobody"),
        ("Patients", {"city": " "}, "Missing fields of the contact: city"),
        ("Patients", {"state": "Illinois"}, "state must be two letters"),
        ("Patients", {"country": "USA"}, "country must be two letters"),
        ("Patients", {"phone_number": "555-0101"}, "ten digits"),
        ("Patients", {"phone_number": "+49 89 12345678"}, "ten digits"),
        ("Patients", {"phone_number": "+47 9123 4567"}, "ten digits"),
    ],
)
def test_a_contact_that_cannot_be_dialed_is_refused(
    pbx: SimulatedPbx, target: str, changes: dict[str, str], text: str
) -> None:
    """A campaign would stumble over it when nobody looks."""
    pbx.add_contact_list("Patients")
    with pytest.raises(PbxError, match=text):
        pbx.add_contact(target, CONTACT | changes, {}, None)


@pytest.mark.parametrize("name", ["", "  ", "Patients"])
def test_a_contact_list_needs_a_name_of_its_own(pbx: SimulatedPbx, name: str) -> None:
    """A list could not be told from another."""
    pbx.add_contact_list("Patients")
    with pytest.raises(PbxError, match="name"):
        pbx.add_contact_list(name)


def test_a_campaign_starts_logs_its_tail_and_stops(pbx: SimulatedPbx) -> None:
    """A campaign's status or last line would be out of date."""
    pbx.start_campaign("1")
    for line in range(LOG_TAIL + 5):
        pbx.log_campaign("1", "DEBUG", f"line {line}")
    assert pbx.campaigns()[0].fields["status"] == "Running"
    log = pbx.campaign_logs()[0]
    assert (log.campaign, len(log.lines), log.lines[-1]) == (
        "My Campaign",
        LOG_TAIL,
        (pbx.now(), "DEBUG", f"line {LOG_TAIL + 4}"),
    )
    pbx.stop_campaign("1")
    assert pbx.campaigns()[0].fields["status"] == "Stopped"
    pbx.remove_campaign("1")
    assert (pbx.campaigns(), pbx.campaign_logs()) == ([], [])


@pytest.mark.parametrize(
    "refused",
    [
        lambda pbx: pbx.start_campaign("9"),
        lambda pbx: pbx.remove_campaign("9"),
        lambda pbx: pbx.add_campaign("1", "Again"),
        lambda pbx: pbx.add_campaign("2", "Odd", colour="blue"),
    ],
)
def test_an_odd_campaign_is_refused(pbx: SimulatedPbx, refused: Callable[[SimulatedPbx], None]) -> None:
    """A slip in a test or a demo would pass in silence."""
    with pytest.raises(PbxError, match=r"\w+ \w+"):
        refused(pbx)


def test_ten_digits_with_a_country_are_no_american_number(pbx: SimulatedPbx) -> None:
    """A stranger in Arkansas would be texted, or would have opted out, for somebody in Norway."""
    pbx.receive_sms("+47 9123 4567", "630", "Hei")
    assert (pbx.messages()[-1].src, pbx.messages()[-1].src_label) == ("+4791234567", "4791234567")
    pbx.add_unsubscriber("+4791234567", "0")
    pbx.add_unsubscriber("4791234567", "0")
    pbx.remove_unsubscriber("+47 9123 4567", "0")
    assert [one.number for one in pbx.opt_out_lists()[0].numbers] == ["4791234567"]
    with pytest.raises(PbxError, match="Invalid phone number"):
        pbx.add_unsubscriber("+479123456", "0")
