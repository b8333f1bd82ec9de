"""Client of the DLS Hosted PBX Admin API. It knows nothing of Home Assistant."""

from .client import DlsPbxClient
from .connections import HttpConnections
from .directory import Directory
from .exceptions import (
    DlsPbxAuthenticationError,
    DlsPbxBareRefusalError,
    DlsPbxConnectionError,
    DlsPbxDoubtedKeyError,
    DlsPbxError,
    DlsPbxPermissionError,
    DlsPbxRateLimitError,
    DlsPbxRequestError,
    DlsPbxResponseError,
    DlsPbxTimeoutError,
    DlsPbxUnreachableError,
    Obstacle,
)

__all__ = [
    "Directory",
    "DlsPbxAuthenticationError",
    "DlsPbxBareRefusalError",
    "DlsPbxClient",
    "DlsPbxConnectionError",
    "DlsPbxDoubtedKeyError",
    "DlsPbxError",
    "DlsPbxPermissionError",
    "DlsPbxRateLimitError",
    "DlsPbxRequestError",
    "DlsPbxResponseError",
    "DlsPbxTimeoutError",
    "DlsPbxUnreachableError",
    "HttpConnections",
    "Obstacle",
]
