"""Every link within the project leads somewhere, and every picture is there."""

from urllib.parse import unquote, urlsplit

import pytest

from tests.helpers.pages import PAGES, ROOT, anchors, links

OURS = "https://github.com/dls-pbx/home-assistant-dls-pbx/blob/main/"


def _broken(page: str, link: str) -> bool:
    if link.startswith(OURS):
        return not (ROOT / link.removeprefix(OURS)).is_file()
    parts = urlsplit(link)
    if parts.scheme:
        return False
    path = (ROOT / page).parent / unquote(parts.path) if parts.path else ROOT / page
    if not path.exists() or not path.resolve().is_relative_to(ROOT):
        return True
    target = str(path.resolve().relative_to(ROOT))
    return bool(parts.fragment) and (target not in PAGES or parts.fragment not in anchors(target))


@pytest.mark.parametrize("page", PAGES)
def test_every_link_within_the_project_leads_somewhere(page: str) -> None:
    """Who clicks on a link that leads nowhere gives up reading."""
    assert [link for link in links(page) if _broken(page, link)] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    """A page that no other page links to is found by nobody."""
    reached, left = {"README.md"}, ["README.md"]
    while left:
        page = left.pop()
        for link in links(page):
            parts = urlsplit(link)
            target = str(((ROOT / page).parent / parts.path).resolve().relative_to(ROOT)) if not parts.scheme else ""
            if target in PAGES and target not in reached:
                reached.add(target)
                left.append(target)
    assert set(PAGES) - reached == set()


def test_every_picture_is_shown_somewhere() -> None:
    """A picture that no page shows is renewed with every change of the dashboard, for nobody."""
    shown = {link.rpartition("/")[2] for page in PAGES for link in links(page)}
    kept = {path.name for path in (ROOT / "docs" / "images").glob("*.png")}
    assert kept - shown == set()
