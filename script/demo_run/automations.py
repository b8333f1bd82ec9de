"""Automations of the office, most of them made from blueprints as their forms do, and scripts for the first page."""

from typing import Any, Final

from script.demo_run.home_assistant import HomeAssistant, Pbx
from script.demo_run.people import CODE_WORD, COURIER, CUSTOMERS, FRONT_DESK, UNATTENDED
from script.demo_run.registry import Registry

_ALL_WEEK: Final = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_ALL_DAY: Final = {"hours_from": "00:00:00", "hours_until": "00:00:00"}
ATTENDED: Final = ("queue_sales", "queue_support", "queue_billing")
SORRY: Final = "Sorry that we missed your call. We will call you back as soon as we can."
# How long somebody waits who calls when nobody answers, and how long who gives up soon, in seconds.
PATIENT, IMPATIENT = 120, 12
AMBER, RED = 10, 30


async def automate(home: HomeAssistant, registry: Registry, pbx: Pbx) -> None:
    """Make automations, unless an earlier run did: whoever has changed one keeps it. Scripts know the PBX's port."""
    for key, config in _automations(registry).items():
        if not await home.has("automation", key):
            await home.save("automation", key, config)
    for key, config in _scripts(f"{pbx.url}/control").items():
        await home.save("script", key, config)


def _automations(registry: Registry) -> dict[str, dict[str, Any]]:
    front_desk, meeting_room = (registry.phone(name)[1] for name in ("Front Desk", "Meeting Room"))
    return {
        "demo_lobby_light": _from_blueprint(
            "The lobby's light shows who waits after hours",
            "lobby_light_by_longest_wait",
            waits=[registry.entity("queue_after_hours", "longest_wait")],
            lights=["light.lobby_light"],
            amber_after=AMBER,
            red_after=RED,
        ),
        "demo_text_back": _from_blueprint(
            "Text back a missed caller",
            "text_back_missed_caller",
            calls={"entity_id": registry.entity("pbx", "call", "event")},
            message=SORRY,
            weekdays=_ALL_WEEK,
            **_ALL_DAY,
        ),
        "demo_announce": _from_blueprint(
            "Announce callers at reception",
            "announce_callers",
            calls={"entity_id": [registry.entity(queue, "queue", "event") for queue in ATTENDED]},
            speakers=["media_player.reception_speaker"],
            voice="tts.office_voice",
            say_number=True,
            **_ALL_DAY,
        ),
        "demo_music": _from_blueprint(
            "Pause the music while the front desk is in a call",
            "pause_music_in_calls",
            phones=[registry.entity(front_desk, "in_call", "binary_sensor")],
            players=["media_player.reception_speaker"],
        ),
        "demo_busy_light": _from_blueprint(
            "Busy light for the meeting room",
            "busy_light_per_phone",
            phone=registry.entity(meeting_room, "call_state"),
            lamps=["light.meeting_room_light"],
        ),
        "demo_stop": _from_blueprint("STOP by text", "opt_out_by_text", pbx=registry.pbx()),
        "demo_gate": _from_blueprint(
            "Open the gate for the courier",
            "open_gate_by_text",
            pbx=registry.pbx(),
            allowed=[COURIER.number],
            code_word=CODE_WORD,
            gate=["cover.gate"],
        ),
        "demo_vip": _from_blueprint(
            "A VIP waits after hours",
            "vip_waits",
            queues={"entity_id": registry.entity("queue_after_hours", "longest_wait")},
            seconds=RED,
        ),
        "demo_day": _from_blueprint(
            "The day in a message",
            "day_in_a_message",
            figures=[
                registry.entity("pbx", key)
                for key in ("calls_today", "missed_calls_today", "service_level_today", "answer_speed_today")
            ],
            weekdays=_ALL_WEEK,
        ),
        "demo_texts": _keep_texts(registry.entity("pbx", "sms", "event")),
    }


def _from_blueprint(alias: str, blueprint: str, **inputs: Any) -> dict[str, Any]:
    return {"alias": alias, "use_blueprint": {"path": f"dls_pbx/{blueprint}.yaml", "input": inputs}}


def _keep_texts(event: str) -> dict[str, Any]:
    """Keep for the first page what customers wrote last and what was answered: in the event the next text follows."""
    told = "trigger.to_state.attributes"
    names = {f"+1{customer.number}": customer.name for customer in CUSTOMERS if customer != COURIER}

    def keep(helper: str, condition: str) -> dict[str, Any]:
        value = f"{{{{ ({names}[{told}.number] ~ ': ' ~ {told}.text)[:255] }}}}"
        action = {"action": "input_text.set_value", "target": {"entity_id": helper}, "data": {"value": value}}
        return {"conditions": f"{{{{ {condition} }}}}", "sequence": [action]}

    return {
        "alias": "Show texts on the first page",
        "mode": "queued",
        "triggers": [{"trigger": "state", "entity_id": event, "not_to": ["unavailable", "unknown"]}],
        "conditions": f"{{{{ {told}.number in {names} }}}}",
        "actions": [
            {
                "choose": [
                    keep("input_text.last_text_received", f"{told}.event_type == 'received'"),
                    keep("input_text.last_text_sent", f"{told}.event_type == 'sent' and {told}.text == '{SORRY}'"),
                ]
            }
        ],
    }


def _scripts(control: str) -> dict[str, dict[str, Any]]:
    """Return what the first page's buttons do at the simulated PBX."""

    def happen(verb: str, payload: Any, **more: Any) -> dict[str, Any]:
        return {"action": "rest_command.simulator", "data": {"url": f"{control}/{verb}", "payload": payload}, **more}

    somebody = {"variables": {"who": f"{{{{ {[[*one] for one in CUSTOMERS if one != COURIER]} | random }}}}"}}

    def call(seconds: int) -> list[dict[str, Any]]:
        who = f"{{{{ {{'name': who[0], 'number': who[1], 'to': '{UNATTENDED}'}} }}}}"
        return [
            somebody,
            happen("call_in", who, response_variable="call"),
            {"delay": {"seconds": seconds}},
            happen("abandon", "{{ {'call_id': call.content.result} }}"),
        ]

    def text(number: str, body: str) -> list[dict[str, Any]]:
        message = f"{{{{ {{'src': {number}, 'dst': '{FRONT_DESK}', 'body': {body}}} }}}}"
        return [somebody, happen("receive_sms", message)]

    questions = ["Is my order ready?", "Are you open on Saturday?", "Can somebody call me back?"]
    return {
        "demo_text": _script("A customer writes", "mdi:message-text", text("who[1]", f"{questions} | random")),
        "demo_wait": _script("A caller waits", "mdi:phone-ring", call(PATIENT)),
        "demo_give_up": _script("A caller gives up", "mdi:phone-missed", call(IMPATIENT)),
        "demo_gate": _script("The courier writes", "mdi:gate", text(f"'{COURIER.number}'", f"'{CODE_WORD}'")),
    }


def _script(alias: str, icon: str, sequence: list[dict[str, Any]]) -> dict[str, Any]:
    return {"alias": alias, "icon": icon, "mode": "parallel", "sequence": sequence}
