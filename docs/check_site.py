"""Whether a built site stands by itself: nothing is loaded from elsewhere, and every link within it leads somewhere.

python docs/check_site.py target/site
"""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

#: Attributes from which browsers load by themselves.
LOADED = {
    ("audio", "src"), ("embed", "src"), ("iframe", "src"), ("img", "src"), ("img", "srcset"), ("input", "src"),
    ("link", "href"), ("object", "data"), ("script", "src"), ("source", "src"), ("source", "srcset"), ("video", "src"),
}  # fmt: skip
#: Links of these kinds name a page and load nothing.
NAMING = {"canonical", "next", "prev", "index", "search", "author", "license"}
ELSEWHERE = re.compile(r"(?:[a-z]+:)?//", re.IGNORECASE)
STYLE = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")


class Page(HTMLParser):
    """What a page loads, where it leads, and what in it can be led to."""

    def __init__(self, text):
        super().__init__()
        self.loaded, self.links, self.anchors = [], [], set()
        self.in_style = False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.in_style = tag == "style"
        for name, value in attributes:
            if name in ("id", "name") and value:
                self.anchors.add(value)
            if (tag, name) in LOADED and value and not NAMING & set((found.get("rel") or "").split()):
                self.loaded.append(value)
            if name == "style" and value:
                self.loaded += styles(value)
            # A page within a page, such as a report in a notebook.
            if name == "srcdoc" and value:
                self.loaded += Page(value).loaded
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])

    def handle_data(self, data):
        if self.in_style:
            self.loaded += styles(data)


def styles(text):
    return [one or other for one, other in STYLE.findall(text)]


def complaints(site):
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(site)
        for one in page.loaded:
            if ELSEWHERE.match(one):
                yield f"{name} loads {one}"
        for link in page.links:
            if re.match(r"[a-z]+:", link) or link == "#":
                continue
            target, _, anchor = unquote(link).partition("#")
            to = (path.parent / target).resolve() if target else path
            if not to.exists():
                yield f"{name} leads to {link}, which is not there"
            elif anchor and to in pages and anchor not in pages[to].anchors:
                yield f"{name} leads to {link}, where no such place is"
    for path in sorted(site.rglob("*.css")):
        for one in styles(path.read_text(encoding="utf-8")):
            if ELSEWHERE.match(one):
                yield f"{path.relative_to(site)} loads {one}"
    names = {}
    for path in sorted(site.rglob("*")):
        other = names.setdefault(str(path).lower(), path)
        if other != path:
            yield f"{path.relative_to(site)} and {other.name} are one file where cases are not told apart"
    if len(pages) < 40:
        yield f"there are only {len(pages)} pages"


def main():
    found = list(complaints(Path(sys.argv[1]).resolve()))
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
