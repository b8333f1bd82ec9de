"""Cases: one broken answer each, read by the client as the coordinators would, and everything made of it checked."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from itertools import batched
from random import Random
from time import perf_counter
import traceback
from typing import Any, Final, override

from custom_components.dls_pbx import phone_numbers
from custom_components.dls_pbx.actions.consent import is_sure, listed
from custom_components.dls_pbx.api import Directory, DlsPbxClient, DlsPbxError, HttpConnections
from custom_components.dls_pbx.api.dialect import Manner
from custom_components.dls_pbx.api.models import (
    Call,
    CallRecord,
    Conference,
    ConsentLists,
    Message,
    MessagePage,
    ProvisionedPhone,
    Queue,
    Snapshot,
    Users,
)
from custom_components.dls_pbx.api.transport import Request, Transport
from custom_components.dls_pbx.coordinator.derived import (
    CallTotals,
    ConferenceTotals,
    Provisioning,
    Wait,
    agent_states,
    call_states,
)
from custom_components.dls_pbx.options import Thresholds
from custom_components.dls_pbx.records.figures import figures
from custom_components.dls_pbx.records.read import async_in_order, async_read_calls
from script.fuzz_run.checks import absurdities, complaints_of_error, contradictions, said
from script.fuzz_run.mutations import Mutant, mutant
from script.fuzz_run.samples import ASKS, NOW, START, Sample, question, take
from simulator.app import DEFAULT_USER

LONGEST: Final = 1  # s
BATCH: Final = 100
REGION: Final = "US"
THRESHOLDS: Final = Thresholds(service_level=20, short_abandon=5)
URL_OF_NOBODY: Final = "http://pbx.invalid"
KEY: Final = "k3y"
NUMBERS: Final = ("+18155550123", "+12125550100")


@dataclass(frozen=True, slots=True)
class Case:
    """A broken answer to a question, and what came of it."""

    number: int
    question: str
    mutant: Mutant
    complaints: tuple[str, ...]
    seconds: float  # that the slowest of its readings took
    error: str | None  # the class of the error that the client made of it


class _Stopwatch:
    """How long the slowest reading of an answer took: from when it came until the next one came, or it was done.

    The clock on the wall: one of the processor's may cost more than what it measures.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self._began: float | None = None

    def start(self) -> None:
        """Begin with an answer."""
        self.stop()
        self._began = perf_counter()

    def stop(self) -> None:
        """Be done with one."""
        if self._began is not None:
            self.longest = max(self.longest, perf_counter() - self._began)
        self._began = None


class _Wire(Transport):
    """A transport that answers each question with a body of its own, and nothing goes over a network."""

    def __init__(self, connections: HttpConnections, bodies: dict[str, bytes], watch: _Stopwatch) -> None:
        super().__init__(connections, URL_OF_NOBODY, DEFAULT_USER, KEY)
        self.bodies = bodies
        self.status = 200
        self.watch = watch

    @override
    async def post(self, request: Request, manner: Manner) -> tuple[int, bytes]:
        self.watch.start()
        return self.status, self.bodies[question(request.endpoint, request.action, request.params)]


class Fuzz:
    """Healthy answers, and what becomes of them when they are broken. `seed` and a case's number make the case."""

    def __init__(self, samples: list[Sample], connections: HttpConnections, seed: int) -> None:
        self._samples = samples
        self._connections = connections
        self._seed = seed
        self._healthy: dict[str, bytes] = {}
        for sample in samples:
            self._healthy.setdefault(sample.question, sample.body)

    @classmethod
    async def prepare(cls, connections: HttpConnections, seed: int) -> Fuzz:
        """Take the answers from the stand-in PBX."""
        return cls(await take(), connections, seed)

    async def run(self, number: int) -> Case:
        """Make a case, read it, and check what came of it."""
        rng = Random(f"{self._seed}/{number}")
        sample = rng.choice(self._samples)
        broken = mutant(sample.body, rng)
        complaints: list[str] = []
        watch = _Stopwatch()
        try:
            error = await self._read(sample, broken, watch, complaints)
        except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
            error = None
            complaints.append(traceback.format_exc())
        return Case(number, sample.question, broken, tuple(complaints), watch.longest, error)

    def _client(self, bodies: dict[str, bytes], watch: _Stopwatch) -> tuple[DlsPbxClient, _Wire]:
        client = DlsPbxClient(self._connections, URL_OF_NOBODY, DEFAULT_USER, KEY, clock=lambda: NOW)
        client._transport = wire = _Wire(self._connections, bodies, watch)  # noqa: SLF001 - it stands where the network is
        return client, wire

    async def _read(self, sample: Sample, broken: Mutant, watch: _Stopwatch, complaints: list[str]) -> str | None:
        """Read the broken answer by itself, after a healthy one, and before a healthy one."""
        ask = ASKS[sample.question]
        client, wire = self._client({**self._healthy, sample.question: sample.body}, watch)
        healthy = await ask(client, None)
        error, after = None, healthy
        wire.bodies[sample.question], wire.status = broken.body, broken.status
        for before in (healthy, None) if isinstance(healthy, Snapshot) else (None,):
            asked, _ = (client, wire) if before else self._fresh(wire)
            try:
                answer = await ask(asked, before)
                watch.stop()
            except DlsPbxError as err:
                watch.stop()
                error = type(err).__name__
                complaints += complaints_of_error(err)
            else:
                after = answer if before else after
                complaints += contradictions(said(broken.body), answer, sample.question)
                complaints += absurdities(answer)
                complaints += absurdities(list(_derived(answer)), "derived")
            complaints += absurdities(asked.vocabulary.found, "vocabulary")
        if sample.question in ("reports.report", "reports.report ids", "sms.query_sms"):
            error = await self._feed(sample, wire, complaints) or error
        if isinstance(healthy, Snapshot):
            wire.bodies[sample.question], wire.status = sample.body, 200
            complaints += await _recovered(client, wire, sample, healthy, after)
        return error

    def _fresh(self, wire: _Wire) -> tuple[DlsPbxClient, _Wire]:
        client, other = self._client(wire.bodies, wire.watch)
        other.status = wire.status
        return client, other

    async def _feed(self, sample: Sample, wire: _Wire, complaints: list[str]) -> str | None:
        """Read records in bulk, as the feeds do: this answer comes to each of their questions."""
        client, _ = self._fresh(wire)
        document = said(wire.bodies[sample.question])
        try:
            if sample.question == "sms.query_sms":
                async for page in async_in_order(client.message_pages(START), lambda one: one.timestamp or NOW):
                    wire.watch.stop()
                    complaints += absurdities(page, "Message")
                    complaints += _unless_said(document)
            else:
                async for calls in async_read_calls(client, START, queues=("Sales, West", "support")):
                    wire.watch.stop()
                    complaints += absurdities(calls, "CallRecord")
                    complaints += absurdities(list(_figures(calls)), "Figures")
                await client.newest_calls()
        except DlsPbxError as err:
            complaints += complaints_of_error(err)
            return type(err).__name__
        finally:
            wire.watch.stop()
        return None


def _unless_said(document: Any) -> Iterator[str]:
    if not isinstance(document, dict) or document.get("result") != "success":
        yield "Records were made of what is no success"


async def _recovered(
    client: DlsPbxClient, wire: _Wire, sample: Sample, healthy: Snapshot[Any], after: Snapshot[Any]
) -> list[str]:
    """Read the healthy answer after the broken one: the office must be as it was."""
    if wire._refused is not None:  # noqa: SLF001 - a key that was refused stays so
        return []
    again = await ASKS[sample.question](client, after)
    if list(map(_timeless, again.rows.values())) == list(map(_timeless, healthy.rows.values())):
        return []
    return ["The healthy answer did not bring back the office"]


def _timeless(value: Any) -> Any:
    """Return a model without its times: those of a moment ago are kept while they agree with what is new."""
    match value:
        case datetime():
            return datetime
        case Mapping():
            return {key: _timeless(item) for key, item in value.items()}
        case tuple():
            return [_timeless(item) for item in value]
        case _ if is_dataclass(value):
            return [_timeless(getattr(value, one.name)) for one in fields(value)]
    return value


def _derived(answer: Any) -> Iterator[Any]:
    """Make of an answer what the coordinators make of it."""
    match answer:
        case Users():
            directory = Directory(answer.rows.values())
            for user in answer.rows.values():
                for label in (user.auth_id, f"{user.extension}@{user.tenant}-{user.name}", user.name):
                    yield directory.auth_id(label)
        case Snapshot():
            yield from _of_rows(list(answer.rows.values()))
        case MessagePage():
            for message in answer.messages:
                yield from _parties(message)
        case ConsentLists():
            for one in answer.opt_out + answer.opt_in:
                yield is_sure(one)
                for number in NUMBERS:
                    yield len(listed(one, number, REGION))
                    yield len(listed(one, number))


def _of_rows(rows: list[Any]) -> Iterator[Any]:
    match rows:
        case [Queue(), *_]:
            yield Wait.of(rows)
            yield Wait.of(rows).seconds(NOW)
            yield agent_states(rows)
        case [Call(), *_]:
            yield CallTotals.of(rows)
            yield call_states([(call, (call.extension, call.connected_to)) for call in rows], {}, certain=True)
            yield from (phone_numbers.label_number(call.caller_id or "", REGION) for call in rows)
        case [Conference(), *_]:
            yield ConferenceTotals.of(rows)
        case [ProvisionedPhone(), *_]:
            yield Provisioning(phones=tuple(rows))


def _parties(record: Message | CallRecord) -> Iterator[str | None]:
    for label in (record.src_label, record.dst_label):
        number = phone_numbers.label_number(label or "", REGION)
        yield number
        yield phone_numbers.uri(number)
        yield phone_numbers.readable(number, REGION) if number else None
        yield str(phone_numbers.same_number(label or "", NUMBERS[0], REGION))


def _figures(calls: list[CallRecord]) -> Iterator[Any]:
    for call in calls:
        yield from _parties(call)
        yield from figures(call, THRESHOLDS).values()


def run_all(seed: int, numbers: Iterable[int]) -> Iterator[Case]:
    """Yield the cases, one after the other."""
    with asyncio.Runner() as runner:
        connections = runner.run(_connections())
        try:
            fuzz = runner.run(Fuzz.prepare(connections, seed))
            for batch in batched(numbers, BATCH, strict=False):
                yield from runner.run(_run(fuzz, batch))
        finally:
            runner.run(connections.close())


async def _run(fuzz: Fuzz, numbers: Iterable[int]) -> list[Case]:
    cases = [await fuzz.run(number) for number in numbers]
    # Others have their turn on this machine as well: what seems slow is read again.
    return [min(case, await fuzz.run(case.number), key=_seconds) if case.seconds > LONGEST else case for case in cases]


def _seconds(case: Case) -> float:
    return case.seconds


async def _connections() -> HttpConnections:
    return HttpConnections()
