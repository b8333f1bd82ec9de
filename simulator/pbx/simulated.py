"""Simulated PBX: all its parts together, ready to be asked, and to be steered by hand or by itself.

Times are the injected clock's. Before a request or a verb, let `run_until(clock())` do what has become due.
"""

from simulator.pbx.consent import ConsentBook
from simulator.pbx.dialer import Dialer
from simulator.pbx.faxes import Faxes
from simulator.pbx.messages import Messages
from simulator.pbx.past import Past
from simulator.pbx.switchboard import Switchboard


class SimulatedPbx(Past, Dialer, ConsentBook, Messages, Faxes, Switchboard):
    """A PBX in memory; it implements `simulator.engine.Engine`.

    Verbs: `call_in`, `call_out`, `call_internal`, `answer`, `hold`, `transfer`, `park`, `pick_up_parked`, `forward`,
    `leave_voicemail`, `abandon`, `hang_up`; `join_conference`, `leave_conference`, `lock_conference`; `log_in_agent`,
    `log_out_agent`, `pause_agent`, `resume_agent`; `send_fax`, `fax_progress`, `fax_fail`, `fax_complete`,
    `receive_fax`, `miss_fax`; `receive_sms`, `sms_unreachable`, `fail_sms`; `add_past_call`, `correct_call`,
    `add_past_sms`; `set_registration`, `set_voicemail`, `read_voicemail`, `provision`; `start_campaign`,
    `stop_campaign`, `log_campaign`; `reset_counters`, `restart`; and `add_...`, `remove_...` for tenants, extensions,
    phones, queues, conferences, campaigns.
    Where one makes no sense it raises `PbxError`.
    """
