"""Runs rules on one file: text in, diagnostics out. Knows no rule by name, reads no file."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from devbox_lint.credentials.masking import mask_of_document, traceback_of
from devbox_lint.customization.catalog import STANDARD, Catalog
from devbox_lint.customization.kinds import Kind, classify
from devbox_lint.customization.model import Customization
from devbox_lint.diagnostics import DOCUMENTATION, MARKER, Diagnostic, Finding, Severity, Span
from devbox_lint.results import FileResult
from devbox_lint.rule import AnyRule, Context, Rule
from devbox_lint.source import MAXIMUM_LENGTH, SourceFile
from devbox_lint.startup import lazy
from devbox_lint.yaml.document import Document
from devbox_lint.yaml.parse import parse, script_document

INTERNAL_ERROR = "DBX000"
#: What a file goes without that carries no configuration in base64.
_INLINE = "inlineConfigurationBase64"
#: What in double quotes may stand for a character of a word, or for nothing.
_ESCAPE = lazy(r"\\[xuU/\r\n]")
_BLANK = lazy(r"\s")
#: The groups of rules that have a say where text is misread.
_EVERYWHERE = frozenset(("syntax", "credentials"))


def parse_as(source: SourceFile, kind: Kind | None, pure: bool = False) -> Document:
    """Parse ``source`` as the kind that it was said to be of: a script is one, whatever its name ends in."""
    return script_document(source) if kind is Kind.SCRIPT else parse(source, pure)


def check(
    source: SourceFile,
    rules: Iterable[AnyRule],
    kind: Kind | None = None,
    pure: bool = False,
    catalog: Catalog = STANDARD,
    today: str | None = None,
    document: Document | None = None,
    heed_comments: bool = True,
    require_reason: bool = False,
    causes_only: bool = True,
) -> FileResult:
    """Run those of ``rules`` that are for the kind of ``source`` on it.

    ``kind`` None lets name and content decide, ``pure`` avoids the C parser.

    ``catalog`` knows the tasks of the run; ``today``, a date as ISO 8601 writes it, says what is out of date, and
    without it nothing is; ``document`` is what ``source`` was parsed to, where that is known. Without
    ``heed_comments`` no comment suppresses anything, and with ``require_reason`` none that gives no reason.
    Not ``causes_only`` leaves in what the finding of another rule would silence.

    Diagnostics are sorted by place, then code. Those of a rule that yields to another are left out where that one's
    finding covers their place, be it suppressed or not; then suppressed ones are. Never raises because of what the
    file holds.
    """
    if document is None or (kind is Kind.SCRIPT and not document.is_script):
        document = parse_as(source, kind, pure)
    kind = kind or kind_of(document, catalog)
    if kind is None:
        return FileResult(source, None)
    if len(source.text) > MAXIMUM_LENGTH:
        # Nothing of it was parsed, and what rules would read in it or a report quote from it costs more than it tells.
        source = SourceFile(source.path, "", source.encoding, source.bom)
        document = Document(source, None, document.problems, is_script=document.is_script)
    context = Context(Customization(document, kind), catalog=catalog, today=today)
    crashes: list[str] = []
    rules = tuple(rules)
    plan = _plan_of(rules, kind)
    ran = plan.entries
    diagnostics = _run(plan.needed(document), context, crashes, causes_only=causes_only)
    if _INLINE in source.text and kind is not Kind.CONFIGURATION:
        ran += _plan_of(rules, Kind.CONFIGURATION).entries
        diagnostics.extend(_of_inline_configurations(context, rules, pure, crashes))
    suppressed: list[Diagnostic] = []
    if MARKER in source.text:
        # Imported here: most files suppress nothing.
        from devbox_lint.suppressions import find_suppressions

        suppressions = find_suppressions(document, today, require_reason)
        for item in suppressions.items:
            if item.until is not None and item.until.is_day:
                context.is_past(item.until.day)
        found, diagnostics = diagnostics, []
        for one in found:
            (suppressed if suppressions.suppress(one, source) else diagnostics).append(one)
        names = frozenset(name for rule in ran + plan.about_suppressions for name in (rule.code, rule.name))
        context = context._replace(suppressions=suppressions, ran=names, suppressed=tuple(suppressed))
        judged: list[Diagnostic] = []
        for one in _run((rule.load() for rule in plan.about_suppressions), context, crashes, causes_only=False):
            (suppressed if suppressions.suppress(one, source) else judged).append(one)
        # What suppresses a judgement is of use.
        diagnostics.extend(one for one in judged if not suppressions.is_used(one.span))
        if not heed_comments:
            diagnostics.extend(suppressed)
            suppressed = []
    diagnostics.sort(key=lambda item: item.order)
    mask = mask_of_document(document) if diagnostics or suppressed else None
    return FileResult(source, kind, tuple(diagnostics), tuple(crashes), mask, tuple(suppressed))


def _of_inline_configurations(
    context: Context, rules: Iterable[AnyRule], pure: bool, crashes: list[str]
) -> Iterator[Diagnostic]:
    """What the rules say of the configurations that a file carries in base64, at the characters that hold it.

    Secrets in base64 are found in the file itself, and what is but information would be hard to follow there.
    """
    # Imported here: few files carry one.
    from devbox_lint.configuration.inline import inline_configurations

    rules = tuple(rule for rule in rules if rule.group != "credentials")
    for value, decoded in inline_configurations(context.customization):
        inner = SourceFile("inline.winget", decoded.text)
        result = check(inner, rules, Kind.CONFIGURATION, pure, today=context.today)
        crashes.extend(result.crashes)
        for item in result.diagnostics:
            if item.severity is Severity.INFO or result.mask is None:
                continue
            end = max(item.span.end, min(item.span.start + 1, len(decoded.text)))
            start = min(item.span.start, end - 1)
            message = f"in the decoded configuration, line {inner.position(start).line + 1}: {item.message}"
            yield item._replace(
                span=value.span_of(*decoded.span(start, end)),
                message=result.mask.conceal(message),
                help=result.mask.conceal(item.help) if item.help is not None else None,
                fix=None,
                related=(),
                together=None,
            )


def kind_of(document: Document, catalog: Catalog) -> Kind | None:
    """What a file is, None where it is not ours: a script is where another file of ours runs it."""
    if document.is_script:
        return Kind.SCRIPT if catalog.script_uses(document.source.path) else None
    return classify(document.source.path, document)


class _Plan:
    """Which of some rules run on the files of one kind, those alike in what they need together; each loaded once."""

    __slots__ = ("about_suppressions", "entries", "groups", "rules")

    def __init__(self, rules: tuple[AnyRule, ...], kind: Kind) -> None:
        self.rules = rules
        entries = [rule for rule in rules if kind in rule.kinds and not rule.asks]
        #: Those about files, and those about suppressions, none of which asks anybody.
        self.entries = tuple(rule for rule in entries if not rule.about_suppressions)
        self.about_suppressions = tuple(rule for rule in entries if rule.about_suppressions)
        by_needs: dict[tuple[str, ...] | None, list[AnyRule]] = {}
        for rule in self.entries:
            by_needs.setdefault(rule.needs, []).append(rule)
        self.groups = [_Group(needs, same) for needs, same in by_needs.items()]

    def needed(self, document: Document) -> Iterator[Rule]:
        """The rules that may find something in a document: to load all takes a fifth of a short run."""
        text = document.source.text
        lowered = text.lower()
        # What an escape stands for is in no text, and in a script no key that holds one.
        is_plain = not document.problems and not document.is_script and _ESCAPE.search(text) is None
        for group in self.groups:
            if is_plain and group.needs is not None:
                for word in group.needs:
                    if word in lowered:
                        break
                else:
                    continue
            yield from group.loaded()


class _Group:
    """Rules that need the same."""

    __slots__ = ("_entries", "_loaded", "needs")

    def __init__(self, needs: tuple[str, ...] | None, entries: list[AnyRule]) -> None:
        self.needs = needs
        self._entries = entries
        self._loaded: list[Rule] = []

    def loaded(self) -> list[Rule]:
        if not self._loaded:
            self._loaded = [rule.load() for rule in self._entries]
        return self._loaded


#: Many files of a run have the same rules: their plans, with the identity of the rules and the kind.
_plans: dict[tuple[int, Kind], _Plan] = {}
_MOST_PLANS = 64


def _plan_of(rules: tuple[AnyRule, ...], kind: Kind) -> _Plan:
    key = (id(rules), kind)
    plan = _plans.get(key)
    if plan is None:
        if len(_plans) >= _MOST_PLANS:
            _plans.clear()
        # It holds the rules, so that no others get their identity.
        plan = _plans[key] = _Plan(rules, kind)
    return plan


def _run(rules: Iterable[Rule], context: Context, crashes: list[str], *, causes_only: bool) -> list[Diagnostic]:
    """What the rules say; one that raises loses what it would have said after that."""
    found: list[tuple[Rule, Finding]] = []
    errors: list[Diagnostic] = []
    for rule in rules:
        try:
            for finding in rule.check(context):
                found.append((rule, finding))
        except Exception as error:  # noqa: BLE001 - one rule's bug must not hide the others' findings
            crashes.append(traceback_of(error))
            errors.append(internal_error_of(rule, error))
    if causes_only and len(found) > 1:
        found = _of_what_is_read(causes(found), context.document)
    return [diagnostic_of(rule, finding, context.kind) for rule, finding in found] + errors


def _of_what_is_read(found: list[tuple[Rule, Finding]], document: Document) -> list[tuple[Rule, Finding]]:
    """The findings without those at places that are read as something else than was meant: they follow from that.

    There only the rules of syntax have a say, and those of credentials: a secret is one in whatever state the file
    is. Of a value of one word all is misread where a part is; a longer text may have other mistakes beside it.
    """
    spans = [span for rule, finding in found if rule.misread for span in (finding.span, *finding.covers)]
    if not spans:
        return found
    places = Places(spans)
    spans.extend(
        scalar.span for scalar in document.scalars if places.touch(scalar.span) and not _BLANK.search(scalar.value)
    )
    misread = Places(spans)
    return [
        item for item in found if item[0].misread or item[0].group in _EVERYWHERE or not misread.touch(item[1].span)
    ]


def causes(found: list[tuple[Rule, Finding]], others: Iterable[Diagnostic] = ()) -> list[tuple[Rule, Finding]]:
    """The findings without those of a place that the finding of a rule covers to which theirs yields.

    ``others`` are what is known of the file besides.

    What is left out suppresses others nevertheless: they are consequences of the same cause.
    """
    if not any(rule.yields_to for rule, _ in found):
        return found
    covered: dict[str, list[Span]] = {}
    for item in others:
        covered.setdefault(item.code, []).append(item.span)
    for rule, finding in found:
        covered.setdefault(rule.code, []).extend((finding.span, *finding.covers))
    places = {
        rule: Places(span for code in rule.yields_to for span in covered.get(code, ()))
        for rule in {rule for rule, _ in found if rule.yields_to}
    }
    return [(rule, finding) for rule, finding in found if rule not in places or not places[rule].touch(finding.span)]


class Places:
    """Spans that may overlap, and which other spans they touch."""

    __slots__ = ("_farthest", "_points", "_starts")

    def __init__(self, spans: Iterable[Span]) -> None:
        self._points: list[int] = []
        self._starts: list[int] = []
        # For each start, the farthest end of a span that starts there or before.
        self._farthest: list[int] = []
        for start, end in sorted(spans):
            if start == end:
                self._points.append(start)
            else:
                self._starts.append(start)
                self._farthest.append(max(end, self._farthest[-1]) if self._farthest else end)

    def touch(self, span: Span) -> bool:
        """Whether one of them has a character of ``span``; an empty span touches what it stands in or beside."""
        start, end = span
        is_empty = start == end
        index = (bisect_right if is_empty else bisect_left)(self._starts, end)
        if index and self._farthest[index - 1] >= start + (not is_empty):
            return True
        index = bisect_left(self._points, start)
        return index < len(self._points) and self._points[index] <= end


def diagnostic_of(rule: Rule, finding: Finding, kind: Kind) -> Diagnostic:
    """What a run says where ``rule`` says ``finding`` of a file of ``kind``."""
    return Diagnostic(
        rule.code,
        rule.name,
        finding.severity or rule.severity_in(kind),
        finding.span,
        finding.message,
        rule.url,
        finding.help or (finding.fix.message if finding.fix else None),
        finding.fix,
        finding.related,
        finding.together,
    )


def internal_error_of(rule: Rule, error: Exception) -> Diagnostic:
    """What a run says of a file on which ``rule`` raised ``error``."""
    return Diagnostic(
        INTERNAL_ERROR,
        "internal-error",
        Severity.ERROR,
        Span(0, 0),
        f"the rule {rule.code} failed on this file ({type(error).__name__}): this is a bug of devbox-lint,"
        " please report it with the file's structure",
        f"{DOCUMENTATION}dbx000-internal-error.md",
    )
