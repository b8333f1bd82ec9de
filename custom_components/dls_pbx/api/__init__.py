"""Client of the DLS Hosted PBX Admin API. It knows nothing of Home Assistant."""

from .client import DlsPbxClient
from .directory import Directory
from .exceptions import (
    DlsPbxAuthenticationError,
    DlsPbxConnectionError,
    DlsPbxError,
    DlsPbxPermissionError,
    DlsPbxRateLimitError,
    DlsPbxRequestError,
    DlsPbxResponseError,
    DlsPbxTimeoutError,
    DlsPbxUnreachableError,
)

__all__ = [
    "Directory",
    "DlsPbxAuthenticationError",
    "DlsPbxClient",
    "DlsPbxConnectionError",
    "DlsPbxError",
    "DlsPbxPermissionError",
    "DlsPbxRateLimitError",
    "DlsPbxRequestError",
    "DlsPbxResponseError",
    "DlsPbxTimeoutError",
    "DlsPbxUnreachableError",
]
