"""Who is meant by the PBX's labels, in an office with difficult names."""

import pytest

from custom_components.dls_pbx.api import Directory
from custom_components.dls_pbx.api.models import User

PEOPLE = (
    ("tom", "630", "default", "Tom"),
    ("jerry", "69", "default", "Jerry"),
    ("anne", "631", "default", "Anne-Marie O'Neil-Smith"),
    ("zoe", "630", "north-side", "Zoë @ Home"),
    ("desk", "100", "default", "Tom"),
    ("nameless", "101", "default", ""),
    ("ann", "100", "default-Tom", "Ann"),
    ("other_tom", "100", "x", "630@default-Tom"),
    ("sales", "200", "sales@night", "Front - Desk"),
    ("lab", "7-1", "default", "Lab"),
    ("number", "8155550123", "default", "Direct line"),
)


@pytest.fixture
def directory() -> Directory:
    """Return the office's directory."""
    return Directory(
        User(auth_id=auth_id, extension=extension, tenant=tenant, name=name)
        for auth_id, extension, tenant, name in PEOPLE
    )


@pytest.mark.parametrize(
    ("auth_id", "label"),
    [
        (person[0], label)
        for person in PEOPLE
        for label in (
            f"{person[1]}@{person[2]}-{person[3]}",
            f"{person[1]}@{person[2]} - {person[3]}",
            person[0],
        )
    ],
)
def test_everybody_is_found_by_label_and_auth_id(directory: Directory, auth_id: str, label: str) -> None:
    """Else a call goes on at nobody's phone, or at somebody else's."""
    assert directory.auth_id(label) == auth_id
    assert directory.auth_id(f" {label.upper()} ") == auth_id


@pytest.mark.parametrize(("auth_id", "address"), [(person[0], f"{person[1]}@{person[2]}") for person in PEOPLE])
def test_everybody_is_found_by_address(directory: Directory, auth_id: str, address: str) -> None:
    """`100@default-Tom` is an address in one place and a name in another."""
    assert directory.auth_id_at(address) == auth_id


@pytest.mark.parametrize(
    ("label", "auth_id"),
    [
        ("69", "jerry"),
        ("630", None),  # two tenants have it
        ("985", None),
        ("630@default-Thomas", "tom"),  # the name has changed since
        ("630@default - Thomas", "tom"),
        ("630@default-", "tom"),
        ("630@north-side-Zoë", "zoe"),
        ("100@default-Tom-Anna", "ann"),  # the longest address that fits
        ("100@default-Tom", "desk"),
        ("100@default-Reception", "desk"),
        ("101@default", "nameless"),
        ("630@north", None),
        ("630@defaultTom", None),
        ("Queue:support", None),
        ("Conference:2000", None),
        ("+18475550199", None),
        ("8155550123", "number"),
        ("-", None),
        ("", None),
        (None, None),
    ],
)
def test_a_label_names_one_user_or_nobody(directory: Directory, label: str | None, auth_id: str | None) -> None:
    """A guess would show somebody on the phone who is not."""
    assert directory.auth_id(label) == auth_id


def test_a_label_that_fits_two_users_names_neither() -> None:
    """Names and tenants may hold hyphens: these two look alike."""
    directory = Directory(
        User(auth_id=auth_id, extension="100", tenant=tenant, name=name)
        for auth_id, tenant, name in (("one", "a-b", "c"), ("two", "a", "b-c"))
    )
    assert directory.auth_id("100@a-b-c") is None
    assert directory.auth_id("100@a-b - c") == "one"
    assert directory.auth_id_at("100@a") == "two"
    assert directory.auth_id_at(None) is None


def test_an_empty_directory_knows_nobody() -> None:
    """Calls may be read before the users are."""
    assert Directory().auth_id("630@default-Tom") is None
