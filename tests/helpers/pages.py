"""The project's pages, taken apart the way GitHub shows them: headings, links, sections and examples."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.helpers.paths import ROOT, translations

BLUEPRINTS = ROOT / "blueprints" / "automation"
TEXTS = translations("en")
PAGES = tuple(
    str(path.relative_to(ROOT))
    for path in (
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        *sorted((ROOT / "docs").rglob("*.md")),
    )
)

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_HTML_LINK = re.compile(r"""\b(?:href|src)=["']([^"']+)""")


def text(page: str) -> str:
    """Return what is in a page."""
    return (ROOT / page).read_text("utf-8")


def _tokens(page: str) -> list[Token]:
    return _MARKDOWN.parse(text(page))


def anchors(page: str) -> set[str]:
    """Return what a link into the page may end in, as GitHub makes it of the headings."""
    found: list[str] = []
    seen: Counter[str] = Counter()
    tokens = _tokens(page)
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            heading = "".join(child.content for child in inline.children or ())
            slug = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
            found.append(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
    return set(found)


def links(page: str) -> Iterator[str]:
    """Yield where the links of a page lead, and where its pictures are."""
    for token in _tokens(page):
        yield from _HTML_LINK.findall(token.content) if token.type == "html_block" else ()
        for child in token.children or ():
            if child.type == "html_inline":
                yield from _HTML_LINK.findall(child.content)
            elif child.type in ("link_open", "image"):
                yield str(child.attrGet("href") or child.attrGet("src"))


def section(page: str, name: str) -> str:
    """Return the one section of a page whose heading has a name in code in it, without what follows."""
    parts = re.split(r"^### ", text(page), flags=re.MULTILINE)
    (found,) = [part for part in parts if f"`{name}`" in part.partition("\n")[0]]
    return re.split(r"^## ", found, flags=re.MULTILINE)[0]


def examples(page: str) -> list[str]:
    """Return the YAML blocks of a page."""
    blocks = (token for token in _tokens(page) if token.type == "fence" and token.info == "yaml")
    return [block.content for block in blocks]
