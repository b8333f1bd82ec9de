"""Office of the matrix: what goes on in it, and what automations ask of it, the same in every run."""

from collections.abc import Mapping
from typing import Any, Final

from simulator.engine import Engine
from simulator.pbx.simulated import SimulatedPbx
from simulator.vendor.actions import ACTIONS
from tests.helpers.api_requests import CONTACT
from tests.helpers.office import ANNE_MARIE, CALLER, JERRY, OTHER_CALLER, TOM, small_office

ANYWHERE: Final = "*"
# What there can be trouble with.
WHERE: Final = (*ACTIONS, ANYWHERE)

MEANWHILE: Final = ("2125550101", "2135550101", "2145550101")  # who is missed, who is served, who writes
AFTERWARDS: Final = ("3125550101", "3135550101", "3145550101")
PUT_ON, TAKEN_OFF = "+15035550101", "+15045550101"

type Asked = tuple[str, dict[str, Any]]  # an action of Home Assistant's, and its fields


def office() -> SimulatedPbx:
    """Build the small office, in which one of everything goes on."""
    pbx = small_office()
    pbx.add_messaging_campaign("CSPRING", "Spring offers")
    pbx.add_contact_list("Patients")
    pbx.add_subscriber(TAKEN_OFF, "CSPRING")
    pbx.add_unsubscriber(TAKEN_OFF, "0")
    pbx.call_in(CALLER, to="night")
    pbx.answer(pbx.call_in(OTHER_CALLER, to="69"))
    pbx.call_in("8155550124", to="100")  # it rings
    pbx.join_conference("2000", OTHER_CALLER)
    pbx.fax_progress(pbx.send_fax(TOM, "7735550111"))
    return pbx


def goes_on(pbx: Engine, missed: str, served: str, writes: str) -> None:
    """Let a caller be missed, another be served, and a text come."""
    if not isinstance(pbx, SimulatedPbx):
        raise TypeError("Nothing can be made happen at this PBX")
    pbx.hang_up(pbx.call_in(missed, to="69"))
    call = pbx.call_in(served, to="support")
    pbx.answer(call, by=ANNE_MARIE)
    pbx.hang_up(call)
    pbx.receive_sms(writes, JERRY, "Are you open?")


def asked(action: str) -> list[Asked]:
    """Return what is asked of Home Assistant so that it asks an action of the PBX."""
    if action == ANYWHERE:
        return [asks[0] for asks in _ASKED.values()]
    return list(_ASKED.get(action, ()))


_TEXT: Final = ("send_sms", {"recipients": "+14155550101", "message": "Your order is ready"})
_ASKED: Final[Mapping[str, tuple[Asked, ...]]] = {
    "sms.send_sms": (_TEXT,),
    "sms.query_sms": (("query_sms", {}), _TEXT),
    "dialer.add_contact_list": (("add_contact_list", {"name": "Überfällig"}),),
    "dialer.add_contact": (("add_contact", {"contact_list": "Patients", **CONTACT}),),
    "subscribers.query_lists": (("query_subscribers", {}), _TEXT),
    "subscribers.add_subscriber": (("add_subscriber", {"phone_number": PUT_ON, "campaign_id": "CSPRING"}),),
    "subscribers.remove_subscriber": (("remove_subscriber", {"phone_number": TAKEN_OFF, "campaign_id": "CSPRING"}),),
    "subscribers.add_unsubscriber": (("add_unsubscriber", {"phone_number": PUT_ON, "tenant_id": "0"}),),
    "subscribers.remove_unsubscriber": (("remove_unsubscriber", {"phone_number": TAKEN_OFF, "tenant_id": "0"}),),
    "reports.report": (("get_call_report", {}),),
    "status.dialerlogs": (("get_dialer_logs", {}),),
}
