"""Refusals and what the PBX means by them: there are no error codes, only words, and perhaps an HTTP status."""

import re

from .exceptions import DlsPbxAuthenticationError, DlsPbxError, DlsPbxPermissionError, DlsPbxRequestError

_LOGIN = r"\b(api[ _-]?key|api[ _-]?user|user ?name|credentials?|password|log-?in)\b"
_WRONG = r"\b(invalid|incorrect|wrong|bad|unknown|missing|expired|revoked|rejected|mismatch(ed)?)\b"
_NOT_RIGHT = r"\b(failed|required|not (valid|recogni[sz]ed|found|match)|does( not|n't) (exist|match))\b"
# "Unmistakable" is meant: after a wrong guess nothing is asked any more, with a key that is right.
_CREDENTIALS = re.compile(
    rf"{_WRONG}.{{0,30}}{_LOGIN}|{_LOGIN}.{{0,30}}({_WRONG}|{_NOT_RIGHT})"
    rf"|^\W*{_WRONG} (user (or|and) )?key\W*$|^\W*(un|not )authori[sz]ed\W*$"
    r"|\bauthentication\b.{0,20}\b(fail\w*|required|error|denied)\b|\bnot authenticated\b"
    r"|^\W*(invalid|unknown|no such|inactive|disabled) user\W*$"
    r"|^\W*user (is )?(not found|unknown|disabled|inactive)\W*$"
    r"|\baccount (is |has been )?(locked|disabled|suspended|expired)\b"
    r"|\b(failed|unable) to authenticate\b|\binvalid auth(entication|orization|\W*$)",
    re.IGNORECASE,
)
_PERMISSION = re.compile(
    r"\bpermi(ssion|tted)\w*|\bprivilege\w*|\bnot (allowed|authori[sz]ed)\b|\bunauthori[sz]ed (to|for)\b"
    r"|\bnot have (access|the rights?)\b|\b(method|action|api|feature|module)\b.{0,30}\bnot (enabled|available)\b",
    re.IGNORECASE,
)
_RIGHT_TO = re.compile(r"\b(method|action|api|feature|module|privileges?)\b", re.IGNORECASE)
# What a PBX names that could not find out whose key it is, or that lets nobody in for a while.
_PASSING = re.compile(
    r"\b(back-?end|data ?base|sql\w*|ldap|radius|redis|memcached?|connect\w*|tim(ed|e)[ -]?out|gone away|temporar\w*"
    r"|un(available|reachable)|(try|retry) (again )?(later|in)|too many)\b",
    re.IGNORECASE,
)
# Not so the database's "Access denied for user", which is the PBX's own trouble.
_DENIED = re.compile(r"\bforbidden\b|\baccess (is )?denied\b(?! for user)", re.IGNORECASE)


# What a PBX says that has not seen a field of ours, or has seen it under two names.
_UNSEEN = re.compile(
    r"\b(missing|required|unknown|unexpected|duplicate|no|empty)\b.{0,30}\b(field|parameter|column|option|filter|argument)"
    r"|\b(field|parameter|column|option|filter|argument)s?\b.{0,40}\b(missing|required|must be (provided|specified))\b",
    re.IGNORECASE,
)


def unseen(words: str) -> bool:
    """Tell whether a refusal may mean that the PBX has not seen an array under the names that we gave it."""
    return _UNSEEN.search(words) is not None


def names_right(words: str) -> bool:
    """Tell whether it is a right of this user's that is missing; "access denied" may be said to a stranger as well."""
    return _PERMISSION.search(words) is not None and _RIGHT_TO.search(words) is not None


def refusal(status: int, words: str) -> DlsPbxError:
    """Sort a refusal; words that are clear win over the HTTP status, which PHP programs set as they like."""
    kind = _kind(status, words)
    if kind is DlsPbxAuthenticationError:
        is_certain = _CREDENTIALS.search(words) is not None and _PASSING.search(words) is None
        return DlsPbxAuthenticationError(words, is_certain=is_certain)
    return kind(words)


def _kind(status: int, words: str) -> type[DlsPbxError]:
    if _CREDENTIALS.search(words):
        return DlsPbxAuthenticationError
    if _PERMISSION.search(words):
        return DlsPbxPermissionError
    if status == 401:  # noqa: PLR2004 - HTTP's own number
        return DlsPbxAuthenticationError
    if _DENIED.search(words):
        return DlsPbxPermissionError
    return DlsPbxAuthenticationError if status == 403 else DlsPbxRequestError  # noqa: PLR2004 - HTTP's own number
