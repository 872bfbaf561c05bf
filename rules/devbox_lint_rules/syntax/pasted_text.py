"""DBX014: marks of another place that were pasted along with the text."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.scripts import scripts_in
from devbox_lint.diagnostics import Edit, Finding, Fix, Related, Severity, Span
from devbox_lint.powershell import RegionKind, find_regions, region_at
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint.yaml.document import Problem, ProblemKind
from devbox_lint.yaml.nodes import PLAIN, Entry, Scalar
from devbox_lint.yaml.pasted import COMMAS, ESCAPES, MARKDOWN_ESCAPE, QUOTES, markdown_escapes, string_repair

_STRING = lazy(r"(?:\$@?|@\$|[rRfFbu]{1,2})\"([^\"]*)\"")
_AT_LINE_END = lazy(r",[ \t]*(?:[\r\n]|\Z)")
_COMMA = lazy(r"[^\s,]+(?:,[^\s,]+)*,")
# Before a quote in other languages, as `_STRING` has it, in lower case.
_PREFIXES = ("$", "$@", "@$", *"rfbu", *(first + second for first in "rfbu" for second in "rfbu"))
_SIGNS = (
    "\\",
    ",",
    "&",
    "```",
    "~~~",
    "<http",
    *(f"{quote}{end}" for quote in "\"'" for end in " \t\r\n"),
    *(f'{blank}{prefix}"' for blank in " \t\n" for prefix in _PREFIXES),
)
# A quote that closes what none opens; after a digit it may be a sign for inches.
_STRAY = lazy(r"(?![“”„‘’‚«‹])[^\s\"']*[^\s\"'\d][\"']")
_STRAY_IN_TEXT = lazy(r"(?![“”„‘’‚«‹])[^\"'\n]*[^\s\"'\d]\"")
_STRAY_LINE = lazy(r"(?m)^[^\"'\n]*[^\s\"'\d][\"'][ \t]*\r?$")
_AUTOLINK = lazy(r"<https?://[^\s<>]+>")
_FENCE_LINE = lazy(r"(?m)^[ \t]*((?:```+|~~~+)[\w.+-]{0,30})[ \t]*\r?$")
_ENTITY = lazy(r"&(?:amp|quot|apos|lt|gt|nbsp|#3[49]);")
#: Of these values no backslash is a part.
_NAMES = frozenset(
    ("$schema", "name", "task", "description", "displayName", "author", "image", "package", "version", "repositoryUrl",
     "branch", "marketplaceItemName", "downloadUrl", "documentationURL", "licenseURL")
)  # fmt: skip
_MEANT = {"amp": "&", "quot": '"', "#34": '"', "apos": "'", "#39": "'", "lt": "<", "gt": ">", "nbsp": " "}
_PROSE = frozenset(("description", "displayName", "notes", "author", "validationRegex"))
_TEXTS = frozenset(("description", "displayName", "command", "script", "scriptArgs", "notes", "allowed", "keywords"))


class PastedText(Rule):
    r"""
    Marks of another place stand in the file: a Markdown code fence, a backslash before `-` or `(`, a `+` or `>`
    before each line, a comma at the end of a line as in JSON, a `$` or `@` before quotes as in C#, `&amp;` as in HTML,
    or a quote that closes what none opens.

    Why: YAML cannot read most of them, and takes the others for a part of the value: `package: Git.Git,` asks for a
    package whose name ends in a comma.

    Fix: Remove them. What stands outside a code fence is removed with it only when asked for.

    Unsafe because: Some of what is removed may have been meant as text: in a description a mark of Markdown or of a
    diff can stand for itself.
    """

    code = "DBX014"
    name = "pasted-text"
    severity = Severity.ERROR
    misread = True
    needs = _SIGNS
    references = ("https://yaml.org/spec/1.2.2/#chapter-7-flow-style-productions",)
    see = ("DBX001", "DBX008")
    bad = (
        Example(
            IMAGE,
            "«```yaml»\nname: web\nimage: gallery/web@1.0.0\n```\n",
            "name: web\nimage: gallery/web@1.0.0\n",
        ),
        Example(
            IMAGE,
            'name: web\ndescription: "full«\\»-stack \\(preview\\)"\nimage: gallery/web@1.0.0\n',
            'name: web\ndescription: "full-stack (preview)"\nimage: gallery/web@1.0.0\n',
        ),
        Example(
            USER,
            "«+»name: mine\n+userTasks:\n+  - name: ~/winget\n+    parameters:\n+      package: Git.Git\n",
            "name: mine\nuserTasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n",
        ),
        Example(
            USER,
            "name: mine\nuserTasks:\n  - name: ~/winget\n    parameters:\n"
            '      "package": "Git.Git"«,»\n      "version": 2,\n',
            "name: mine\nuserTasks:\n  - name: ~/winget\n    parameters:\n"
            '      "package": "Git.Git"\n      "version": 2\n',
        ),
        Example(
            USER,
            "name: mine\nuserTasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git«,»\n",
            "name: mine\nuserTasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n",
        ),
        Example(
            USER,
            "name: mine\ntasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://github.com/contoso/web\n"
            '      directory: «$"C:\\src"»\n',
            "name: mine\ntasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://github.com/contoso/web\n      directory: 'C:\\src'\n",
        ),
        Example(
            USER,
            "name: mine\nuserTasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://github.com/contoso/web«'»\n      directory: C:\\src'\n",
            "name: mine\nuserTasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://github.com/contoso/web\n      directory: C:\\src\n",
        ),
        Example(
            USER,
            "name: mine\nuserTasks:\n  - name: ~/winget\n    parameters:\n"
            "      downloadUrl: https://contoso.com/tools?a=1«&amp;»b=2\n",
            "name: mine\nuserTasks:\n  - name: ~/winget\n    parameters:\n"
            "      downloadUrl: https://contoso.com/tools?a=1&b=2\n",
        ),
        Example(
            TASK,
            "Here it is:\n\n«```yaml»\nname: build\ncommand: make\n```\nTell me how it goes.\n",
            "name: build\ncommand: make\n",
        ),
        Example(
            USER,
            "name: mine\nuserTasks:\n  - name: «**~/gitclone**»\n    displayName: **Clone the site**\n"
            "    parameters:\n      repositoryUrl: «<https://github.com/contoso/web>»\n",
            "name: mine\nuserTasks:\n  - name: ~/gitclone\n    displayName: Clone the site\n    parameters:\n"
            "      repositoryUrl: https://github.com/contoso/web\n",
            shown=False,
        ),
        Example(
            USER,
            "name: mine\nuserTasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: «[the site](https://github.com/contoso/web)»\n",
            "name: mine\nuserTasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://github.com/contoso/web\n",
            shown=False,
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n        «```powershell»\n"
            "        choco install git -y\n        ```\n",
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n        choco install git -y\n",
        ),
    )
    good = (
        Example(
            TASK,
            "name: build\ndescription: a, b,\ncommand: |\n  @'\n  ```yaml\n  a: b,\n  ```\n"
            "  '@ | Out-File C:\\_a\\-b.md\n"
            "  if ($x -match '\\.') { exit 1 }\n",
        ),
        Example(
            TASK,
            "name: build\ndescription: for a screen of 27\" or the users'\ncommand: |\n"
            '  \'<a href="?a=1&amp;b=2"/>\' | Set-Content C:\\a.html\n  $x = "&lt;" # &gt;\n',
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
            "      directory: C:\\_src\\.web\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        problems = [problem for problem in context.document.problems if problem.kind is ProblemKind.PASTED]
        text = context.source.text
        if (
            not problems
            and not any(mark in text for mark in ("\\", '"', "&", "```", "~~~", "<http"))
            and not _AT_LINE_END.search(text)
            and not ("'" in text and _STRAY_LINE.search(text))
        ):
            return
        found: dict[str | None, list[Problem]] = {}
        for problem in (*problems, *_swallowed(context), *_entities(context), *_fences(context)):
            found.setdefault(problem.repair, []).append(problem)
        for same in found.values():
            yield _finding(same)


def _finding(problems: list[Problem]) -> Finding:
    """One finding for marks of one kind; the fix takes all of them."""
    problems.sort(key=lambda problem: problem.span)
    first = problems[0]
    places = [place for problem in problems for place in (problem.span, *(item.span for item in problem.related))]
    count = f" ({len(places) - 1} more in this file)" if len(places) > 1 else ""
    edits = tuple(edit for problem in problems for edit in problem.edits)
    safe = all(problem.certain for problem in problems)
    return Finding(
        first.span,
        first.message + count,
        fix=Fix(first.repair or "", edits, safe),
        related=tuple(Related(place, "here too") for place in places[1:]),
        covers=tuple(places[1:]),
    )


def _swallowed(context: Context) -> Iterator[Problem]:
    """What YAML takes for a part of a value."""
    text = context.source.text
    for mapping in context.document.mappings:
        for entry in mapping.entries:
            value = entry.value
            if not isinstance(value, Scalar) or value.style in ("|", ">"):
                continue
            raw = text[value.start : value.end]
            if "\\" in raw and MARKDOWN_ESCAPE.search(raw):
                yield from _escapes(entry, raw, value)
            if value.style == PLAIN and not mapping.flow:
                yield from _plain(entry, value, raw)


def _escapes(entry: Entry, raw: str, value: Scalar) -> Iterator[Problem]:
    spans = markdown_escapes(entry.name, raw, value.start)
    if spans and entry.name in _NAMES:
        yield Problem(
            ProblemKind.PASTED,
            spans[0],
            "a backslash before a mark, as in Markdown: remove it",
            repair=ESCAPES,
            edits=tuple(Edit(span, "") for span in spans),
            certain=True,
            related=tuple(Related(span, "here too") for span in spans[1:]),
        )


def _plain(entry: Entry, value: Scalar, raw: str) -> Iterator[Problem]:
    string = _STRING.fullmatch(raw)
    if string is not None and entry.name not in _TEXTS:
        repair = string_repair(value.span, string[1])
        if repair.problem is not None:
            yield repair.problem._replace(edits=repair.edits)
    elif _AUTOLINK.fullmatch(raw) and entry.name not in _TEXTS and ".vault." not in raw:
        edits = (Edit(Span(value.start, value.start + 1), ""), Edit(Span(value.end - 1, value.end), ""))
        message = "angle brackets around an address, as in Markdown: remove them"
        yield Problem(
            ProblemKind.PASTED, value.span, message, repair="remove the angle brackets", edits=edits, certain=True
        )
    elif raw.endswith(",") and entry.name not in _TEXTS and _COMMA.fullmatch(raw):
        place = Span(value.end - 1, value.end)
        message = "a comma at the end of the line, as in JSON: remove it"
        yield Problem(ProblemKind.PASTED, place, message, repair=COMMAS, edits=(Edit(place, ""),), certain=True)
    elif _STRAY.fullmatch(raw) if entry.name not in _TEXTS else _is_name_with_quote(entry, raw):
        place = Span(value.end - 1, value.end)
        message = f"nothing opens this `{raw[-1]}`, and it becomes a part of the value: remove it"
        yield Problem(ProblemKind.PASTED, place, message, repair=QUOTES, edits=(Edit(place, ""),), certain=True)


def _is_name_with_quote(entry: Entry, raw: str) -> bool:
    return entry.name == "displayName" and _STRAY_IN_TEXT.fullmatch(raw) is not None


def _fences(context: Context) -> Iterator[Problem]:
    """Code fences among the lines of a script, where no backtick starts a line of nothing else."""
    source = context.source
    if "```" not in source.text and "~~~" not in source.text:
        return
    for script in scripts_in(context.customization):
        for match in _FENCE_LINE.finditer(script.text):
            if region_at(script.text, match.start(1)).kind is not RegionKind.CODE:
                continue
            place = script.span(*match.span(1))
            line = source.position(place.start).line
            whole = Span(source.line_starts[line], [*source.line_starts, len(source.text)][line + 1])
            is_alone = source.text[whole.start : whole.end].strip() == match[1]
            yield Problem(
                ProblemKind.PASTED,
                place,
                "a Markdown code fence stands in the script: remove its lines",
                repair="remove the lines of the code fence",
                edits=(Edit(whole, ""),) if is_alone else (),
                certain=is_alone,
            )


def _entities(context: Context) -> Iterator[Problem]:
    """What HTML writes for a character, where it means nothing: in a value, and in the code of a script."""
    text = context.source.text
    if "&" not in text or not _ENTITY.search(text):
        return
    scripts = {id(script.scalar): script for script in scripts_in(context.customization)}
    for mapping in context.document.mappings:
        for entry in mapping.entries:
            value = entry.value
            if not isinstance(value, Scalar) or "&" not in value.value or entry.name in _PROSE or "</" in value.value:
                continue
            script = scripts.get(id(value))
            code = [Span(0, len(value.value))]
            if script is not None:
                regions = find_regions(script.text)
                code = [Span(region.start, region.end) for region in regions if region.kind is RegionKind.CODE]
            for match in _ENTITY.finditer(value.value):
                if not any(span.start <= match.start() < span.end for span in code):
                    continue
                span = value.span_of(*match.span())
                meant = _MEANT[match.group()[1:-1]]
                edits = (Edit(span, meant),) if meant not in ("'", '"') or value.style not in ("'", '"') else ()
                message = f"`{match.group()}` stands for `{meant}` in HTML, and for itself here: write `{meant}`"
                yield Problem(
                    ProblemKind.PASTED, span, message, repair="write the characters", edits=edits, certain=bool(edits)
                )
