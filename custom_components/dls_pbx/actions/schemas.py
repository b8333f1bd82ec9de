"""Schemas of the actions' fields: types and choices. What is in a text is checked where it is used."""

from typing import Any

from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..api import cdr
from ..api.models import MessageDirection, MessageStatus
from .written import Bare

ORDERS = ("asc", "desc")
FORMATS = ("rows", "csv")
# What people look for first; everything else on request.
DEFAULT_COLUMNS = (
    "unique_id",
    "date",
    "direction",
    "callerid",
    "src",
    "src_label",
    "dst",
    "dst_label",
    "disposition",
    "bridged",
    "billable_duration",
    "involved_queues",
    "abandoned_queues",
    "recording_link",
)
MOST_MESSAGES = 1000
MOST_CALLS = 10_000
PAGE_SIZE = 100

type Fields = dict[vol.Marker, Any]


def texts(value: Any) -> list[str]:
    """Take one or many texts, also as comma lists; YAML and templates make numbers of phone numbers."""
    found: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, bool) or not isinstance(item, (str, int)):
            raise vol.Invalid("expected a text, or a list of texts")
        found += [Bare(item)] if isinstance(item, int) else [text for part in item.split(",") if (text := part.strip())]
    return found


def text_or_bare(value: Any) -> str:
    """Take a text, or a number that has to be told from one: a plus and leading zeros are lost in it."""
    if isinstance(value, bool):
        raise vol.Invalid("expected a text")
    return Bare(value) if isinstance(value, (int, float)) else cv.string(value)


def whole(lowest: int, highest: int | None = None) -> vol.All:
    """Take a whole number; the UI sends 10.0 for 10."""

    def number(value: Any) -> int:
        if isinstance(value, bool) or not (found := vol.Coerce(float)(value)).is_integer():
            raise vol.Invalid("expected a whole number")
        return int(found)

    return vol.All(number, vol.Range(min=lowest, max=highest))


def one_or_many(*choices: str) -> vol.All:
    """Take one or several of the choices."""
    return vol.All(texts, [vol.In(choices)])


_SCALAR = vol.Any(str, int, float)
_RULE = vol.Schema(
    {
        vol.Required("type"): vol.In(cdr.FILTER_TYPES),
        vol.Optional("operator"): vol.In((*cdr.COMPARISONS, *cdr.RANGES)),
        vol.Optional("value"): vol.Any(_SCALAR, [_SCALAR]),
        vol.Optional("lower_value"): _SCALAR,
        vol.Optional("upper_value"): _SCALAR,
    }
)
_FILTER_GROUP = vol.Schema(
    {
        vol.Optional("exclusivity", default="include"): vol.In(("include", "exclude")),
        vol.Optional("logical_operator", default="and"): vol.In(("and", "or")),
        vol.Required("rules"): vol.All(cv.ensure_list, vol.Length(min=1), [_RULE]),
    }
)

SEND_SMS: Fields = {
    vol.Required("recipients"): texts,
    vol.Required("message"): cv.string,
    vol.Optional("account_code"): text_or_bare,
}
QUERY_SMS: Fields = {
    vol.Optional("sources"): texts,
    vol.Optional("destinations"): texts,
    vol.Optional("original_destinations"): texts,
    vol.Optional("direction"): one_or_many(*MessageDirection.known()),
    vol.Optional("status"): vol.In(MessageStatus.known()),
    vol.Optional("start"): cv.datetime,
    vol.Optional("end"): cv.datetime,
    vol.Optional("message_ids"): texts,
    vol.Optional("account_codes"): texts,
    vol.Optional("cdr_ids"): vol.All(texts, [whole(0)]),
    vol.Optional("start_cdr_id"): whole(0),
    vol.Optional("end_cdr_id"): whole(0),
    vol.Optional("limit", default=PAGE_SIZE): whole(1, MOST_MESSAGES),
    vol.Optional("offset", default=0): whole(0),
    vol.Optional("order", default="desc"): vol.In(ORDERS),
}
ADD_CONTACT_LIST: Fields = {vol.Required("name"): cv.string}
ADD_CONTACT: Fields = {
    vol.Required("contact_list"): cv.string,
    vol.Required("first_name"): cv.string,
    vol.Required("last_name"): cv.string,
    vol.Required("phone_number"): text_or_bare,
    vol.Required("address"): cv.string,
    vol.Required("city"): cv.string,
    vol.Required("state"): cv.string,
    vol.Required("zip_code"): text_or_bare,
    vol.Optional("company_name"): cv.string,
    vol.Optional("address_2"): cv.string,
    vol.Optional("country"): cv.string,
    vol.Optional("dial_on_date"): cv.date,
    vol.Optional("custom_fields"): {cv.string: cv.string},
}
QUERY_SUBSCRIBERS: Fields = {
    vol.Optional("campaign_id"): cv.string,
    vol.Optional("tenant_id"): cv.string,
    vol.Optional("phone_number"): text_or_bare,
}
SUBSCRIBER: Fields = {vol.Required("phone_number"): text_or_bare, vol.Required("campaign_id"): cv.string}
UNSUBSCRIBER: Fields = {vol.Required("phone_number"): text_or_bare, vol.Required("tenant_id"): cv.string}
GET_CALL_REPORT: Fields = {
    vol.Optional("columns", default=list(DEFAULT_COLUMNS)): one_or_many(*cdr.COLUMNS),
    vol.Optional("start"): cv.datetime,
    vol.Optional("end"): cv.datetime,
    vol.Optional("filter_groups", default=[]): vol.All(cv.ensure_list, [_FILTER_GROUP]),
    vol.Optional("order_by"): vol.In(tuple(cdr.COLUMNS)),
    vol.Optional("order"): vol.In(ORDERS),
    vol.Optional("page", default=0): whole(0),
    vol.Optional("per_page", default=PAGE_SIZE): whole(1, MOST_CALLS),
    vol.Optional("count_only", default=False): cv.boolean,
    vol.Optional("map_mirrors", default=False): cv.boolean,
    vol.Optional("format", default="rows"): vol.In(FORMATS),
    **{vol.Optional(name, default=False): cv.boolean for name in cdr.READABLE},
    vol.Optional("timezone"): cv.string,
}
GET_DIALER_LOGS: Fields = {vol.Optional("campaign"): cv.string}
