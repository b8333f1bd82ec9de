"""Models of what the PBX says: frozen, typed, with times instead of elapsed texts.

Everywhere: None = the PBX does not say, or says it in words that we do not know. Datetimes are aware and in UTC.
"""

from .enums import (
    AgentState,
    CallDirection,
    CallStatus,
    DeviceState,
    Disposition,
    MessageDirection,
    RecordDirection,
    Registration,
)
from .live import (
    Agent,
    Call,
    Campaign,
    CampaignLog,
    Conference,
    FaxJob,
    FaxStatus,
    ProvisionedPhone,
    Queue,
    Snapshot,
    Table,
    User,
    Users,
    WaitingCaller,
)
from .records import (
    CallRecord,
    CallReport,
    ConsentList,
    ConsentLists,
    ListedNumber,
    Message,
    MessagePage,
    SentMessage,
)

__all__ = [
    "Agent",
    "AgentState",
    "Call",
    "CallDirection",
    "CallRecord",
    "CallReport",
    "CallStatus",
    "Campaign",
    "CampaignLog",
    "Conference",
    "ConsentList",
    "ConsentLists",
    "DeviceState",
    "Disposition",
    "FaxJob",
    "FaxStatus",
    "ListedNumber",
    "Message",
    "MessageDirection",
    "MessagePage",
    "ProvisionedPhone",
    "Queue",
    "RecordDirection",
    "Registration",
    "SentMessage",
    "Snapshot",
    "Table",
    "User",
    "Users",
    "WaitingCaller",
]
