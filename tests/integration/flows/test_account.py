"""What becomes of an address that somebody typed or pasted."""

import pytest

from custom_components.dls_pbx.flows.account import UrlError, account, origin, title


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("pbx.example.com", "https://pbx.example.com"),
        ("  PBX.Example.COM/ \n", "https://pbx.example.com"),
        ("HTTPS://PBX.Example.COM", "https://pbx.example.com"),
        ("pbx.example.com.", "https://pbx.example.com"),
        ("//pbx.example.com/portal", "https://pbx.example.com"),
        ("pbx.example.com:8443", "https://pbx.example.com:8443"),
        ("https://pbx.example.com:443/", "https://pbx.example.com"),
        ("pbx", "https://pbx"),
        ("https://pbx.münchen.example", "https://pbx.xn--mnchen-3ya.example"),
        ("https://demo.pbx.dls.net/api/v1/status.php?api_action=users&api_format=json", "https://demo.pbx.dls.net"),
        ("demo.pbx.dls.net/api/v1/sms.php?next=http://elsewhere.example/#top", "https://demo.pbx.dls.net"),
        ("203.0.113.7:8443/api", "https://203.0.113.7:8443"),
        ("2001:DB8:0:0::1", "https://[2001:db8::1]"),
        ("[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ("http://127.0.0.1:8080/api/v1/", "http://127.0.0.1:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://10.0.0.5", "http://10.0.0.5"),
        ("http://172.16.3.4:80", "http://172.16.3.4"),
        ("http://192.168.1.20:443", "http://192.168.1.20:443"),
        ("http://[fd00::20]", "http://[fd00::20]"),
        ("http://[fe80::20]", "http://[fe80::20]"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://Pbx.Localhost", "http://pbx.localhost"),
        ("localhost:8080", "https://localhost:8080"),
    ],
)
def test_an_address_as_people_paste_it_becomes_an_origin(typed: str, expected: str) -> None:
    """Else an office manager has to know what an origin is."""
    assert origin(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "https://",
        "https:///api/v1",
        "our phone system",
        "https://our pbx.example.com",
        "ftp://pbx.example.com",
        "file:///etc/passwd",
        "mailto:office@example.com",
        "630@pbx.example.com",
        "https://630:secret@pbx.example.com",
        "https://:secret@pbx.example.com",
        "http://user@127.0.0.1",
        "https://pbx.example.com:0",
        "https://pbx.example.com:65536",
        "https://pbx.example.com:https",
        "https://1.2.3",
        "https://1.2.3.400",
        "https://[::1",
        "https://[nonsense]",
        "2001:db8::1:zz",
        "https://-pbx.example.com",
        "https://pbx..example.com",
        "https://.",
        "https://pbx_1.example.com",
        "https://pbx\\example.com",
        "https://\N{ZERO WIDTH SPACE}pbx.example.com",
        f"https://{'x' * 64}.example.com",
        f"https://{'xx.' * 100}example.com",
    ],
)
def test_nonsense_is_told_from_an_address(typed: str) -> None:
    """Else the user is told that the PBX is down, or a password in the address ends up in the entry."""
    with pytest.raises(UrlError, match=r"^invalid_url$"):
        origin(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "http://pbx.example.com",
        "HTTP://203.0.113.7",
        "http://[2001:db8::1]",
        "http://pbx.local",
        "http://localhost.example.com",
        "http://notlocalhost",
        "http://0.0.0.0",
        "http://172.32.0.1",
        "http://127.0.0.1.example.com",
        "http://0x7f.0.0.1",
    ],
)
def test_plain_http_goes_nowhere_but_to_private_addresses(typed: str) -> None:
    """Else the key crosses the internet in clear text."""
    with pytest.raises(UrlError, match=r"^insecure_url$"):
        origin(typed)


@pytest.mark.parametrize(
    ("url", "username"),
    [
        ("https://pbx.example.com", "630@SALES"),
        ("https://pbx.example.com:443", "630@sales"),
        ("http://pbx.example.com:443", "630@sales"),
    ],
)
def test_one_account_has_one_name(url: str, username: str) -> None:
    """Else the same account can be set up twice, and everything is polled and sent twice."""
    assert account(url, username) == account("https://pbx.example.com", "630@sales")


@pytest.mark.parametrize(
    ("url", "username"),
    [
        ("https://pbx.example.com", "631@sales"),
        ("https://pbx.example.com:8443", "630@sales"),
        ("https://other.example.com", "630@sales"),
    ],
)
def test_two_accounts_have_two_names(url: str, username: str) -> None:
    """Else a second tenant on the same PBX is refused as already set up."""
    assert account(url, username) != account("https://pbx.example.com", "630@sales")


@pytest.mark.parametrize(
    ("url", "taken", "name"),
    [
        ("https://pbx.example.com", (), "pbx.example.com"),
        ("https://pbx.example.com/tenants/acme", (), "pbx.example.com"),
        ("http://localhost:8188", (), "localhost"),
        ("https://192.168.1.10", (), "DLS Hosted PBX"),
        ("https://[fd00::10]:8443", (), "DLS Hosted PBX"),
        ("https://pbx.example.com", ("pbx.example.com",), "pbx.example.com (100@acme)"),
        ("https://192.168.1.10", ("DLS Hosted PBX",), "DLS Hosted PBX (100@acme)"),
        (
            "https://192.168.1.10",
            ("DLS Hosted PBX", "DLS Hosted PBX (100@acme)"),
            "DLS Hosted PBX (100@acme, 192.168.1.10:443)",
        ),
    ],
)
def test_an_account_is_called_by_a_name_that_says_which_it_is(url: str, taken: tuple[str, ...], name: str) -> None:
    """All entity IDs would begin with 192_168_1_10, and two PBXs could not be told apart."""
    assert title(url, "100@acme", taken) == name
