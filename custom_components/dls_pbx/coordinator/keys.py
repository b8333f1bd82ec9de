"""Keys of what coordinators know: objects of the PBX, and what stands beside them."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any, Final, NamedTuple


class ObjectKind(StrEnum):
    """Kinds of objects; all but the lists begin the unique ids of their entities."""

    PBX = "pbx"
    QUEUE = "queue"
    PHONE = "phone"
    CONFERENCE = "conference"
    CAMPAIGN = "campaign"
    OPT_IN = "opt_in"  # a campaign's list of those who agreed to get texts
    OPT_OUT = "opt_out"  # a tenant's list of those who want no more


class Action(StrEnum):
    """Actions of the PBX that are asked again and again: `status.php` but for the last three."""

    USERS = "users"
    QUEUES = "queues"
    CALLS = "calls"
    FAXES = "faxes"
    CONFERENCES = "conferences"
    PROVISIONING = "provisioning"
    DIALER = "dialer"
    DIALER_LOGS = "dialerlogs"
    REPORTS = "reports"  # reports.php report
    SMS = "sms"  # sms.php query_sms
    QUERY_LISTS = "query_lists"  # subscribers.php query_lists


class ObjectKey(NamedTuple):
    """Key of a model: an object by its kind and its id at the PBX ("" for the PBX itself).

    With an `aspect` it is the key of a table by id, of what moves by itself (latencies, waits) and is news only to
    those who show it; `id` is "" then.
    """

    kind: ObjectKind
    id: str = ""
    aspect: str = ""


def object_keys(keys: Iterable[ObjectKey], *kinds: ObjectKind) -> Iterator[ObjectKey]:
    """Yield the keys of objects of some kinds, without those of what stands beside them."""
    return (key for key in keys if key.kind in kinds and not key.aspect)


type Models = dict[ObjectKey, Any]

PBX: Final = ObjectKey(ObjectKind.PBX)
# Never among the models, but among what changed: objects have come or gone, an action has failed or is back.
MEMBERSHIP: Final = ObjectKey(ObjectKind.PBX, aspect="membership")
AVAILABILITY: Final = ObjectKey(ObjectKind.PBX, aspect="availability")
# Likewise: today's faxes on record are others.
FAXES_TODAY: Final = ObjectKey(ObjectKind.PBX, aspect="faxes_today")
