"""Options of the report: the texts of the request as typed settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from simulator.engine import PbxError

DEFAULT_PER_PAGE = 100
_SWITCHES = {
    "formatted_columns_names": "formatted_names",
    "map_mirrors": "map_mirrors",
    "formatted_dates": "formatted_dates",
    "formatted_durations": "formatted_durations",
    "formatted_tns": "formatted_numbers",
    "count_only": "count_only",
}
_OTHERS = {"timezone", "order_by", "order_direction", "page", "page_offset", "per_page", "from", "to"}
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}
_DIRECTIONS = {"ASCENDING": False, "DESCENDING": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a report is cut and written; without options: newest first, the first hundred rows, nothing prettified."""

    time_zone: ZoneInfo
    start: datetime | None = None
    end: datetime | None = None
    order_by: str = "date"
    descending: bool = True
    offset: int = 0
    limit: int | None = DEFAULT_PER_PAGE  # None = all
    formatted_names: bool = False
    map_mirrors: bool = False
    formatted_dates: bool = False
    formatted_durations: bool = False
    formatted_numbers: bool = False
    count_only: bool = False


def read_options(options: Mapping[str, str], time_zone: ZoneInfo) -> Options:
    """Return the typed options, or raise PbxError for one that the page does not know or allow."""
    if unknown := options.keys() - _SWITCHES.keys() - _OTHERS:
        raise PbxError(f"Unknown report option: {', '.join(sorted(unknown))}")
    if "timezone" in options:
        time_zone = _zone(options["timezone"])
    start, end = _time(options, "from", time_zone), _time(options, "to", time_zone)
    if start and end and start > end:
        raise PbxError("The report's 'from' lies after its 'to'")
    offset, limit = _window(options)
    direction = options.get("order_direction", "DESCENDING").upper()
    if direction not in _DIRECTIONS:
        raise PbxError(f"Unknown order_direction: {direction}")
    return Options(
        time_zone=time_zone,
        start=start,
        end=end,
        order_by=options.get("order_by", "date"),
        descending=_DIRECTIONS[direction],
        offset=offset,
        limit=limit,
        **{field: _switch(options, key) for key, field in _SWITCHES.items()},
    )


def _window(options: Mapping[str, str]) -> tuple[int, int | None]:
    """Return where the page begins and how many rows it has."""
    per_page = _number(options, "per_page", DEFAULT_PER_PAGE)
    if per_page == 0:
        raise PbxError("The report's per_page must be at least 1")
    if "page" in options and "page_offset" in options:
        raise PbxError("A report takes page or page_offset, not both")
    if options.get("page", "").upper() == "ALL":
        return 0, None
    return _number(options, "page_offset", _number(options, "page", 0) * per_page), per_page


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError, ValueError, OSError:  # OSError: the name of a folder, as "America"
        raise PbxError(f"Unknown time zone: {name}") from None


def _time(options: Mapping[str, str], key: str, time_zone: ZoneInfo) -> datetime | None:
    if key not in options:
        return None
    try:
        local = datetime.strptime(options[key], "%Y-%m-%d %H:%M:%S").replace(tzinfo=time_zone)
        return local.astimezone(UTC)
    except ValueError, OverflowError:
        raise PbxError(f"The report's '{key}' must be written as YYYY-MM-DD HH:MM:SS: {options[key]}") from None


def _number(options: Mapping[str, str], key: str, default: int) -> int:
    text = options.get(key, str(default))
    if not (text.isascii() and text.isdecimal()):
        raise PbxError(f"The report's {key} must be a whole number: {text}")
    return int(text)


def _switch(options: Mapping[str, str], key: str) -> bool:
    text = options.get(key, "false").lower()
    if text not in _TRUTHS:
        raise PbxError(f"The report's {key} must be true or false: {text}")
    return _TRUTHS[text]
