"""Consent: who gets no text, and what happens when nobody can tell."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dls_pbx.actions import sms
from custom_components.dls_pbx.api import DlsPbxConnectionError
from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.coordinator import consent_lists
from custom_components.dls_pbx.options import CONF_SMS_CONSENT
from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from simulator.wire.serializer import Serializer
from tests.helpers.entities import entity_of, state_of
from tests.helpers.office import ANNE_MARIE, CALLER, OTHER_CALLER
from tests.helpers.service_calls import act, refusal, sent
from tests.helpers.stored import stored
from tests.integration.conftest import Poll

SEND, LISTS = "sms.send_sms", "subscribers.query_lists"
TEXT = "Your order is ready."
THIRD = "3125550144"
# What people and programs have put on lists.
LISTED = ("0016502530000", "011 1 650 253 0000", "+1 650-253-0000 x136", "tel:+16502530000", 6502530000, 6502530000.0)
FOUR_SPELLINGS = (f"+1{CALLER}", CALLER, "(815) 555-0123", "1-815-555-0123")
# Every way to get no lists, but for the one in which the PBX says that we may not have them.
PASSING = (
    "server_error",
    "server_error_html",
    "html",
    "truncated",
    "not_json",
    "empty",
    "php_notice",
    "reset_before",
    "reset_after",
    "rate_limited",
    "wrong_key",
    "echoed_key",
    "oversized",
)


@pytest.fixture
def lists(pbx: SimulatedPbx) -> SimulatedPbx:
    """Let one number have opted out, and another one have opted in."""
    pbx.add_messaging_campaign("CSPRING", "Spring offers")
    pbx.add_subscriber(OTHER_CALLER, "CSPRING")
    pbx.add_unsubscriber(CALLER, "1")
    return pbx


def choose(hass: HomeAssistant, entry: MockConfigEntry, consent: str) -> None:
    """Set the option before the entry is set up."""
    hass.config_entries.async_update_entry(entry, options={CONF_SMS_CONSENT: consent})


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set the entry up, or anew."""
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


def write(pbx: SimulatedPbx, spelling: str) -> None:
    """Have the list of those who opted out hold the caller in another spelling."""
    numbers = pbx._opt_out["0"]  # noqa: SLF001 - the stand-in itself writes ten digits only
    numbers[CALLER] = replace(numbers[CALLER], number=spelling)


def rewrite(monkeypatch: pytest.MonkeyPatch, change: Callable[[dict[str, Any]], object]) -> None:
    """Have each list of the PBX's answer changed on its way."""
    write_lists = Serializer.consent_lists

    def rewritten(self: Serializer, *lists: Any, **how: Any) -> list[dict[str, Any]]:
        written = write_lists(self, *lists, **how)
        for one in written:
            change(one)
        return written

    monkeypatch.setattr(Serializer, "consent_lists", rewritten)


def rows_of(one: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the numbers of a list in the PBX's answer."""
    rows: list[dict[str, Any]] = one["subscribed_at" if "campaign_id" in one else "unsubscribed_at"]
    return rows


def issues(hass: HomeAssistant) -> list[str]:
    """Return what of it the user is told under repairs."""
    return [
        one.issue_id
        for one in ir.async_get(hass).issues.values()
        if one.domain == DOMAIN and one.active and one.translation_key == "consent_lists_unreadable"
    ]


# Who gets no text


@pytest.mark.parametrize("number", FOUR_SPELLINGS)
@pytest.mark.parametrize("consent", [None, "not_opted_out", "opted_in"])
async def test_who_opted_out_gets_no_text_however_the_number_is_written(
    hass: HomeAssistant,
    lists: SimulatedPbx,
    entry: MockConfigEntry,
    simulator: Simulator,
    number: str,
    consent: str | None,
) -> None:
    """The law forbids it, and the PBX itself does not look."""
    if consent:
        choose(hass, entry, consent)
    await set_up(hass, entry)
    error = await refusal(hass, ServiceValidationError, "send_sms", recipients=number, message=TEXT)
    assert error.translation_key == "opted_out"
    assert not sent(simulator, SEND)
    assert not lists.messages()


@pytest.mark.parametrize("spelling", FOUR_SPELLINGS)
async def test_who_opted_out_is_known_however_the_list_writes_the_number(
    hass: HomeAssistant, loaded: MockConfigEntry, pbx: SimulatedPbx, simulator: Simulator, poll: Poll, spelling: str
) -> None:
    """Nobody says how the PBX's lists write numbers."""
    pbx.add_unsubscriber(CALLER, "0")
    write(pbx, spelling)
    await poll(61)
    error = await refusal(hass, ServiceValidationError, "send_sms", recipients=CALLER, message=TEXT)
    assert error.translation_key == "opted_out"
    assert not sent(simulator, SEND)


@pytest.mark.parametrize("listed", LISTED)
async def test_a_number_on_a_list_is_known_to_texts_and_look_ups_alike(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    pbx: SimulatedPbx,
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    listed: Any,
) -> None:
    """Who asks why a text was refused finds nothing; or, worse, the text goes out."""
    number = "6502530000"
    pbx.add_messaging_campaign("CSPRING", "Spring offers")
    pbx.add_subscriber(number, "CSPRING")
    rewrite(monkeypatch, lambda one: [row.update(number=listed) for row in rows_of(one)])
    choose(hass, entry, "opted_in")
    await set_up(hass, entry)
    await act(hass, "send_sms", recipients=number, message=TEXT)
    assert len(sent(simulator, SEND)) == 1
    pbx.add_unsubscriber(number, "0")
    await act(hass, "add_unsubscriber", phone_number=THIRD, tenant_id="1")  # so that the lists are read again
    error = await refusal(hass, ServiceValidationError, "send_sms", recipients=f"+1{number}", message=TEXT)
    assert error.translation_key == "opted_out"
    assert len(sent(simulator, SEND)) == 1
    found = await act(hass, "query_subscribers", phone_number="(650) 253-0000")
    assert [one["campaign_id"] for one in found["opt_in"]] == ["CSPRING"]
    assert [one["tenant_id"] for one in found["opt_out"]] == ["0", "1"]


async def test_a_refusal_names_number_and_list(
    hass: HomeAssistant, lists: SimulatedPbx, loaded: MockConfigEntry
) -> None:
    """The user has to know whom to take out."""
    error = await refusal(
        hass, ServiceValidationError, "send_sms", recipients=[OTHER_CALLER, "630", CALLER], message=TEXT
    )
    assert str(error) == "Nothing was sent: +18155550123 is on the opt-out list of north-side"


async def test_one_who_opted_out_keeps_the_text_from_all(
    hass: HomeAssistant, lists: SimulatedPbx, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Half a mailing cannot be repeated: the other half would get it twice."""
    await refusal(hass, ServiceValidationError, "send_sms", recipients=["630", THIRD, CALLER], message=TEXT)
    assert not sent(simulator, SEND)


async def test_who_is_on_no_list_gets_exactly_one_text(
    hass: HomeAssistant, lists: SimulatedPbx, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Checking must neither swallow nor double what may be sent."""
    response = await act(hass, "send_sms", recipients=THIRD, message=TEXT)
    assert response["consent_checked"] is True
    assert sent(simulator, SEND) == [{"dst": [f"+1{THIRD}"], "body": TEXT}]
    assert len(lists.messages()) == 1


async def test_with_opt_in_only_those_on_a_list_get_texts(
    hass: HomeAssistant, lists: SimulatedPbx, entry: MockConfigEntry, simulator: Simulator
) -> None:
    """A shop that may only write to those who signed up must not write to anybody else."""
    choose(hass, entry, "opted_in")
    await set_up(hass, entry)
    error = await refusal(hass, ServiceValidationError, "send_sms", recipients=[OTHER_CALLER, THIRD], message=TEXT)
    assert error.translation_key == "not_opted_in"
    assert f"+1{THIRD}" in str(error)
    assert not sent(simulator, SEND)
    response = await act(hass, "send_sms", recipients=["(847) 555-0199", "630"], message=TEXT)
    assert response["consent_checked"] is True
    assert [one["dst"] for one in sent(simulator, SEND)] == [[f"+1{OTHER_CALLER}", "630"]]


@pytest.mark.parametrize("consent", ["not_opted_out", "opted_in"])
async def test_who_is_on_both_kinds_of_list_has_opted_out(
    hass: HomeAssistant, lists: SimulatedPbx, entry: MockConfigEntry, simulator: Simulator, consent: str
) -> None:
    """Who signed up years ago and has had enough since does not want to sign off twice."""
    lists.add_subscriber(CALLER, "CSPRING")
    choose(hass, entry, consent)
    await set_up(hass, entry)
    error = await refusal(hass, ServiceValidationError, "send_sms", recipients=CALLER, message=TEXT)
    assert error.translation_key == "opted_out"
    assert not sent(simulator, SEND)


@pytest.mark.parametrize("consent", ["off", "not_opted_out", "opted_in"])
async def test_extensions_and_users_are_never_checked(
    hass: HomeAssistant, lists: SimulatedPbx, entry: MockConfigEntry, simulator: Simulator, consent: str
) -> None:
    """Colleagues are reached even while the lists cannot be read."""
    choose(hass, entry, consent)
    await set_up(hass, entry)
    simulator.control.fail(LISTS, "server_error", None)
    asked = len(simulator.requests.of(LISTS))
    to = ["630", "630@north-side", ANNE_MARIE]
    response = await act(hass, "send_sms", recipients=to, message=TEXT)
    assert response["consent_checked"] is (consent != "off")
    assert [one["dst"] for one in sent(simulator, SEND)] == [to]
    assert len(simulator.requests.of(LISTS)) == asked


async def test_with_the_option_off_nobody_is_checked(
    hass: HomeAssistant, lists: SimulatedPbx, entry: MockConfigEntry, simulator: Simulator
) -> None:
    """Who sees to consent elsewhere can turn it off, and the response says so."""
    choose(hass, entry, "off")
    await set_up(hass, entry)
    response = await act(hass, "send_sms", recipients=CALLER, message=TEXT)
    assert response["consent_checked"] is False
    assert len(sent(simulator, SEND)) == 1


async def test_a_home_assistant_abroad_knows_who_opted_out_at_an_american_pbx(
    hass: HomeAssistant, lists: SimulatedPbx, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """In Germany ten digits are another number: the text would go out."""
    hass.config.country = "DE"
    error = await refusal(hass, ServiceValidationError, "send_sms", recipients=f"+1{CALLER}", message=TEXT)
    assert error.translation_key == "opted_out"
    assert not sent(simulator, SEND)


@pytest.mark.parametrize("spelling", ["030 901820", "30901820"])
async def test_at_home_abroad_a_number_counts_on_an_opt_out_list_as_one_writes_it_there(
    hass: HomeAssistant, loaded: MockConfigEntry, pbx: SimulatedPbx, simulator: Simulator, poll: Poll, spelling: str
) -> None:
    """Whoever noted an opt-out in Berlin wrote no country in front: the text would go out."""
    hass.config.country = "DE"
    pbx.add_unsubscriber(CALLER, "0")
    write(pbx, spelling)
    await poll(61)
    error = await refusal(hass, ServiceValidationError, "send_sms", recipients="+4930901820", message=TEXT)
    assert error.translation_key == "opted_out"
    assert not sent(simulator, SEND)


async def test_on_an_opt_in_list_a_number_without_its_country_may_be_another(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    pbx: SimulatedPbx,
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody would get texts because somebody else wanted them."""
    hass.config.country = "DE"
    pbx.add_messaging_campaign("CSPRING", "Spring offers")
    pbx.add_subscriber("6502530000", "CSPRING")
    rewrite(monkeypatch, lambda one: [row.update(number="030 901820") for row in rows_of(one)])
    choose(hass, entry, "opted_in")
    await set_up(hass, entry)
    error = await refusal(hass, ServiceValidationError, "send_sms", recipients="+4930901820", message=TEXT)
    assert error.translation_key == "not_opted_in"
    assert not sent(simulator, SEND)


# How old the lists may be


async def test_an_opt_out_counts_a_minute_later_at_the_latest(
    hass: HomeAssistant, loaded: MockConfigEntry, pbx: SimulatedPbx, simulator: Simulator, poll: Poll
) -> None:
    """STOP means stop; and not every text of a mailing has to fetch all lists."""
    await poll(100)
    asked = len(simulator.requests.of(LISTS))
    for _ in range(3):
        await act(hass, "send_sms", recipients=CALLER, message=TEXT)
    assert len(simulator.requests.of(LISTS)) == asked + 1
    pbx.add_unsubscriber(CALLER, "0")
    await poll(61)
    await refusal(hass, ServiceValidationError, "send_sms", recipients=CALLER, message=TEXT)
    assert len(sent(simulator, SEND)) == 3


async def test_a_clock_that_is_set_back_does_not_keep_a_list_young(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    pbx: SimulatedPbx,
    simulator: Simulator,
    poll: Poll,
    frozen: FrozenDateTimeFactory,
) -> None:
    """A machine that finds its time an hour late would go by an hour-old list."""
    await act(hass, "send_sms", recipients=CALLER, message=TEXT)
    pbx.add_unsubscriber(CALLER, "0")
    frozen.tick(-30)
    await refusal(hass, ServiceValidationError, "send_sms", recipients=CALLER, message=TEXT)
    assert len(sent(simulator, SEND)) == 1


async def test_a_clock_that_is_set_back_for_a_little_does_not_either(
    hass: HomeAssistant, loaded: MockConfigEntry, pbx: SimulatedPbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the calendar no time has passed, by the machine ten minutes have."""
    await act(hass, "send_sms", recipients=CALLER, message=TEXT)
    pbx.add_unsubscriber(CALLER, "0")
    monkeypatch.setattr(consent_lists, "monotonic", lambda: monotonic() + 600)
    await refusal(hass, ServiceValidationError, "send_sms", recipients=CALLER, message=TEXT)


async def test_our_own_opt_out_counts_at_once(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """An automation that answers STOP with an opt-out must not be overtaken by the next one."""
    await act(hass, "send_sms", recipients=CALLER, message=TEXT)
    await act(hass, "add_unsubscriber", phone_number=CALLER, tenant_id="0")
    await refusal(hass, ServiceValidationError, "send_sms", recipients=CALLER, message=TEXT)
    assert len(sent(simulator, SEND)) == 1
    await act(hass, "remove_unsubscriber", phone_number=CALLER, tenant_id="0")
    await act(hass, "send_sms", recipients=CALLER, message=TEXT)
    assert len(sent(simulator, SEND)) == 2


async def test_an_opt_out_whose_answer_got_lost_counts_at_once(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Nobody knows whether it was done: the lists do."""
    await act(hass, "send_sms", recipients=CALLER, message=TEXT)
    simulator.control.fail("subscribers.add_unsubscriber", "reset_after")
    await refusal(hass, HomeAssistantError, "add_unsubscriber", phone_number=CALLER, tenant_id="0")
    await refusal(hass, ServiceValidationError, "send_sms", recipients=CALLER, message=TEXT)
    assert len(sent(simulator, SEND)) == 1


async def test_lists_on_their_way_during_our_opt_out_are_not_gone_by(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, poll: Poll
) -> None:
    """They were written before it."""
    await poll(100)
    slow = simulator.control.fail(LISTS, "slow")
    text = hass.async_create_task(
        refusal(hass, ServiceValidationError, "send_sms", recipients=CALLER, message=TEXT), eager_start=True
    )
    await slow.held.wait()
    await act(hass, "add_unsubscriber", phone_number=CALLER, tenant_id="0")
    simulator.control.release()
    assert (await text).translation_key == "opted_out"
    assert not sent(simulator, SEND)


async def test_texts_at_once_share_a_look_at_the_lists(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, poll: Poll
) -> None:
    """There is no paging: ten texts at once would fetch everything ten times."""
    await poll(100)
    asked = len(simulator.requests.of(LISTS))
    slow = simulator.control.fail(LISTS, "slow")
    texts = [
        hass.async_create_task(act(hass, "send_sms", recipients=f"815555012{digit}", message=TEXT), eager_start=True)
        for digit in range(4, 9)
    ]
    await slow.held.wait()
    # One who gives up does not take the lists from the others.
    texts.pop(0).cancel()
    simulator.control.release()
    answers = await asyncio.gather(*texts)
    assert [answer["consent_checked"] for answer in answers] == [True] * 4
    assert len(simulator.requests.of(LISTS)) == asked + 1
    assert len(sent(simulator, SEND)) == 4


async def test_texts_of_one_minute_share_a_look_at_the_lists(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, poll: Poll
) -> None:
    """There is no paging: a conversation would fetch everything with each answer."""
    await poll(100)
    await act(hass, "send_sms", recipients=CALLER, message=TEXT)
    asked = len(simulator.requests.of(LISTS))
    await poll(30)
    await act(hass, "send_sms", recipients=CALLER, message=TEXT)
    assert len(simulator.requests.of(LISTS)) == asked


async def test_while_the_pbx_wants_to_be_left_alone_each_text_is_told_so(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, poll: Poll
) -> None:
    """The second would be refused for lists that change too fast, which is a lie."""
    await poll(100)
    simulator.control.fail(LISTS, "rate_limited", times=None, retry_after=60)
    first, second = [
        await refusal(hass, HomeAssistantError, "send_sms", recipients=CALLER, message=TEXT) for _ in range(2)
    ]
    assert first.translation_key == "consent_unreadable"
    assert second.translation_placeholders == first.translation_placeholders
    assert len(simulator.requests.of(LISTS)) == 2


async def test_a_text_that_had_to_wait_is_checked_anew(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    pbx: SimulatedPbx,
    simulator: Simulator,
    frozen: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Behind a text that takes its time, a list of a minute ago grows old."""
    monkeypatch.setattr(sms, "LONGEST_WAIT", 7200)
    slow = simulator.control.fail(SEND, "slow")
    first = hass.async_create_task(act(hass, "send_sms", recipients=THIRD, message=TEXT), eager_start=True)
    await slow.held.wait()
    second = hass.async_create_task(
        refusal(hass, ServiceValidationError, "send_sms", recipients=CALLER, message=TEXT), eager_start=True
    )
    pbx.add_unsubscriber(CALLER, "0")
    frozen.tick(3601)
    simulator.control.release()
    await first
    assert (await second).translation_key == "opted_out"
    assert len(sent(simulator, SEND)) == 1


async def test_a_refusal_does_not_wait_for_the_texts_in_front(
    hass: HomeAssistant, loaded: MockConfigEntry, pbx: SimulatedPbx, simulator: Simulator, frozen: FrozenDateTimeFactory
) -> None:
    """Somebody who may not be written to is no reason to look at a spinning wheel for most of a minute."""
    pbx.add_unsubscriber(CALLER, "0")
    frozen.tick(61)
    slow = simulator.control.fail(SEND, "slow")
    first = hass.async_create_task(act(hass, "send_sms", recipients=THIRD, message=TEXT), eager_start=True)
    await slow.held.wait()
    second = hass.async_create_task(
        refusal(hass, ServiceValidationError, "send_sms", recipients=CALLER, message=TEXT), eager_start=True
    )
    # The first one has just read the lists: nothing has to be asked.
    for _ in range(20):
        await asyncio.sleep(0)
    refused_meanwhile = second.done()
    simulator.control.release()
    await first
    assert (await second).translation_key == "opted_out"
    assert refused_meanwhile


async def test_a_text_that_waited_while_the_entry_was_unloaded_is_not_sent(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    pbx: SimulatedPbx,
    simulator: Simulator,
    frozen: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An entry that is reloaded asks nothing more, and what it knew has grown old."""
    monkeypatch.setattr(sms, "LONGEST_WAIT", 7200)
    slow = simulator.control.fail(SEND, "slow")
    first = hass.async_create_task(act(hass, "send_sms", recipients=THIRD, message=TEXT), eager_start=True)
    await slow.held.wait()
    second = hass.async_create_task(
        refusal(hass, HomeAssistantError, "send_sms", recipients=CALLER, message=TEXT), eager_start=True
    )
    pbx.add_unsubscriber(CALLER, "0")
    await hass.config_entries.async_unload(loaded.entry_id)
    frozen.tick(3601)
    simulator.control.release()
    await first
    assert (await second).translation_key == "not_loaded"
    assert len(sent(simulator, SEND)) == 1


async def test_lists_that_are_asked_for_no_more_are_not_gone_by(
    hass: HomeAssistant, loaded: MockConfigEntry, frozen: FrozenDateTimeFactory
) -> None:
    """A text that slips in while the entry is unloaded would go by what was known an hour ago."""
    lists = loaded.runtime_data.consent
    assert await lists.async_lists()
    await lists.async_shutdown()
    frozen.tick(3601)
    with pytest.raises(DlsPbxConnectionError):
        await lists.async_lists()


# Lists that cannot be read


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("consent", ["not_opted_out", "opted_in"])
@pytest.mark.parametrize("readable_before", [True, False])
async def test_while_the_lists_fail_nothing_is_sent(
    hass: HomeAssistant,
    lists: SimulatedPbx,
    entry: MockConfigEntry,
    simulator: Simulator,
    poll: Poll,
    fault: str,
    consent: str,
    readable_before: bool,
) -> None:
    """Who opted out must not get a text because of a bad minute of the PBX."""
    choose(hass, entry, consent)
    if not readable_before:
        simulator.control.fail(LISTS, "server_error")
    await set_up(hass, entry)
    await poll(100)
    # A key that is refused is asked about again; that the others take it does not say whether it may read the lists.
    simulator.control.fail(LISTS, fault, None if fault == "wrong_key" else 2)
    error = await refusal(hass, HomeAssistantError, "send_sms", recipients=[CALLER, OTHER_CALLER], message=TEXT)
    assert error.translation_key == "consent_unreadable"
    assert str(error).startswith("Nothing was sent: the consent lists of the PBX cannot be read")
    assert not sent(simulator, SEND)
    assert bool(issues(hass)) is (fault == "wrong_key")
    await hass.async_block_till_done()
    assert not hass.config_entries.flow.async_progress()


@pytest.mark.parametrize("fault", ["slow", "stalled"])
async def test_while_the_lists_do_not_come_nothing_is_sent(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, frozen: FrozenDateTimeFactory, fault: str
) -> None:
    """Waiting for ever is no answer, and no answer is no consent."""
    frozen.tick(100)
    order = simulator.control.fail(LISTS, fault)
    text = hass.async_create_task(
        refusal(hass, HomeAssistantError, "send_sms", recipients=CALLER, message=TEXT), eager_start=True
    )
    await order.held.wait()
    frozen.tick(31)
    assert (await text).translation_key == "consent_unreadable"
    assert not sent(simulator, SEND)


async def test_a_failure_is_shared_and_the_next_text_tries_again(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, poll: Poll
) -> None:
    """Ten texts at once shall not wait for ten failures, and the PBX's bad minute shall not last an hour."""
    await poll(100)
    asked = len(simulator.requests.of(LISTS))
    simulator.control.fail(LISTS, "server_error")
    await asyncio.gather(
        *(refusal(hass, HomeAssistantError, "send_sms", recipients=CALLER, message=TEXT) for _ in range(3))
    )
    assert len(simulator.requests.of(LISTS)) == asked + 1
    await act(hass, "send_sms", recipients=CALLER, message=TEXT)
    assert len(sent(simulator, SEND)) == 1


@pytest.mark.parametrize("status", [200, 403])
async def test_a_key_that_may_not_read_the_lists_sends_unchecked_and_says_so(
    hass: HomeAssistant, lists: SimulatedPbx, entry: MockConfigEntry, simulator: Simulator, status: int
) -> None:
    """An office whose key never could read them goes on texting, knowing that it sees to consent by itself."""
    simulator.control.quirk(permission_status=status)
    simulator.control.fail(LISTS, "no_permission", None)
    await set_up(hass, entry)
    assert issues(hass) == ["consent_lists_unreadable_01PBX"]
    response = await act(hass, "send_sms", recipients=CALLER, message=TEXT)
    assert response["consent_checked"] is False
    assert len(sent(simulator, SEND)) == 1
    # The refusal counts for a minute, as the lists would.
    assert len(simulator.requests.of(LISTS)) == 1


async def test_a_right_that_is_granted_counts_a_minute_later_at_the_latest(
    hass: HomeAssistant, lists: SimulatedPbx, entry: MockConfigEntry, simulator: Simulator, poll: Poll
) -> None:
    """Who follows the repair's advice wants it to work, and the repair to go."""
    simulator.control.fail(LISTS, "no_permission", None)
    await set_up(hass, entry)
    simulator.control.heal()
    await poll(61)
    await refusal(hass, ServiceValidationError, "send_sms", recipients=CALLER, message=TEXT)
    assert not sent(simulator, SEND)
    assert not issues(hass)


@pytest.mark.parametrize("restart", [False, True])
async def test_lists_that_were_readable_before_are_no_longer_done_without(
    hass: HomeAssistant,
    lists: SimulatedPbx,
    loaded: MockConfigEntry,
    simulator: Simulator,
    poll: Poll,
    restart: bool,
) -> None:
    """A right that somebody took away by mistake must not open the door to those who opted out."""
    simulator.control.fail(LISTS, "no_permission", None)
    if restart:
        await set_up(hass, loaded)
    await poll(61)
    error = await refusal(hass, HomeAssistantError, "send_sms", recipients=THIRD, message=TEXT)
    assert error.translation_key == "consent_unreadable"
    assert not sent(simulator, SEND)
    assert issues(hass) == ["consent_lists_unreadable_01PBX"]


async def test_that_they_were_readable_is_on_the_disk_at_once(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """After a power cut nobody would know."""
    assert stored(hass)["consent"] == {"readable": True}


async def test_opt_in_does_not_do_without_the_lists(
    hass: HomeAssistant, lists: SimulatedPbx, entry: MockConfigEntry, simulator: Simulator
) -> None:
    """Only to those who opted in means to nobody, if nobody knows who did."""
    choose(hass, entry, "opted_in")
    simulator.control.fail(LISTS, "no_permission", None)
    await set_up(hass, entry)
    error = await refusal(hass, HomeAssistantError, "send_sms", recipients=OTHER_CALLER, message=TEXT)
    assert error.translation_key == "consent_unreadable"
    assert not sent(simulator, SEND)
    assert issues(hass) == ["consent_lists_unreadable_01PBX"]


async def test_the_repair_goes_with_the_option_and_with_the_entry(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: Simulator
) -> None:
    """A warning about what nobody does any more teaches people to ignore warnings."""
    simulator.control.fail(LISTS, "no_permission", None)
    await set_up(hass, entry)
    assert issues(hass)
    choose(hass, entry, "off")
    await set_up(hass, entry)
    assert not issues(hass)
    choose(hass, entry, "not_opted_out")
    await set_up(hass, entry)
    assert issues(hass)
    await hass.config_entries.async_remove(entry.entry_id)
    assert not issues(hass)


async def test_a_list_that_has_a_total_and_no_numbers_is_no_list(
    hass: HomeAssistant, loaded: MockConfigEntry, pbx: SimulatedPbx, simulator: Simulator, poll: Poll
) -> None:
    """A PBX that calls the numbers something else would look like one where nobody opted out."""
    pbx.add_unsubscriber(CALLER, "0")
    write(pbx, "")
    await poll(61)
    error = await refusal(hass, HomeAssistantError, "send_sms", recipients=THIRD, message=TEXT)
    assert error.translation_key == "consent_unreadable"
    assert not sent(simulator, SEND)


DOUBTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "a larger total": lambda one: one.update(total_unsubscribers="500"),
    "a total that is no number": lambda one: one.update(total_unsubscribers="1,204"),
    "a total of another name": lambda one: one.update(total=500),
    "a list of another name": lambda one: one.update(total_unsubscribers="0", opted_out=one.pop("unsubscribed_at")),
    "a second list": lambda one: one.update(pending=[{"number": THIRD}]),
    "no list and no total": lambda one: [one.pop(name) for name in ("unsubscribed_at", "total_unsubscribers")],
    "a row without a number": lambda one: one.update(unsubscribed_at=[{"phone": THIRD}], total_unsubscribers="1"),
    "a row more without one": lambda one: one["unsubscribed_at"].append({"reason": "MANUAL"}),
    "a number that is none": lambda one: one["unsubscribed_at"].append({"number": "N\\A"}),
    "a number that a spreadsheet rounded": lambda one: one["unsubscribed_at"].append({"number": "3.12555E+9"}),
    "a list of texts": lambda one: one.update(unsubscribed_at=[THIRD]),
    "a list that is none": lambda one: one.update(unsubscribed_at="see attachment"),
    "a number in place of a list": lambda one: one.update(unsubscribed_at=1),
}


@pytest.mark.parametrize("doubt", DOUBTS.values(), ids=DOUBTS)
@pytest.mark.parametrize("consent", ["not_opted_out", "opted_in"])
async def test_any_doubt_about_a_list_keeps_the_text_here(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    pbx: SimulatedPbx,
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    doubt: Callable[[dict[str, Any]], object],
    consent: str,
) -> None:
    """Four hundred and ninety-nine of those who opted out would get the text, and the response would say "checked"."""
    pbx.add_messaging_campaign("CSPRING", "Spring offers")
    pbx.add_subscriber(THIRD, "CSPRING")
    pbx.add_unsubscriber(CALLER, "0")
    rewrite(monkeypatch, lambda one: doubt(one) if one.get("tenant_id") == "0" else None)
    choose(hass, entry, consent)
    await set_up(hass, entry)
    error = await refusal(hass, HomeAssistantError, "send_sms", recipients=THIRD, message=TEXT)
    assert error.translation_key == "consent_unreadable"
    assert not sent(simulator, SEND)


async def test_an_opt_in_list_with_holes_does_not_say_that_somebody_is_not_on_it(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    pbx: SimulatedPbx,
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who is on it gets the text; of who is not, nobody can tell, and the office looks in the right place."""
    pbx.add_messaging_campaign("CSPRING", "Spring offers")
    pbx.add_subscriber(OTHER_CALLER, "CSPRING")
    rewrite(monkeypatch, lambda one: one.update(total_subscribers="190") if "campaign_id" in one else None)
    choose(hass, entry, "opted_in")
    await set_up(hass, entry)
    await act(hass, "send_sms", recipients=OTHER_CALLER, message=TEXT)
    error = await refusal(hass, HomeAssistantError, "send_sms", recipients=THIRD, message=TEXT)
    assert error.translation_key == "consent_unreadable"
    assert len(sent(simulator, SEND)) == 1


@pytest.mark.parametrize(
    "empty", [{"unsubscribed_at": []}, {"unsubscribed_at": ""}, {"unsubscribed_at": None}, {"unsubscribed_at": {}}]
)
async def test_an_empty_list_is_no_doubt(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    empty: dict[str, Any],
) -> None:
    """PHP has many ways to write nothing, and an office where nobody opted out has to be able to send."""
    rewrite(monkeypatch, lambda one: one.update(empty) if "tenant_id" in one else None)
    await set_up(hass, entry)
    response = await act(hass, "send_sms", recipients=THIRD, message=TEXT)
    assert response["consent_checked"] is True


# What the lists show


async def test_every_list_shows_how_many_are_on_it(
    hass: HomeAssistant, lists: SimulatedPbx, loaded: MockConfigEntry
) -> None:
    """The office sees its mailing list grow, and the complaints."""
    assert state_of(hass, "campaign_cspring", "subscribers") == "1"
    assert state_of(hass, "tenant_0", "unsubscribers") == "0"
    assert state_of(hass, "tenant_1", "unsubscribers") == "1"
    entity = entity_of(hass, "campaign_cspring", "subscribers")
    assert entity is not None
    state = hass.states.get(entity.entity_id)
    assert state is not None
    assert state.name == "DLS Hosted PBX Subscribers of Spring offers"
    assert state.attributes["state_class"] == "measurement"


async def test_a_list_whose_total_the_pbx_leaves_out_is_counted(
    hass: HomeAssistant, lists: SimulatedPbx, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its size would be unknown, although all of it is there."""
    rewrite(monkeypatch, lambda one: [one.pop(name) for name in [*one] if name.startswith("total_")])
    await set_up(hass, entry)
    assert state_of(hass, "campaign_cspring", "subscribers") == "1"
    assert state_of(hass, "tenant_0", "unsubscribers") == "0"


async def test_while_the_pbx_is_down_nobody_knows_its_lists_and_afterwards_everybody_does(
    hass: HomeAssistant, lists: SimulatedPbx, loaded: MockConfigEntry, simulator: Simulator, poll: Poll
) -> None:
    """They are read once an hour: so long they would show what was before, or nothing after an outage of a minute."""
    simulator.control.fail("status.faxes", "server_error", times=None)
    await poll()
    await poll(20)
    assert len(simulator.requests.of(LISTS)) == 1
    assert state_of(hass, "campaign_cspring", "subscribers") == "1"
    simulator.control.fail("*", "server_error", times=None)
    await poll()
    assert state_of(hass, "campaign_cspring", "subscribers") == "unavailable"
    simulator.control.heal()
    await poll()
    await poll(20)
    assert state_of(hass, "campaign_cspring", "subscribers") == "1"
    asked = len(simulator.requests.of(LISTS))
    simulator.control.fail("status.faxes", "server_error", times=1)
    await poll()
    await poll(20)
    assert len(simulator.requests.of(LISTS)) == asked


async def test_a_change_of_ours_shows_at_once_and_others_within_the_hour(
    hass: HomeAssistant, lists: SimulatedPbx, loaded: MockConfigEntry, simulator: Simulator, poll: Poll
) -> None:
    """The lists come whole, so they are asked for rarely: once an hour while nothing happens."""
    await act(hass, "add_subscriber", phone_number=THIRD, campaign_id="CSPRING")
    await hass.async_block_till_done()
    assert state_of(hass, "campaign_cspring", "subscribers") == "2"
    lists.add_messaging_campaign("CAUTUMN", "Autumn offers")
    asked = len(simulator.requests.of(LISTS))
    for _ in range(59):
        await poll(60)
    assert len(simulator.requests.of(LISTS)) == asked
    await poll(120)
    assert len(simulator.requests.of(LISTS)) == asked + 1
    assert state_of(hass, "campaign_cautumn", "subscribers") == "0"


async def test_a_list_that_vanishes_takes_its_entity_along(
    hass: HomeAssistant, lists: SimulatedPbx, loaded: MockConfigEntry, simulator: Simulator, poll: Poll
) -> None:
    """Nobody wants the campaigns of three years ago in every list of entities; but an outage removes nothing."""
    simulator.control.fail(LISTS, "server_error")
    await poll(3601)
    assert state_of(hass, "campaign_cspring", "subscribers") == "unavailable"
    assert state_of(hass, "pbx", "connected") == "on"
    await poll(3601)
    assert state_of(hass, "campaign_cspring", "subscribers") == "1"
    lists._opt_in.clear()  # noqa: SLF001 - the vendor's API has no action for it
    await poll(3601)
    assert entity_of(hass, "campaign_cspring", "subscribers") is None
    assert state_of(hass, "tenant_1", "unsubscribers") == "1"


async def test_a_list_that_vanished_while_home_assistant_was_down_takes_its_entity_along(
    hass: HomeAssistant, lists: SimulatedPbx, loaded: MockConfigEntry
) -> None:
    """Else it stays for ever, unavailable."""
    await hass.config_entries.async_unload(loaded.entry_id)
    lists._opt_in.clear()  # noqa: SLF001 - as above
    await set_up(hass, loaded)
    assert entity_of(hass, "campaign_cspring", "subscribers") is None
    assert entity_of(hass, "tenant_1", "unsubscribers")


async def test_when_all_lists_have_vanished_no_entity_is_left(
    hass: HomeAssistant, lists: SimulatedPbx, loaded: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An office that gives up texting has no list left that could be news."""
    await hass.config_entries.async_unload(loaded.entry_id)
    lists._opt_in.clear()  # noqa: SLF001 - as above
    monkeypatch.setattr(lists, "opt_out_lists", list)
    await set_up(hass, loaded)
    assert entity_of(hass, "campaign_cspring", "subscribers") is None
    assert entity_of(hass, "tenant_1", "unsubscribers") is None


async def test_campaigns_whose_ids_look_alike_are_two(
    hass: HomeAssistant, lists: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Else the second one is refused by Home Assistant, with an error in the log."""
    lists.add_messaging_campaign("cspring", "Another spring")
    await poll(3601)
    keys = {
        entity.unique_id
        for entity in er.async_entries_for_config_entry(er.async_get(hass), loaded.entry_id)
        if entity.translation_key == "subscribers"
    }
    assert "01PBX_campaign_cspring_subscribers" in keys
    assert len(keys) == 2


async def test_lists_that_fail_are_no_outage_of_the_pbx(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    """A key without this right is set up like any other."""
    simulator.control.fail(LISTS, "no_permission", None)
    await set_up(hass, entry)
    assert state_of(hass, "pbx", "connected") == "on"
    assert entity_of(hass, "tenant_0", "unsubscribers") is None
    told = [one.getMessage() for one in caplog.records if one.levelname == "WARNING" and "query_lists" in one.message]
    assert len(told) == 1
