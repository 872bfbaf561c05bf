"""What a rule is, and what it is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from devbox_lint.customization.catalog import STANDARD, Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization
from devbox_lint.customization.task_definition import TaskDefinition
from devbox_lint.diagnostics import DOCUMENTATION, Diagnostic, Finding, Severity
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.document import Document

if TYPE_CHECKING:
    from devbox_lint.suppressions import Suppressions

IMAGE, USER, TASK, SCRIPT, CONFIGURATION = Kind.IMAGE, Kind.USER, Kind.TASK, Kind.SCRIPT, Kind.CONFIGURATION
#: The files that are written in YAML.
YAML_FILES = frozenset((IMAGE, USER, TASK, CONFIGURATION))
ALL_FILES = frozenset(Kind)


class Example(NamedTuple):
    """A file that shows a rule.

    In ``text`` the characters that a finding must point at stand between ``«`` and ``»``, in the order of
    the file; a text without marks must give no finding. ``fixed`` is the text after the fix, where the rule
    has one. ``path`` is the file's name where it matters. ``text`` is encoded as UTF-8 unless ``data`` gives the bytes.
    ``beside`` are the other files of its repository, each with its path and its text. For a rule that asks Azure,
    ``says`` tells in words what Azure answers and ``answers`` has it, each question with its answer. Where ``shown`` is
    False it is a test alone, and not a part of the documentation.
    """

    kind: Kind
    text: str
    fixed: str | None = None
    path: str | None = None
    data: bytes | None = None
    beside: tuple[tuple[str, str], ...] = ()
    says: str = ""
    answers: tuple[tuple[object, object], ...] = ()
    shown: bool = True


class Context(NamedTuple):
    """One file, as a rule sees it."""

    customization: Customization
    #: The file's suppressions, and the codes and names of the rules that ran: for the rules that judge them.
    suppressions: Suppressions | None = None
    ran: frozenset[str] = frozenset()
    #: What the comments suppress.
    suppressed: tuple[Diagnostic, ...] = ()
    #: The known tasks, and the files beside this one.
    catalog: Catalog = STANDARD
    #: The date as ISO 8601 writes it, None to report nothing as out of date.
    today: str | None = None

    def definitions(self, task: str) -> tuple[TaskDefinition, ...]:
        """The definitions that a task's name may stand for in this file, each once; none where it is not known."""
        return self.catalog.find_distinct(task, self.customization.document.source.path)

    def is_past(self, day: str) -> bool:
        """Whether ``day``, as ISO 8601 writes it, is before today."""
        if self.today is None:
            return False
        self.catalog.note("past", day)
        return self.today > day

    @property
    def document(self) -> Document:
        """The YAML nodes, comments and problems."""
        return self.customization.document

    @property
    def source(self) -> SourceFile:
        """The text."""
        return self.customization.document.source

    @property
    def kind(self) -> Kind:
        """Which kind of file it is."""
        return self.customization.kind


class Rule:
    """One thing that can be wrong with a file.

    A rule holds no state. Its docstring is its page: the first paragraph says what it finds, the paragraph
    that starts with ``Why:`` why it matters, the one that starts with ``Fix:`` what to write instead, and the one that
    starts with ``Unsafe because:``, where a fix is not safe, what it may change that the author did not mean.
    Its group is the folder of its file. A rule that knows less than it needs stays quiet.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    group: ClassVar[str]
    severity: ClassVar[Severity]
    #: Severities for single kinds of file, where they differ from ``severity``.
    severities: ClassVar[Mapping[Kind, Severity]] = {}
    kinds: ClassVar[frozenset[Kind]] = frozenset((IMAGE, USER, TASK))
    #: Whether the rule runs when nothing is selected.
    default: ClassVar[bool] = True
    #: Whether it asks Azure, and so finds nothing by itself.
    asks: ClassVar[bool] = False
    #: The codes of the rules whose finding on the same place makes this one silent: theirs are the causes.
    yields_to: ClassVar[tuple[str, ...]] = ()
    #: Whether the text where it finds something is not what its author meant, so that rules about what is in a file
    #: have nothing to say there.
    misread: ClassVar[bool] = False
    #: Whether it judges the suppressions, and so runs after all other rules.
    about_suppressions: ClassVar[bool] = False
    #: Words in lower case, of which the text of a file without syntax errors has one where the rule finds anything, and
    #: none where it finds only what is wrong with the syntax; None where it finds something in any file. Of a script
    #: nothing is asked.
    needs: ClassVar[tuple[str, ...] | None] = None
    #: Whether its safe fixes are made where nobody asks for the rule by its name or a part of its code.
    repairs: ClassVar[bool] = True
    since: ClassVar[str] = "0.1.0"
    #: ``deprecated`` or ``unnecessary`` where all its findings are about what is out of date, or has no effect.
    tag: ClassVar[str | None] = None
    #: The codes of related rules.
    see: ClassVar[tuple[str, ...]] = ()
    #: Where the facts are from: addresses.
    references: ClassVar[tuple[str, ...]] = ()
    bad: ClassVar[tuple[Example, ...]] = ()
    good: ClassVar[tuple[Example, ...]] = ()

    def __init_subclass__(cls) -> None:
        """Take the group from the folder of the file that the rule is written in."""
        cls.group = cls.__module__.rpartition(".")[0].rpartition(".")[2]

    def load(self) -> Rule:
        """The rule itself; a :class:`RuleEntry` loads its rule here."""
        return self

    def check(self, context: Context) -> Iterator[Finding]:
        """The findings in one file, in any order."""
        raise NotImplementedError

    def severity_in(self, kind: Kind) -> Severity:
        """The severity in files of ``kind``."""
        return self.severities.get(kind, self.severity)

    @property
    def url(self) -> str:
        """The address of the rule's page."""
        return _url(self.code, self.name)


class RuleEntry(NamedTuple):
    """What the registry knows of a rule, so that only the rules that run on a file are loaded for it.

    ``module`` and ``class_name`` say where the rule is written. ``fixable`` is ``safe``, ``unsafe``, ``sometimes`` or
    None: what its fixes are in its examples. The other fields are those of :class:`Rule`.
    """

    code: str
    name: str
    group: str
    module: str
    class_name: str
    kinds: tuple[Kind, ...]
    default: bool = True
    asks: bool = False
    about_suppressions: bool = False
    repairs: bool = True
    needs: tuple[str, ...] | None = None
    tag: str | None = None
    fixable: str | None = None

    @property
    def url(self) -> str:
        """The address of the rule's page."""
        return _url(self.code, self.name)

    def load(self) -> Rule:
        """The rule, imported when it is first asked for."""
        return _load(self.module, self.class_name)

    def __hash__(self) -> int:
        # A code stands for one rule, and to hash all fields of every rule takes time for each file of a run.
        return hash(self.code)


#: A rule, loaded or not.
AnyRule: TypeAlias = RuleEntry | Rule


@cache
def _load(module: str, class_name: str) -> Rule:
    rule: Rule = getattr(import_module(module), class_name)()
    return rule


@cache
def _url(code: str, name: str) -> str:
    """Once for each rule, so that the findings of a large run share one text."""
    return f"{DOCUMENTATION}{code.lower()}-{name}.md"
