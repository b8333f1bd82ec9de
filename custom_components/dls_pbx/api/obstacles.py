"""Obstacles on the way to the PBX: what the errors of OpenSSL and the operating system mean, in plain words."""

import ssl
from typing import Final

import aiohttp

from .exceptions import DlsPbxUnreachableError, Obstacle

_WORDS: Final = {
    Obstacle.CERTIFICATE_EXPIRED: "its certificate has expired",
    Obstacle.CERTIFICATE_OTHER_HOST: "its certificate is for another host",
    Obstacle.CERTIFICATE_SELF_SIGNED: "nobody vouches for its certificate",
    Obstacle.CERTIFICATE_INVALID: "its certificate is not valid",
    Obstacle.NO_TLS: "no TLS is spoken at this port",
    Obstacle.TLS_FAILED: "no common way of encrypting was found",
    Obstacle.UNKNOWN_HOST: "nobody knows its name",
    Obstacle.CONNECTION_REFUSED: "nothing listens at this port",
}
# X509_V_ERR_... of OpenSSL's x509_vfy.h, which Python has no names for.
_CERTIFICATES: Final = {
    10: Obstacle.CERTIFICATE_EXPIRED,
    18: Obstacle.CERTIFICATE_SELF_SIGNED,
    19: Obstacle.CERTIFICATE_SELF_SIGNED,  # a chain that ends at an authority of its own
    20: Obstacle.CERTIFICATE_SELF_SIGNED,  # an authority that is not known
    21: Obstacle.CERTIFICATE_SELF_SIGNED,
    62: Obstacle.CERTIFICATE_OTHER_HOST,
    64: Obstacle.CERTIFICATE_OTHER_HOST,  # the same, of an IP address
}
# What OpenSSL makes of an answer that is none of TLS, such as a web server's "400 Bad Request".
_NO_TLS: Final = frozenset({"HTTP_REQUEST", "RECORD_LAYER_FAILURE", "UNKNOWN_PROTOCOL", "WRONG_VERSION_NUMBER"})


def unreachable(err: aiohttp.ClientConnectorError) -> DlsPbxUnreachableError:
    """Return what is told of a connection that did not come about."""
    obstacle = _obstacle(err)
    words = _WORDS[obstacle] if obstacle else (err.strerror or type(err).__name__)
    return DlsPbxUnreachableError(f"The PBX cannot be reached: {words}", obstacle)


def _obstacle(err: aiohttp.ClientConnectorError) -> Obstacle | None:
    match err.os_error:
        case ssl.SSLCertVerificationError(verify_code=code):
            return _CERTIFICATES.get(code, Obstacle.CERTIFICATE_INVALID)
        case ssl.SSLError(reason=reason):
            return Obstacle.NO_TLS if reason in _NO_TLS else Obstacle.TLS_FAILED
        case ConnectionRefusedError():
            return Obstacle.CONNECTION_REFUSED
        case ConnectionResetError() | ConnectionAbortedError() if err.ssl:
            # A server that gives up the handshake may leave without a word.
            return Obstacle.TLS_FAILED
    return Obstacle.UNKNOWN_HOST if isinstance(err, aiohttp.ClientConnectorDNSError) else None
