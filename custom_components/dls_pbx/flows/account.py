"""Account as a user types it: its address, what tells it from others, and a client for it."""

from collections.abc import Container, Mapping
from ipaddress import ip_address
import re
from typing import Any, Final

from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.network import is_host_valid, is_ip_address, is_ipv6_address, is_local
from yarl import URL

from ..api import DlsPbxClient, HttpConnections
from ..const import NAME

# Where the API begins in a path, or a page of the PBX.
_API = re.compile(r"/+(?:api(?:/|$)|[^/]*\.php)")
_HAS_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class UrlError(ValueError):
    """An address that cannot be used; the text is the config flow's error key."""


CONF_DIALECT: Final = "dialect"  # what was learned of the PBX's API; users never see it


async def async_client(
    hass: HomeAssistant, connections: HttpConnections, data: Mapping[str, Any], time_zone: str | None
) -> DlsPbxClient:
    """Make a client; the PBX's zone is Home Assistant's unless another one is chosen."""
    zone = await dt_util.async_get_time_zone(time_zone or hass.config.time_zone)
    return DlsPbxClient(
        connections,
        data[CONF_URL],
        data[CONF_USERNAME],
        data[CONF_API_KEY],
        time_zone=zone or dt_util.get_default_time_zone(),
        clock=dt_util.utcnow,
        dialect=data.get(CONF_DIALECT),
    )


def origin(text: str) -> str:
    """Return the origin in an address as people paste it: a bare host, an origin, or any link into the API.

    Raises UrlError: `invalid_url` for what is no address or carries a user, `insecure_url` for plain http to anywhere
    but this machine and private addresses. A name such as `pbx.local` is no private address: where it leads is up to
    whoever answers for it, and the key would travel in clear text. `localhost` always leads home (RFC 6761).
    """
    url = _parsed(text.strip())
    host = (url.raw_host or "").rstrip(".")
    # "https://https://pbx" and "https//pbx" would send the key to a host called "https".
    known = url.scheme in ("http", "https") and url.port and is_host_valid(host) and host not in ("http", "https")
    if not known or url.user is not None or url.password is not None:
        raise UrlError("invalid_url")
    if url.scheme == "http" and not _is_near(host):
        raise UrlError("insecure_url")
    return str(url.with_host(host).origin())


def bases(text: str) -> list[str]:
    """Return where the API may be behind an address as people paste it: below its path, as with a proxy, or not.

    Raises UrlError as `origin`. Everything is on the origin that was typed: the key goes nowhere else.
    """
    found = origin(text)
    path = _API.split(_parsed(text.strip()).path, maxsplit=1)[0].rstrip("/")
    return [f"{found}{path}", found] if path else [found]


def account(url: str, username: str) -> str:
    """Return what tells one account from another: host, port and user, in any case."""
    parsed = URL(url)
    return f"{parsed.host}:{parsed.port}_{username.casefold()}"


def title(url: str, username: str, taken: Container[str]) -> str:
    """Return what to call an account: its host, unless that is a bare IP address; what is taken gets its user, too."""
    parsed = URL(url)
    host = parsed.host or ""
    name = NAME if is_ip_address(host) else host
    names = (name, f"{name} ({username})", f"{name} ({username}, {host}:{parsed.port})")
    return next((one for one in names if one not in taken), names[-1])


def _parsed(text: str) -> URL:
    if is_ipv6_address(text):
        text = f"[{text}]"
    try:
        return URL(text if _HAS_SCHEME.match(text) else f"https://{text.removeprefix('//')}")
    except ValueError:
        # From None: a pasted link may hold the key in its query.
        raise UrlError("invalid_url") from None


def _is_near(host: str) -> bool:
    if is_ip_address(host):
        return is_local(ip_address(host))
    return host == "localhost" or host.endswith(".localhost")
