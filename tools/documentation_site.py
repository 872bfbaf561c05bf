"""Builds the documentation as a site: `python tools/documentation_site.py FOLDER [VERSION]`, as `nox -s site` does.

The pages are those of `docs/`, README.md is the manual among them, and the start page is in `tools/site`. What they
link to outside of it leads to the repository. The playground stands among them. With VERSION the pages let people
choose another one, as `tools/site_versions.py` lays them out. Needs what `tools/playground.py` needs.
Ends with 1 where a link of the site leads nowhere, or a page loads something from another host.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import playground

TOP = Path(__file__).resolve().parent.parent
REPOSITORY = "https://github.com/devbox-lint/devbox-lint"
#: What the start page shows a finding of.
_SHOWN = ("--select=DBX204", "api-team")
#: Pages of the repository's top that the site has, too.
_MORE = {
    "README.md": "manual.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security.md",
    "CONTRIBUTING.md": "contributing.md",
}
_LINK = re.compile(r"(\]\()([^)\s#]+)((?:#[^)\s]*)?\))")
#: How absolute addresses of files in the repository begin.
_OF_REPOSITORY = re.compile(
    rf"(?:{re.escape(REPOSITORY)}/(?:blob|tree)|https://raw\.githubusercontent\.com/devbox-lint/devbox-lint)/main/"
)
_GROUPS = {
    "0": "Syntax", "1": "Structure", "2": "Tasks", "3": "References", "4": "Credentials", "5": "Asking Azure",
    "6": "Task definitions", "7": "Scripts", "8": "WinGet configurations", "9": "Hygiene",
}  # fmt: skip


def main(output: Path, version: str = "") -> int:
    """Build into ``output``, which is emptied before; 1 where there are complaints, which are printed, else 0."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        pages = project / "docs"
        shutil.copytree(TOP / "docs", pages)
        (pages / "README.md").unlink()
        playground.main(pages / "playground")
        for name, page in _MORE.items():
            shutil.copy(TOP / name, pages / page)
        for page_path in sorted(pages.rglob("*.md")):
            page_path.write_text(_rewritten(page_path, pages), "utf-8")
        _add_what_the_site_alone_has(pages)
        settings = _settings(pages)
        if version:
            settings["extra"] = {"version": {"provider": "mike"}}
        (project / "mkdocs.yml").write_text(json.dumps(settings, indent=2), "utf-8")
        subprocess.run(
            (sys.executable, "-m", "zensical", "build", "--config-file", "mkdocs.yml"), cwd=project, check=True
        )
        shutil.rmtree(output, ignore_errors=True)
        shutil.copytree(project / "site", output)
    complaints = sorted(set(_complaints(output)))
    for complaint in complaints:
        sys.stderr.write(f"{complaint}\n")
    pages_built = sum(1 for _ in output.rglob("*.html"))
    sys.stdout.write(f"{pages_built} pages in {output}, {len(complaints)} complaints\n")
    return int(complaints != [])


def _add_what_the_site_alone_has(pages: Path) -> None:
    """The start page, the filters of the rules, and links to the playground from the pages of rules."""
    (pages / "assets").mkdir()
    for name in ("rules.js", "site.css"):
        shutil.copy(TOP / "tools" / "site" / name, pages / "assets" / name)
    start = (TOP / "tools" / "site" / "start.md").read_text("utf-8")
    (pages / "index.md").write_text(start.replace("@FINDING@", _finding()), "utf-8")
    table = pages / "rules" / "README.md"
    groups = html.escape(json.dumps([[f"DBX{digit}", group] for digit, group in _GROUPS.items()]))
    # Without the list of its headings, of which there are none, there is more room for the table.
    table.write_text(
        f'---\nhide: [toc]\n---\n{table.read_text("utf-8")}\n<div data-rule-groups="{groups}"></div>\n', "utf-8"
    )
    for code in playground.rules_shown():
        (page,) = pages.glob(f"rules/{code.lower()}-*.md")
        text = page.read_text("utf-8")
        link = f"[Try it in the playground](../playground/index.html#rule={code})"
        page.write_text(text.replace("\n## Example\n", f"\n## Example\n\n{link}\n", 1), "utf-8")


def _finding() -> str:
    command = (sys.executable, "-m", "devbox_lint", "check", "--isolated", "--no-cache", "--no-color", *_SHOWN)
    done = subprocess.run(command, cwd=TOP / "examples" / "catalog", capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 1:
        raise SystemExit(f"no finding for the start page: {done.stdout}{done.stderr}")
    return done.stdout.split("\n\n")[0]


def _settings(pages: Path) -> dict[str, object]:
    rules: list[dict[str, object]] = [{"All rules": "rules/README.md"}]
    for digit, group in _GROUPS.items():
        rules.append({group: [f"rules/{path.name}" for path in sorted(pages.glob(f"rules/dbx{digit}*.md"))]})
    scheme = "(prefers-color-scheme: {})"
    return {
        "site_name": "devbox-lint",
        "site_description": "Linter, pre-commit hook and language server for Microsoft Dev Box customization files",
        "theme": {
            "name": "material",
            # Nothing is loaded from another host, fonts neither.
            "font": False,
            "features": ["navigation.indexes", "navigation.top", "content.code.copy", "search.highlight"],
            "palette": [
                {
                    "media": scheme.format("light"),
                    "scheme": "default",
                    "toggle": {"icon": "lucide/sun", "name": "Dark"},
                },
                {"media": scheme.format("dark"), "scheme": "slate", "toggle": {"icon": "lucide/moon", "name": "Light"}},
            ],
        },
        "plugins": ["search"],
        "extra_css": ["assets/site.css"],
        "extra_javascript": [{"path": "assets/rules.js", "type": "module"}],
        "markdown_extensions": ["tables", "toc", {"pymdownx.highlight": {}}, "pymdownx.superfences", "attr_list"],
        "nav": [
            {"Start": "index.md"},
            {"Playground": "playground/index.html"},
            {
                "Guide": [
                    {"Your first file": "first-file.md"},
                    {"Before each commit": "pre-commit.md"},
                    {"In a pipeline": "ci/README.md"},
                    {"Editors": "editors.md"},
                    {"Settings": "settings.md"},
                    {"Two hundred repositories": "roll-out.md"},
                    {"Asking Azure": "online.md"},
                    {"What Azure can say": "online-situations.md"},
                    {"Move to WinGet": "export.md"},
                    {"Beside other tools": "comparison.md"},
                    {"Manual": "manual.md"},
                ]
            },
            {"Rules": rules},
            {
                "Project": [
                    {"Changes": "changelog.md"},
                    {"Security": "security.md"},
                    {"Contributing": "contributing.md"},
                    {"Releasing": "releasing.md"},
                    # A `repo_url` would have each page ask GitHub for the repository's stars.
                    {"Repository": REPOSITORY},
                ]
            },
        ],
    }


def _rewritten(page: Path, pages: Path) -> str:
    """A page whose links to what the site does not have lead to the repository."""
    # Where the page is in the repository; those of its top stand beside the others.
    is_of_top = page.parent == pages and page.name in _MORE.values()
    here = TOP if is_of_top else TOP / "docs" / page.parent.relative_to(pages)
    up = "../" * (len(page.relative_to(pages).parts) - 1)

    def link(match: re.Match[str]) -> str:
        place = _place(match[2], here)
        if place is None:
            return match.group()
        inside = place.relative_to(TOP).as_posix()
        if inside == "docs/README.md":
            address = f"{up}index.md"
        elif inside == "lsp/playground":
            address = f"{up}playground/index.html"
        elif inside in _MORE:
            address = up + _MORE[inside]
        elif inside.startswith("docs/") and place.is_file():
            address = up + inside.removeprefix("docs/")
        else:
            address = f"{REPOSITORY}/{'tree' if place.is_dir() else 'blob'}/main/{inside}"
        return f"{match[1]}{address}{match[3]}"

    return _LINK.sub(link, page.read_text("utf-8"))


def _place(target: str, here: Path) -> Path | None:
    """What of this repository a link leads to, from the folder ``here``; None for nothing in it."""
    inside = _OF_REPOSITORY.match(target)
    if inside is None and urlsplit(target).scheme:
        return None
    place = (TOP / target[inside.end() :] if inside else here / target).resolve()
    return place if place.is_relative_to(TOP) and place.exists() else None


class _Page(HTMLParser):
    """What a page links to and loads, and the places that can be linked to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value is not None}
        if given.get("data-md-component") == "source":
            self.loads.append("https://api.github.com/")
        self.ids.update(value for name, value in given.items() if name in ("id", "name"))
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "link" and given.get("rel") not in ("canonical", "next", "prev") and "href" in given:
            self.loads.append(given["href"])
        elif "src" in given:
            self.loads.append(given["src"])


def _complaints(site: Path) -> Iterator[str]:
    site = site.resolve()
    read = {path: _Page(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}
    for path, page in read.items():
        where = path.relative_to(site)
        if path.name == "404.html":
            continue
        for address in page.loads:
            if urlsplit(address).netloc:
                yield f"{where}: loads {address}"
        for address in (*page.links, *page.loads):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            if not target.exists():
                yield f"{where}: {address} leads nowhere"
            elif "=" in parts.fragment:
                # Not a place, but something for the playground to show.
                continue
            elif parts.fragment and target in read and unquote(parts.fragment) not in read[target].ids:
                yield f"{where}: {address} names no place"


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
