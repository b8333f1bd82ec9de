"""Data of one loaded PBX: everything that belongs to it, made here and handed to whoever needs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from . import phone_numbers
from .api import DlsPbxClient
from .callbacks.items import from_stored as callbacks_from_stored
from .callbacks.tracker import Callbacks
from .contacts.callers import CallerNames
from .contacts.lookup import Contacts, async_contacts
from .coordinator import rooms
from .coordinator.base import Connection, DlsPbxCoordinator, ObjectCoordinator, StatusCoordinator
from .coordinator.consent_lists import ConsentListsCoordinator
from .coordinator.derived import CallTotals, Wait
from .coordinator.keys import MEMBERSHIP, PBX
from .coordinator.live import (
    AGENTS,
    CONFERRING,
    LIVE_INTERVAL,
    QUEUED,
    CallsCoordinator,
    QueuesCoordinator,
)
from .coordinator.outages import Outages
from .coordinator.rooms import ConferencesCoordinator
from .coordinator.status import (
    CampaignLogsCoordinator,
    CampaignsCoordinator,
    FaxesCoordinator,
    ProvisioningCoordinator,
    UsersCoordinator,
)
from .events.attributes import EventAttributes
from .events.bus import EventBus, async_event_bus
from .events.records import RecordEvents
from .identity import SECTION as IDENTITY_SECTION, Identity, remembered
from .options import Options
from .records.calls import CallFeed, Office
from .records.cursor import Cursor
from .records.feed import RecordFeed
from .records.messages import MessageFeed
from .records.store import Reader, RecordStore
from .statistics.progress import Progress

type DlsPbxConfigEntry = ConfigEntry[DlsPbxData]

# Who reads what was stored, by section.
STORED: Final[Mapping[str, Reader]] = {
    CallFeed.section: Cursor.from_stored,
    MessageFeed.section: Cursor.from_stored,
    "callbacks": callbacks_from_stored,
    CallerNames.section: CallerNames.from_stored,
    "statistics": Progress.from_stored,
    IDENTITY_SECTION: remembered,
    rooms.SECTION: rooms.last_days,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DlsPbxData:
    """What belongs to one PBX while it is loaded."""

    client: DlsPbxClient
    options: Options
    outages: Outages
    coordinators: tuple[StatusCoordinator[Any], ...]  # of the status actions, first those whose rows the others name
    users: UsersCoordinator
    queues: QueuesCoordinator
    calls: CallsCoordinator
    faxes: FaxesCoordinator
    conferences: ConferencesCoordinator
    provisioning: ProvisioningCoordinator
    campaigns: CampaignsCoordinator
    campaign_logs: CampaignLogsCoordinator
    consent: ConsentListsCoordinator
    identity: Identity
    contacts: Contacts
    events: EventBus
    event_attributes: EventAttributes
    store: RecordStore
    callbacks: Callbacks
    call_feed: CallFeed
    message_feed: MessageFeed

    @classmethod
    async def async_create(cls, hass: HomeAssistant, entry: DlsPbxConfigEntry, client: DlsPbxClient) -> Self:
        """Make what belongs to one PBX and read what was stored; the PBX is asked nothing yet."""
        options = Options.of(entry.options)
        store = RecordStore(hass, entry.entry_id)
        entry.async_on_unload(store.async_close)
        await store.async_load(STORED)
        outages = Outages(entry.title)
        connection = Connection(hass, entry, client, outages)

        def adapt_tempo() -> None:
            _adapt_tempo(queues, calls)

        users = UsersCoordinator(connection, options.phones)
        queues = QueuesCoordinator(connection, users, adapt_tempo)
        calls = CallsCoordinator(connection, users, queues, adapt_tempo)
        faxes = FaxesCoordinator(connection)
        conferences = ConferencesCoordinator(connection, store, calls)
        provisioning = ProvisioningCoordinator(connection, users)
        campaigns = CampaignsCoordinator(connection)
        campaign_logs = CampaignLogsCoordinator(connection, campaigns)
        coordinators = (users, campaigns, queues, calls, faxes, conferences, provisioning, campaign_logs)
        consent = ConsentListsCoordinator(connection, store, coordinators)

        events = async_event_bus(hass, entry.entry_id)
        region = phone_numbers.region(hass.config.country)
        callers = CallerNames(store.sections.get(CallerNames.section, {}), region)
        contacts = await async_contacts(hass, entry, callers)
        event_attributes = EventAttributes(hass, users, contacts, client.time_zone)
        record_events = RecordEvents(event_attributes, events, options.thresholds)
        callbacks = Callbacks(store.sections.get("callbacks", {}), region=region, zone=client.time_zone)
        # Some are forgotten by now, and up to 0.2.0 they were a list.
        store.patch("callbacks", callbacks.changes())
        # Calls and desk phones name their users, logs their campaigns: who comes or goes there matters here.
        for source, key, listener in (
            (users, MEMBERSHIP, calls.async_parties_changed),
            (users, MEMBERSHIP, provisioning.async_users_changed),
            (queues, AGENTS, calls.async_parties_changed),
            (campaigns, MEMBERSHIP, campaign_logs.async_campaigns_changed),
            (calls, QUEUED, queues.async_calls_changed),
            (calls, CONFERRING, conferences.async_calls_changed),
        ):
            entry.async_on_unload(source.async_add_listener(listener, key))
        return cls(
            client=client,
            options=options,
            outages=outages,
            coordinators=coordinators,
            users=users,
            queues=queues,
            calls=calls,
            faxes=faxes,
            conferences=conferences,
            provisioning=provisioning,
            campaigns=campaigns,
            campaign_logs=campaign_logs,
            consent=consent,
            identity=Identity(hass, entry.entry_id, coordinators, consent, store),
            contacts=contacts,
            events=events,
            event_attributes=event_attributes,
            store=store,
            callbacks=callbacks,
            call_feed=CallFeed(
                connection,
                store,
                events=record_events,
                callbacks=callbacks,
                callers=callers,
                options=options,
                office=Office(users=users, queues=queues, calls=calls, faxes=faxes),
            ),
            message_feed=MessageFeed(connection, store, record_events, callbacks),
        )

    async def async_save_callbacks(self) -> None:
        """Write at once what somebody did by hand: nobody would do it again after a kill."""
        self.store.patch("callbacks", self.callbacks.changes())
        await self.store.async_save_if_possible()

    @property
    def object_coordinators(self) -> tuple[ObjectCoordinator[Any], ...]:
        """Those whose rows have devices."""
        return tuple(one for one in self.coordinators if isinstance(one, ObjectCoordinator))

    @property
    def feeds(self) -> tuple[RecordFeed[Any], ...]:
        """What reads records."""
        return (self.call_feed, self.message_feed)

    @property
    def vital_sources(self) -> tuple[DlsPbxCoordinator[Any], ...]:
        """Those that tell whether the PBX answers: that it keeps its consent lists to itself is no outage."""
        return (*self.coordinators, *self.feeds)

    @property
    def sources(self) -> tuple[DlsPbxCoordinator[Any], ...]:
        """All that ask the PBX again and again."""
        return (*self.vital_sources, self.consent)

    @property
    def answers(self) -> bool:
        """Whether the PBX answers anything at present."""
        return any(source.last_update_success for source in self.vital_sources)


def _adapt_tempo(queues: QueuesCoordinator, calls: CallsCoordinator) -> None:
    """Poll calls fast while there are any, and both while someone waits; who comes to a queue is seen by the calls."""
    totals: CallTotals | None = calls.data.get(PBX) if calls.last_update_success else None
    wait: Wait | None = queues.data.get(PBX) if queues.last_update_success else None
    waiting = bool(wait and wait.waiting)
    calls.set_interval(LIVE_INTERVAL if waiting or (totals and totals.active) else calls.interval)
    queues.set_interval(LIVE_INTERVAL if waiting else queues.interval)
