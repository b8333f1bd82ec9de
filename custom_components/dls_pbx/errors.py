"""Errors: the one place where the PBX's become Home Assistant's, with texts in the user's language."""

from typing import NamedTuple

from homeassistant.exceptions import ConfigEntryAuthFailed, HomeAssistantError, ServiceValidationError
from homeassistant.helpers.update_coordinator import UpdateFailed

from .api import (
    DlsPbxAuthenticationError,
    DlsPbxConnectionError,
    DlsPbxError,
    DlsPbxPermissionError,
    DlsPbxRateLimitError,
    DlsPbxResponseError,
    DlsPbxTimeoutError,
    DlsPbxUnreachableError,
    Obstacle,
)
from .const import DOMAIN

# The first that fits: subclasses stand before their bases. What is left is a refusal in the PBX's own words.
_KEYS: tuple[tuple[type[DlsPbxError], str], ...] = (
    (DlsPbxAuthenticationError, "invalid_auth"),
    (DlsPbxPermissionError, "not_permitted"),
    (DlsPbxRateLimitError, "rate_limited"),
    (DlsPbxTimeoutError, "timeout"),
    (DlsPbxConnectionError, "cannot_connect"),
    (DlsPbxResponseError, "invalid_response"),
)
# These pass when the PBX is back; all other obstacles wait for somebody, and have a text that says for whom.
_OUTAGES = (None, Obstacle.CONNECTION_REFUSED, Obstacle.UNKNOWN_HOST)


class Translation(NamedTuple):
    """What an exception needs in order to speak the user's language."""

    translation_key: str
    translation_placeholders: dict[str, str]
    translation_domain: str = DOMAIN


def error_key(err: DlsPbxError) -> str:
    """Name an error: the key of its text among the exceptions, and in the config flow."""
    return next((key for kind, key in _KEYS if isinstance(err, kind)), "refused")


def _translation(err: DlsPbxError) -> dict[str, object]:
    key = error_key(err)
    if isinstance(err, DlsPbxUnreachableError) and err.obstacle not in _OUTAGES:
        key = err.obstacle
    return Translation(key, {"reason": str(err)})._asdict()


def action_error(err: DlsPbxError) -> HomeAssistantError:
    """Return what an action raises."""
    return HomeAssistantError(**_translation(err))  # type: ignore[arg-type]


def wrong_input(key: str, **placeholders: str) -> ServiceValidationError:
    """Return the refusal of what somebody wrote; Home Assistant logs it, so it quotes no more than it must."""
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders or None
    )


def filled(field: str, written: str) -> str:
    """Return a text that has to be there, without the blanks around it."""
    if text := written.strip():
        return text
    raise wrong_input("blank_field", field=field)


def auth_failed(reason: str) -> ConfigEntryAuthFailed:
    """Return what asks the user for a new key, because the PBX refuses this one in these words."""
    return ConfigEntryAuthFailed(**Translation("invalid_auth", {"reason": reason})._asdict())


def update_error(err: DlsPbxError) -> HomeAssistantError:
    """Return what a coordinator raises: a refused key asks for a new one, everything else is tried again."""
    if isinstance(err, DlsPbxAuthenticationError):
        return ConfigEntryAuthFailed(**_translation(err))  # type: ignore[arg-type]
    retry_after = err.retry_after if isinstance(err, DlsPbxRateLimitError) else None
    return UpdateFailed(**_translation(err), retry_after=retry_after)
