"""Finds where commands begin and end among the tokens of a script, without building a tree."""

from __future__ import annotations

from devbox_lint.powershell.lexer import Token, TokenKind, find_tokens
from devbox_lint.powershell.syntax import Operator, Slip, SlipKind
from devbox_lint.startup import NamedTuple, lazy


class Word(NamedTuple):
    """An argument as written; ``is_string`` where it is one string and nothing else."""

    start: int
    end: int
    is_string: bool


class Frame:
    """A bracket that is open, or the script itself, with the statement that is being read in it."""

    __slots__ = (
        "bracket",
        "end",
        "invoked",
        "is_table",
        "name_end",
        "name_is_string",
        "opened",
        "piped",
        "pipeline",
        "redirected",
        "start",
        "state",
        "target",
        "ternary",
        "words",
    )

    def __init__(self, opened: int, bracket: str) -> None:
        self.opened = opened
        self.bracket = bracket
        self.is_table = bracket == "@{"
        self.begin(-1)

    def begin(self, pipeline: int) -> None:
        """Look for a new statement; ``pipeline`` is where it begins, -1 where its first token is to say."""
        #: ``start`` where a command may stand, ``call`` in its arguments, ``value`` in an expression, ``key``
        #: before the value of a hash table's entry.
        self.state = "key" if self.is_table and pipeline < 0 else "start"
        self.pipeline = pipeline
        self.piped = False
        self.invoked = False
        self.start = self.name_end = self.end = -1
        self.name_is_string = False
        self.words: list[Word] = []
        #: Where the target of a redirection ends so far; the end of its operator before there is any.
        self.redirected = -1
        self.target: str | None = None
        self.ternary: Operator | None = None

    def begin_call(self, token: Token) -> None:
        """The token names a command."""
        self.state = "call"
        self.start = token.start
        self.name_end = self.end = token.end
        self.name_is_string = token.kind is TokenKind.STRING

    def add(self, start: int, end: int, is_string: bool) -> None:
        """What stands at ``start`` belongs to a command's arguments."""
        words = self.words
        is_target = self.state == "target" or start == self.redirected
        if is_target and (not words or words[-1].end < self.redirected):
            self.redirected = end
            self.state = "call"
            return
        if words and words[-1].end == start:
            words[-1] = Word(words[-1].start, end, False)
        elif not words and self.name_end == start:
            self.name_end = end
            self.name_is_string = False
        else:
            words.append(Word(start, end, is_string))
        self.end = end


# After these words a command may follow at once.
_KEYWORDS = frozenset((
    "if", "elseif", "else", "while", "until", "do", "for", "foreach", "switch", "try", "catch", "finally", "return",
    "throw", "exit", "trap", "begin", "process", "end", "dynamicparam", "clean", "param", "in", "parallel",
))  # fmt: skip
# A name follows, which is no command.
_NAMING = frozenset(("function", "filter", "workflow", "configuration", "class", "enum", "using", "break", "continue"))
_DEFINING = frozenset(("function", "filter", "workflow", "configuration"))
# What a typed dash may be, and what begins so at the start of a line and is an operator all the same.
_DASHES = "-–—―"
_UNARY = frozenset(("not", "bnot", "join", "split", "isplit", "csplit"))
_OPTION = lazy(rf"[{_DASHES}]{{1,2}}[A-Za-z]")
_NEGATIONS = frozenset(("!", "-not"))
_BINARY = frozenset(
    f"-{case}{word}"
    for case in ("", "c", "i")
    for word in ("eq", "ne", "gt", "ge", "lt", "le", "like", "notlike", "match", "notmatch", "contains", "notcontains",
                 "in", "notin", "replace", "and", "or", "xor")
)  # fmt: skip
_VERB_NOUN = lazy(r"[A-Za-z]++-[A-Za-z][A-Za-z0-9]*+")
_NAME = lazy(r"[A-Za-z_.~\\/%?][^=\[\]]*+")
_ASSIGNED = lazy(r"(?:\[[^\[\]]*+(?:\[\])?\])?\$(?:\{([^{}]*+)\}|([\w:]++))([-+*/%]?=)?")
#: A parenthesis follows these, whatever else is between.
_CONDITIONAL = frozenset(("if", "elseif", "while", "until", "for", "foreach", "switch"))
#: What follows a string as an operator, besides those of `_BINARY`.
_AFTER_STRING = frozenset(("f", "split", "join", "is", "isnot", "as", "band", "bor", "bxor", "shl", "shr"))
_FOREIGN = frozenset(("==", "===", "!=", "!=="))
_PATH = lazy(r"[\\/]|(?i:\.(?:exe|cmd|bat|ps1|msi)\b)")
_GLUED = lazy(r"[\w:.$\[\]'\"]+(={2,3}|!={1,2})")
_ENTRY = lazy(r"[A-Za-z_]\w*+=(?!=)")
_ASSIGNMENTS = frozenset(("=", "+=", "-=", "*=", "/=", "%="))
_GOING_ON = frozenset((TokenKind.PIPE, TokenKind.CHAIN, TokenKind.COMMA))
_COALESCING = frozenset(("??", "??="))
_NULL_CONDITIONAL = lazy(r"\$(?:\{[^{}]*+\}|[A-Za-z_][\w:]*+)\?[.\[]\w")


class RawCall(NamedTuple):
    """A command as the tokens give it; the name is a string where ``name_is_string``."""

    start: int
    name_end: int
    name_is_string: bool
    end: int
    words: list[Word]
    pipeline: int
    piped: bool


class Parsed(NamedTuple):
    """What a script has; ``texts`` are variables that are given a literal string, with the string's place."""

    calls: list[RawCall]
    operators: list[Operator]
    texts: list[tuple[str, int, int]]
    functions: set[str]
    slips: list[Slip]


def parse_calls(script: str) -> Parsed:
    """The commands of ``script``, its operators of PowerShell 7, and its assignments of literal strings."""
    parser = _Parser()
    for token in find_tokens(script):
        parser.take(token)
    if len(parser.frames) > 1:
        opened = parser.frames[1]
        parser.add_bracket(SlipKind.OPEN_BRACKET, opened.opened, opened.opened + len(opened.bracket))
    while parser.frames:
        parser.close(parser.frames.pop())
    return parser.parsed


def _is_operator(name: str) -> bool:
    """Whether a name in lower case, without its dash, is that of an operator which may follow a string."""
    return f"-{name}" in _BINARY or name in _AFTER_STRING or (name[0] in "ci" and name[1:] in _AFTER_STRING)


class _Parser:
    """Reads one script, token by token."""

    __slots__ = ("assigned", "earlier", "expecting", "frames", "has_bracket", "last", "naming", "opening", "parsed")

    def __init__(self) -> None:
        self.parsed = Parsed([], [], [], set(), [])
        self.frames = [Frame(0, "")]
        self.last = self.earlier = Token(TokenKind.END, -1, -1, "")
        #: The keyword that a parenthesis must follow, and the string that a statement begins with; None for none.
        self.expecting: Token | None = None
        self.opening: Token | None = None
        #: Where the string begins that was the last token and is assigned; -1 for any other.
        self.assigned = -1
        self.naming = False
        self.has_bracket = False

    def add_bracket(self, kind: SlipKind, start: int, end: int, other: int = -1) -> None:
        """One bracket too many or too few makes the others wrong too: the first is what counts."""
        if not self.has_bracket:
            self.has_bracket = True
            self.parsed.slips.append(Slip(kind, start, end, other))

    def take(self, token: Token) -> None:
        frame = self.frames[-1]
        kind = token.kind
        # A pipe, an operator, a comma or the dot before a member at the end of a line goes on in the next one.
        if kind is TokenKind.END and token.text != ";" and (self.last.kind in _GOING_ON or self._asks_for_member()):
            return
        if self.assigned >= 0:
            self._after_string(frame, token)
        elif self.last.kind is TokenKind.STRING and frame.state == "value" and not frame.invoked:
            self._after_value(frame, token)
        if self.expecting is not None and kind is not TokenKind.END:
            self._after_keyword(self.expecting, token)
        if frame.is_table:
            self._in_table(frame, token)
        if frame.pipeline < 0 and kind not in (TokenKind.END, TokenKind.CLOSE):
            frame.pipeline = token.start
        if kind is TokenKind.WORD:
            self._word(frame, token)
        elif kind in (TokenKind.STRING, TokenKind.HERE_STRING):
            self._string(frame, token)
        elif kind is TokenKind.OPEN:
            self.frames.append(Frame(token.start, token.text))
            if frame.state in ("start", "key") and not (frame.invoked and token.text == "{"):
                frame.state = "value"
        elif kind is TokenKind.CLOSE:
            self._bracket_closed(token)
        elif kind is TokenKind.END:
            self.close(frame)
            frame.begin(-1)
        elif kind is TokenKind.PIPE:
            if self._begins_line(token):
                self.parsed.slips.append(Slip(SlipKind.LEADING_PIPE, token.start, token.end))
            self.close(frame)
            frame.begin(frame.pipeline)
            frame.piped = True
        elif kind is TokenKind.CHAIN:
            self.parsed.operators.append(Operator(token.text, token.start, token.end))
            self.close(frame)
            frame.begin(token.end)
        elif kind is TokenKind.CALL:
            if frame.state == "start":
                frame.invoked = True
            elif frame.state == "call":
                self.close(frame)
                frame.begin(token.end)
        elif kind is TokenKind.REDIRECTION and frame.state == "call":
            frame.redirected = token.end
            frame.state = "call" if "&" in token.text else "target"
        self.earlier, self.last = self.last, token

    def _asks_for_member(self) -> bool:
        """Whether the last token ends with a dot that follows a value, as in `$list.` and `(...).`."""
        last = self.last
        if last.kind is not TokenKind.WORD or last.text[-1] != ".":
            return False
        return last.text[0] == "$" or (self.earlier.kind is TokenKind.CLOSE and self.earlier.end == last.start)

    def _after_value(self, frame: Frame, token: Token) -> None:
        """What follows a string in an expression."""
        last, text = self.last, token.text
        opening, self.opening = self.opening, None
        is_string = token.kind is TokenKind.STRING
        if last.end == token.start or last.text[:2] in ('""', "''") or not (is_string or token.kind is TokenKind.WORD):
            return
        if opening is last and opening.start == frame.pipeline:
            name = text.lstrip(_DASHES).lower()
            is_option = text[0] in _DASHES and name[:1].isalpha() and not _is_operator(name)
            if is_string or is_option or text[0].isalnum() or (text[0] == "/" and text[1:2].isalpha()):
                kind = SlipKind.STRING_AS_COMMAND if _PATH.search(opening.text) else SlipKind.AFTER_STRING
                place = opening if kind is SlipKind.STRING_AS_COMMAND else token
                self.parsed.slips.append(Slip(kind, place.start, place.end, opening.start))
        elif is_string and text[:2] not in ('""', "''"):
            self.parsed.slips.append(Slip(SlipKind.AFTER_STRING, token.start, token.end, last.start))

    def _after_keyword(self, keyword: Token, token: Token) -> None:
        """What follows a keyword that needs a parenthesis."""
        self.expecting = None
        has_options = keyword.text.lower() in ("switch", "foreach") and token.text[0] in _DASHES
        if token.text != "(" and not has_options:
            self.parsed.slips.append(Slip(SlipKind.NO_CONDITION, keyword.start, keyword.end))

    def _in_table(self, frame: Frame, token: Token) -> None:
        """The marks between the keys and the values of a hash table, where they are those of another language."""
        text = token.text
        if token.kind is not TokenKind.WORD:
            return
        if (
            frame.state in ("key", "value")
            and frame.pipeline == self.last.start
            and text[0] == ":"
            and text[:2] != "::"
        ):
            self.parsed.slips.append(Slip(SlipKind.TABLE_COLON, token.start, token.start + 1))
        elif frame.state == "key" and frame.pipeline < 0 and text[-1] == ":" and text[:-1].isidentifier():
            self.parsed.slips.append(Slip(SlipKind.TABLE_COLON, token.end - 1, token.end))
        elif text == "=" and self.earlier.kind is TokenKind.COMMA and self.last.kind is TokenKind.WORD:
            if self.last.text.isidentifier() and frame.state in ("value", "call"):
                self.parsed.slips.append(Slip(SlipKind.TABLE_COMMA, self.earlier.start, self.earlier.end))
        elif self.last.kind is TokenKind.COMMA and _ENTRY.match(text) and frame.state in ("value", "call"):
            self.parsed.slips.append(Slip(SlipKind.TABLE_COMMA, self.last.start, self.last.end))

    def _begins_line(self, token: Token) -> bool:
        """Whether the token begins a line that is not the first."""
        return self.last.kind is TokenKind.END and self.last.text != ";" and self.last.start >= 0

    def _after_string(self, frame: Frame, token: Token) -> None:
        """What follows a string that a variable is given."""
        start, self.assigned = self.assigned, -1
        is_value = token.kind in (TokenKind.STRING, TokenKind.HERE_STRING) or (
            token.kind is TokenKind.WORD and (token.text[0].isalnum() or token.text[0] in "$\\_")
        )
        if is_value and frame.state == "value":
            self.parsed.slips.append(Slip(SlipKind.AFTER_STRING, token.start, token.end, start))

    def close(self, frame: Frame) -> None:
        """End the statement that is being read in ``frame``."""
        if frame.state in ("call", "target"):
            self.parsed.calls.append(
                RawCall(
                    frame.start,
                    frame.name_end,
                    frame.name_is_string,
                    frame.end,
                    frame.words,
                    frame.pipeline,
                    frame.piped,
                )
            )

    def _word(self, frame: Frame, token: Token) -> None:
        text = token.text
        if self.naming:
            self.naming = False
            self.parsed.functions.add(text.lower().rpartition(":")[2])
        if frame.state == "start":
            self._first_word(frame, token)
        elif frame.state in ("call", "target"):
            frame.add(token.start, token.end, False)
        elif text in _ASSIGNMENTS or (frame.state == "key" and text.endswith("=")):
            frame.state = "start"
        elif frame.state == "value":
            self._operator(frame, token)
        if "?" in text and text[0] == "$":
            conditional = _NULL_CONDITIONAL.match(text)
            if conditional is not None:
                at = token.start + conditional.end() - 3
                self.parsed.operators.append(Operator(text[conditional.end() - 3 : conditional.end() - 1], at, at + 2))

    def _operator(self, frame: Frame, token: Token) -> None:
        """A word in an expression."""
        text = token.text
        operators = self.parsed.operators
        if "-" in text[1:]:
            self._operand(token)
        if text in _FOREIGN:
            self.parsed.slips.append(Slip(SlipKind.FOREIGN_COMPARISON, token.start, token.end))
        elif text in _COALESCING:
            operators.append(Operator(text, token.start, token.end))
            if text == "??=":
                frame.state = "start"
        elif text == "?":
            frame.ternary = Operator(text, token.start, token.end)
        elif text == ":" and frame.ternary is not None:
            operators.append(frame.ternary)
            frame.ternary = None
        elif text[:2] == "?." and self.last.end == token.start and self.last.text[-1:] in (")", "}", "]"):
            operators.append(Operator("?.", token.start, token.start + 2))
        elif text == "in" and len(self.frames) > 1:
            frame.state = "start"

    def _operand(self, token: Token) -> None:
        """A command's name where a value belongs."""
        if token.text[0] == "!" and _VERB_NOUN.fullmatch(token.text, 1):
            self.parsed.slips.append(Slip(SlipKind.NEGATED_COMMAND, token.start, token.end, token.start + 1))
        elif self.last.kind is TokenKind.WORD and _VERB_NOUN.fullmatch(token.text):
            before = self.last.text.lower()
            if before in _NEGATIONS:
                self.parsed.slips.append(Slip(SlipKind.NEGATED_COMMAND, self.last.start, token.end, token.start))
            elif before in _BINARY:
                self.parsed.slips.append(Slip(SlipKind.OPERAND_COMMAND, token.start, token.end, self.last.start))

    def _first_word(self, frame: Frame, token: Token) -> None:
        text = token.text
        if text == ".":
            frame.invoked = True
            return
        lowered = text.lower()
        if text[0] in _DASHES and self._begins_line(token) and not frame.invoked:
            option = _OPTION.match(text)
            if option is not None and lowered[1:] not in _UNARY:
                self.parsed.slips.append(Slip(SlipKind.LOST_CONTINUATION, token.start, token.end))
        elif text[0] == "!" and "-" in text:
            self._operand(token)
        if not frame.invoked and not frame.piped:
            is_after_else = lowered == "if" and self.last.text.lower() == "else"
            if is_after_else or (lowered in ("elif", "elsif") and self.last.text == "}"):
                start = self.last.start if is_after_else else token.start
                self.parsed.slips.append(Slip(SlipKind.ELSE_IF, start, token.end))
            if lowered in _KEYWORDS:
                if lowered in _CONDITIONAL:
                    self.expecting = token
                return
            if lowered in _NAMING:
                frame.state = "value"
                self.naming = lowered in _DEFINING
                return
        if text[0] in "$[" and not frame.invoked:
            assigned = _ASSIGNED.match(text)
            glued = _GLUED.match(text) if "==" in text or "!=" in text else None
            if glued is not None:
                start, end = glued.span(1)
                self.parsed.slips.append(Slip(SlipKind.FOREIGN_COMPARISON, token.start + start, token.start + end))
                frame.state = "value"
                return
            frame.state = "value"
            if assigned is None:
                return
            is_whole = assigned.end() == len(text)
            if is_whole or assigned.group(3):
                frame.target = (assigned.group(1) or assigned.group(2) or "").lower()
            if assigned.group(3):
                frame.state = "start"
                if not is_whole:
                    rest = assigned.end()
                    self._first_word(frame, Token(token.kind, token.start + rest, token.end, text[rest:]))
        elif frame.invoked or _NAME.fullmatch(text):
            frame.begin_call(token)
        else:
            frame.state = "value"

    def _string(self, frame: Frame, token: Token) -> None:
        is_string = token.kind is TokenKind.STRING
        if frame.state in ("call", "target"):
            frame.add(token.start, token.end, is_string)
        elif frame.state == "start":
            if frame.invoked:
                frame.begin_call(token)
                return
            self.opening = token if is_string and frame.target is None else None
            if frame.target is not None:
                if is_string and len(token.text) > 1:
                    self.parsed.texts.append((frame.target, token.start + 1, token.end - 1))
                # Quotes that are doubled to outlive a second reading are no end of a string.
                if self.last.text.endswith("=") and token.text[:3] not in ('"""', "'''"):
                    self.assigned = token.start
            frame.state = "value"

    def _bracket_closed(self, token: Token) -> None:
        if len(self.frames) == 1:
            # Nothing opens this bracket.
            self.add_bracket(SlipKind.STRAY_BRACKET, token.start, token.end)
            self.close(self.frames[0])
            self.frames[0].begin(-1)
            return
        inner = self.frames.pop()
        if (token.text == ")") != (inner.bracket[-1] == "("):
            self.add_bracket(SlipKind.CROSSED_BRACKET, token.start, token.end, inner.opened)
        self.close(inner)
        frame = self.frames[-1]
        if frame.state in ("call", "target"):
            frame.add(inner.opened, token.end, False)
        elif frame.invoked:
            frame.state = "value"
        elif token.text == "}":
            frame.begin(-1)
