"""Asterisk's configuration, made from the cast: what differs from run to run; the rest lies in `etc/`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
import shutil
from typing import Final

from script.asterisk_run.binaries import Binaries
from simulator.asterisk.records.cdr import COLUMNS
from simulator.scenes.scenes import (
    DIRECT_NUMBER,
    DIRECT_USER,
    FAX_MACHINE,
    ROOM,
    ROOM_NUMBER,
    SUPPORT,
    VOICE_LINE,
    SceneQueue,
    SceneUser,
)

ETC: Final = Path(__file__).parent / "etc"
LOOPBACK: Final = "127.0.0.1"
SIP_SECRET: Final = "made-up"  # noqa: S105 - opens phones that exist for a minute on this machine
AMI_USER: Final = "dls"
AMI_SECRET: Final = "made-up"  # noqa: S105 - as above
# The least that the engine gets along with; docs/own-asterisk.md says the same.
AMI_READ: Final = "system,call,agent,reporting"
AMI_WRITE: Final = "system,call,reporting,command"
MAIN_NUMBER: Final = SUPPORT.number
FAX_PAGE: Final = "page.tiff"
CDR_FILE: Final = "dls.csv"
_TIMES: Final = ("start", "answer", "end")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where this Asterisk listens, and those it calls."""

    ami: int
    sip: int
    rtp: int  # the first of hundred
    trunk: int  # the outside world's phone line
    fax: int  # the outside world's fax machine, an Asterisk of its own


type Conf = Mapping[str, Sequence[str]]


def write(folder: Path, binaries: Binaries, files: Mapping[str, str]) -> None:
    """Fill a folder with what an Asterisk needs: the fixed files, these ones, and empty folders for its own things."""
    for name in ("etc", "log", "log/cdr-custom", "spool", "spool/outgoing", "spool/voicemail", "db", "run", "sip"):
        (folder / name).mkdir()
    for path in ETC.iterdir():
        shutil.copy(path, folder / "etc")
    for name, text in ({"asterisk.conf": _asterisk(folder, binaries)} | dict(files)).items():
        (folder / "etc" / name).write_text(text, "utf-8")


def office(
    ports: Ports, users: Sequence[SceneUser], queues: Sequence[SceneQueue], *, registering: bool = True
) -> dict[str, str]:
    """Return the office's own files. Phones that do not register are all behind the line to the outside."""
    return {
        "manager.conf": _manager(ports),
        "rtp.conf": _rtp(ports),
        "pjsip.conf": _pjsip(ports, users, registering=registering),
        "queues.conf": _queues(queues),
        "voicemail.conf": _voicemail(users),
        "extensions.conf": _extensions(users, queues),
        "cdr_custom.conf": f"[mappings]\n{CDR_FILE} => {cdr_mapping()}\n",
    }


def outside(ports: Ports) -> dict[str, str]:
    """Return the files of the fax machine outside: it takes faxes at one number and speaks at the other."""
    return {
        "manager.conf": "[general]\nenabled = no\n",
        "rtp.conf": _rtp(ports),
        "pjsip.conf": _section("transport", "transport", protocol="udp", bind=f"{LOOPBACK}:{ports.sip}")
        + _section("office", "endpoint", context="line", allow="!all,ulaw", aors="office")
        + _section("office", "aor", contact=f"sip:{LOOPBACK}:{ports.trunk}")
        + _section("office", "identify", endpoint="office", match=LOOPBACK),
        "extensions.conf": _dialplan(
            {
                "line": (
                    f"{FAX_MACHINE},1,Answer()",
                    f"{FAX_MACHINE},n,ReceiveFAX(/tmp/fax-${{UNIQUEID}}.tiff)",
                    f"{VOICE_LINE},1,Answer()",
                    f"{VOICE_LINE},n,Wait(4)",
                )
            }
        ),
        "queues.conf": "[general]\n",
        "voicemail.conf": "[general]\n",
        "cdr_custom.conf": "[mappings]\n",
    }


def cdr_mapping() -> str:
    """Return the columns as `cdr_custom.conf` takes them; times as seconds since the epoch, with fractions."""
    return ",".join(f"${{CSV_QUOTE(${{CDR({name}{',u' if name in _TIMES else ''})}})}}" for name in COLUMNS)


def _asterisk(folder: Path, binaries: Binaries) -> str:
    base = binaries.inside(folder)
    places = {
        "astetcdir": base / "etc",
        "astmoddir": binaries.modules,
        "astvarlibdir": "/var/lib/asterisk",
        "astdbdir": base / "db",
        "astkeydir": "/var/lib/asterisk",
        "astdatadir": "/usr/share/asterisk",
        "astagidir": "/usr/share/asterisk/agi-bin",
        "astspooldir": base / "spool",
        "astrundir": base / "run",
        "astlogdir": base / "log",
        "astcachedir": base / "db",
        "astsbindir": "/usr/sbin",
    }
    return (
        "[directories]\n"
        + "".join(f"{name} => {place}\n" for name, place in places.items())
        + "[options]\nnocolor = yes\n"
    )


def _manager(ports: Ports) -> str:
    return (
        f"[general]\nenabled = yes\nbindaddr = {LOOPBACK}\nport = {ports.ami}\n"
        f"[{AMI_USER}]\nsecret = {AMI_SECRET}\nread = {AMI_READ}\nwrite = {AMI_WRITE}\nwritetimeout = 1000\n"
    )


def _rtp(ports: Ports) -> str:
    return f"[general]\nrtpstart = {ports.rtp}\nrtpend = {ports.rtp + 999}\nstrictrtp = no\n"


def _section(name: str, kind: str, **options: object) -> str:
    return f"[{name}]\ntype = {kind}\n" + "".join(f"{key} = {value}\n" for key, value in options.items())


def _pjsip(ports: Ports, users: Iterable[SceneUser], *, registering: bool) -> str:
    parts = [
        _section("global", "global", endpoint_identifier_order="header,username,ip"),
        _section("transport", "transport", protocol="udp", bind=f"{LOOPBACK}:{ports.sip}"),
        _line("trunk", ports.trunk),
        _section("trunk", "identify", endpoint="trunk", match_header="X-Line: trunk"),
        _line("faxline", ports.fax),
    ]
    for user in users:
        parts += (
            _section(
                user.auth_id,
                "endpoint",
                context=f"users-{user.tenant}",
                allow="!all,ulaw",
                direct_media="no",
                aors=user.auth_id,
                auth=user.auth_id,
                callerid=f'"{user.name}" <{user.ext}>',
                mailboxes=f"{user.ext}@{user.tenant}",
                accountcode=user.auth_id,
            ),
            _section(user.auth_id, "aor", max_contacts=1, remove_existing="yes", qualify_frequency=2)
            if registering
            else _section(user.auth_id, "aor", contact=f"sip:{user.auth_id}@{LOOPBACK}:{ports.trunk}"),
            _section(user.auth_id, "auth", username=user.auth_id, password=SIP_SECRET),
        )
    return "\n".join(parts)


def _line(name: str, port: int) -> str:
    return _section(name, "endpoint", context="outside", allow="!all,ulaw", direct_media="no", aors=name) + _section(
        name, "aor", contact=f"sip:{LOOPBACK}:{port}"
    )


def _queues(queues: Iterable[SceneQueue]) -> str:
    text = "[general]\npersistentmembers = yes\nlog_membername_as_agent = no\n"
    for queue in queues:
        options = {"strategy": queue.strategy, "ringinuse": "no", "timeout": 60, "retry": 1, "wrapuptime": 0}
        text += f"[{queue.name}]\n" + "".join(f"{key} = {value}\n" for key, value in options.items())
    return text


def _voicemail(users: Sequence[SceneUser]) -> str:
    text = "[general]\nformat = wav\n"
    for tenant in dict.fromkeys(user.tenant for user in users):
        text += f"[{tenant}]\n"
        text += "".join(f"{user.ext} => 0000,{user.name}\n" for user in users if user.tenant == tenant)
    return text


def _extensions(users: Sequence[SceneUser], queues: Iterable[SceneQueue]) -> str:
    by_id = {user.auth_id: user for user in users}
    lines = {DIRECT_NUMBER: [f"Dial(PJSIP/{DIRECT_USER})"], ROOM_NUMBER: [f"ConfBridge({ROOM})"]}
    for queue in queues:
        lines[queue.number] = ["Answer()", f"Queue({queue.name},,,,{queue.timeout or ''})"]
        if queue.mailbox:
            owner = by_id[queue.mailbox]
            box = f"{owner.ext}@{owner.tenant}"
            lines[queue.number] += (f"Set(CDR(userfield)=MAILBOX={box})", f"VoiceMail({box},s)")
    contexts: dict[str, Sequence[str]] = {"outside": [step for line in lines.items() for step in _steps(*line)]}
    for tenant in dict.fromkeys(user.tenant for user in users):
        steps = [f"{ROOM},1,ConfBridge({ROOM})"]
        steps += [f"{user.ext},1,Dial(PJSIP/{user.auth_id})" for user in users if user.tenant == tenant]
        steps += [f"{queue.name},1,Queue({queue.name})" for queue in queues]
        steps.append(f"_NXXNXXXXXX,1,Dial(PJSIP/${{EXTEN}}@trunk,,f({MAIN_NUMBER}))")
        contexts[f"users-{tenant}"] = steps
    contexts["fax"] = _steps("_X.", ["SendFAX(${FAX_PAGE},f)"])
    notes = ("${CDR(userfield)}", "VMSTATUS=${VMSTATUS}", "FAXSTATUS=${FAXOPT(status)}", "FAXPAGES=${FAXOPT(pages)}")
    noted = f"h,1,Set(CDR(userfield)={'\\;'.join(notes)})"
    return _dialplan({name: (*steps, noted) for name, steps in contexts.items()})


def _steps(number: str, applications: Sequence[str]) -> list[str]:
    """Return what happens to who dials a number. That number is noted: a CDR's `dst` is where the call ended."""
    steps = ["Set(CDR(did)=${EXTEN})", *applications]
    return [f"{number},{'n' if index else '1'},{step}" for index, step in enumerate(steps)]


def _dialplan(contexts: Conf) -> str:
    return "".join(f"[{name}]\n" + "".join(f"exten => {step}\n" for step in steps) for name, steps in contexts.items())
