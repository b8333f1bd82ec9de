"""What belongs to one PBX while it is loaded: the client, the coordinators, and who has to know of whom."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from .api import DlsPbxClient
from .consent_lists import ConsentListsCoordinator
from .coordinator import ROSTER, FactCoordinator, Outages, StatusCoordinator
from .facts import PBX, CallTotals, FactKey, Wait
from .happenings import Happenings, async_happenings
from .records.callbacks import Callbacks
from .records.calls import CallFeed
from .records.feed import RecordFeed
from .records.messages import MessageFeed
from .records.store import RecordStore
from .status import (
    AGENTS,
    CallsCoordinator,
    CampaignLogsCoordinator,
    CampaignsCoordinator,
    ConferencesCoordinator,
    FaxesCoordinator,
    ProvisioningCoordinator,
    QueuesCoordinator,
    UsersCoordinator,
)
from .telephone import region

type DlsPbxConfigEntry = ConfigEntry[DlsPbxData]

# While someone waits or a phone rings, seconds count: a change has to show within five.
LIVE_INTERVAL = timedelta(seconds=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class DlsPbxData:
    """What belongs to one PBX while it is loaded."""

    client: DlsPbxClient
    outages: Outages
    users: UsersCoordinator
    queues: QueuesCoordinator
    calls: CallsCoordinator
    faxes: FaxesCoordinator
    conferences: ConferencesCoordinator
    provisioning: ProvisioningCoordinator
    campaigns: CampaignsCoordinator
    campaign_logs: CampaignLogsCoordinator
    happenings: Happenings
    store: RecordStore
    callbacks: Callbacks
    call_feed: CallFeed
    message_feed: MessageFeed
    consent: ConsentListsCoordinator

    @classmethod
    async def async_create(cls, hass: HomeAssistant, entry: DlsPbxConfigEntry, client: DlsPbxClient) -> Self:
        """Make the coordinators of one PBX and read what was stored; the PBX is asked nothing yet."""
        store = RecordStore(hass, entry.entry_id)
        await store.async_load()
        outages = Outages(entry.title)
        args = (hass, entry, client, outages)
        data = cls(
            client=client,
            outages=outages,
            users=UsersCoordinator(*args),
            queues=QueuesCoordinator(*args),
            calls=CallsCoordinator(*args),
            faxes=FaxesCoordinator(*args),
            conferences=ConferencesCoordinator(*args),
            provisioning=ProvisioningCoordinator(*args),
            campaigns=CampaignsCoordinator(*args),
            campaign_logs=CampaignLogsCoordinator(*args),
            happenings=async_happenings(hass, entry.entry_id),
            store=store,
            callbacks=Callbacks(
                store.sections.get("callbacks", ()), region=region(hass.config.country), zone=client.time_zone
            ),
            call_feed=CallFeed(*args),
            message_feed=MessageFeed(*args),
            consent=ConsentListsCoordinator(*args),
        )
        # Calls and desk phones name their users, logs their campaigns: who comes or goes there matters here.
        for source, key, listener in (
            (data.users, ROSTER, data.calls.parties_changed),
            (data.users, ROSTER, data.provisioning.users_changed),
            (data.queues, AGENTS, data.calls.parties_changed),
            (data.campaigns, ROSTER, data.campaign_logs.campaigns_changed),
        ):
            entry.async_on_unload(source.async_add_listener(listener, key))
        return data

    def owner(self, kind: str) -> StatusCoordinator[Any] | None:
        """Return the coordinator whose rows are objects of this kind; the PBX itself has none."""
        match kind:
            case "phone":
                return self.users
            case "queue":
                return self.queues
            case "conference":
                return self.conferences
            case "campaign":
                return self.campaigns
        return None

    def shows(self, key: FactKey) -> bool:
        """Whether the PBX shows this object, and the user wants to see it."""
        owner = self.owner(key[0])
        return owner is None or key in owner.data

    @property
    def feeds(self) -> tuple[RecordFeed[Any], ...]:
        """What reads records."""
        return (self.call_feed, self.message_feed)

    @property
    def sources(self) -> tuple[FactCoordinator[Any], ...]:
        """All that ask the PBX again and again."""
        return (*self.coordinators, *self.feeds, self.consent)

    @property
    def coordinators(self) -> tuple[StatusCoordinator[Any], ...]:
        """Those of the status actions, first those whose rows the others name."""
        return (
            self.users,
            self.campaigns,
            self.queues,
            self.calls,
            self.faxes,
            self.conferences,
            self.provisioning,
            self.campaign_logs,
        )

    @callback
    def adapt_tempo(self) -> None:
        """Poll calls fast while there are any, queues fast while someone waits or rings."""
        wait: Wait | None = self.queues.data.get(PBX) if self.queues.last_update_success else None
        calls: CallTotals | None = self.calls.data.get(PBX) if self.calls.last_update_success else None
        waiting = bool(wait and wait.waiting)
        self.queues.set_interval(LIVE_INTERVAL if waiting or (calls and calls.ringing) else self.queues.interval)
        self.calls.set_interval(LIVE_INTERVAL if waiting or (calls and calls.active) else self.calls.interval)
