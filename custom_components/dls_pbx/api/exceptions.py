"""Exceptions: what can go wrong between us and the PBX. No text here ever holds the key or a caller's number."""

from enum import StrEnum
from http import HTTPStatus


class Obstacle(StrEnum):
    """What keeps a connection from coming about, where somebody can do something about it."""

    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_OTHER_HOST = "certificate_other_host"
    CERTIFICATE_SELF_SIGNED = "certificate_self_signed"
    CERTIFICATE_INVALID = "certificate_invalid"
    NO_TLS = "no_tls"
    TLS_FAILED = "tls_failed"
    UNKNOWN_HOST = "unknown_host"
    CONNECTION_REFUSED = "connection_refused"


class DlsPbxError(Exception):
    """Anything that the PBX, or the way to it, answers instead of a success."""


class DlsPbxConnectionError(DlsPbxError):
    """No whole answer came. The PBX may or may not have done what was asked."""


class DlsPbxTimeoutError(DlsPbxConnectionError):
    """The answer took too long."""


class DlsPbxUnreachableError(DlsPbxConnectionError):
    """No connection came about: the PBX certainly did nothing."""

    def __init__(self, message: str, obstacle: Obstacle | None = None) -> None:
        super().__init__(message)
        self.obstacle = obstacle


class DlsPbxAuthenticationError(DlsPbxError):
    """The PBX rejects the user or the key; only if that `is_certain` can its words mean nothing that passes."""

    def __init__(self, message: str = "", *, is_certain: bool = False) -> None:
        super().__init__(message)
        self.is_certain = is_certain


class DlsPbxPermissionError(DlsPbxError):
    """The key is right, but may not use this action."""


class DlsPbxDoubtedKeyError(DlsPbxPermissionError):
    """An action rejects the user or the key that others take; whether they may use it is not said."""


class DlsPbxRateLimitError(DlsPbxError):
    """The PBX asks to be left alone for `retry_after` seconds (None = it does not say how long)."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class DlsPbxResponseError(DlsPbxError):
    """Something answered, but not in the words of this API. The PBX may have done what was asked."""


class DlsPbxBareRefusalError(DlsPbxResponseError):
    """A refusal by HTTP status 400, 401 or 403, without a word of this API: whoever refuses need not be the PBX."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.is_bad_request = status == HTTPStatus.BAD_REQUEST


class DlsPbxRequestError(DlsPbxError):
    """The PBX understood and refused; the text is its own."""


class DlsPbxUnwritableError(DlsPbxRequestError):
    """What was asked cannot be written in the encoding that the PBX takes; nothing was sent."""
