"""DBX305: a placeholder of the documentation that nobody has replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.credentials.names import is_token_name, may_name_token
from devbox_lint.credentials.tokens import find_tokens
from devbox_lint.diagnostics import Finding, Severity, Span
from devbox_lint.powershell import RegionKind, find_regions
from devbox_lint.references.expressions import Reference, ReferenceKind, find_references
from devbox_lint.references.placeholders import is_placeholder, is_placeholder_credential, is_upper_snake, words_of
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint_rules.references._values import Value, is_in_text, resolved_references, task_values

# In PowerShell a `<` outside a string is an error, so an operand in angle brackets is nobody's code.
_OPERAND = lazy(r"(?<![A-Za-z0-9_<`\])])<([A-Za-z](?:[A-Za-z0-9_.:-]|[ ](?=[A-Za-z0-9]))*+)>(?![A-Za-z0-9_>(])")
_IN_ADDRESS = lazy(r"<([A-Za-z](?:[A-Za-z0-9_-]|[ ](?=[A-Za-z0-9]))*+)>")
_ADDRESS = lazy(r"\s*+https?://\S++(?:[ ]\S++)*+\s*+", re.IGNORECASE)
_YOUR_PATH = (
    r"(?i)(?<=/)your[-_]?(?:org|organi[sz]ation|company|account|user|username|repo|repository|project)"
    r"(?:[-_]?name)?(?=/|\.git|\Z)"
)
_LETTERS = r"[A-Za-z _-]{1,40}"
# A string that is one operand: `--tenant '<tenant-id>'`, `$id = "<appId>"`; elsewhere it may be text to say,
# to search for or to write.
_QUOTED = lazy(r"[\"']<([A-Za-z][A-Za-z0-9 _-]*+)>[\"']")
_BEFORE_QUOTED = r"(?:--[a-z][a-z-]*(?:[ ]++|=)|(?:^|[\r\n;])[ \t]*+\$\w++[ \t]*+=[ \t]*+)\Z"


class PlaceholderLeft(Rule):
    """
    A placeholder of the documentation still stands where a value belongs: `{{KEY_VAULT_SECRET_URI}}`,
    `{{ado://YOUR_ORG_NAME}}`, `<appId>`.

    Why: Nothing replaces it when the dev box is set up. The task gets the placeholder itself, and fails or
    does something else than meant.

    Fix: Write the value: the address of the secret, the name of the organization, the operand.
    """

    code = "DBX305"
    name = "placeholder-left"
    severity = Severity.ERROR
    # What is wrapped round an address is told with the address.
    yields_to = ("DBX304", "DBX306")
    kinds = frozenset((IMAGE, USER))
    see = ("DBX301", "DBX306", "DBX310")
    references = ("https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      pat: '«{{KEY_VAULT_SECRET_URI}}»'\n"
            "  - name: ~/gitclone\n    parameters:\n      pat: '{{ado://«YOUR_ORG_NAME»}}'\n"
            "  - name: ~/gitclone\n    parameters:\n      pat: '{{https://«your-vault».vault.azure.net/secrets/pat}}'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        az login --service-principal `\n          --username «<appId>» `\n"
            "          --password {{https://mykeyvault.vault.azure.net/secrets/password}} `\n"
            "          --tenant «<tenantId>»\n"
            "        az storage blob download --file «<local_file_path>»\n",
        ),
        Example(USER, "tasks:\n  - name: ~/gitclone\n    parameters:\n      pat: «<YOUR-PAT>»\n"),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://dev.azure.com/«<org>»/web/_git/web\n      pat: «changeme»\n"
            "  - name: ~/winget\n    parameters:\n      package: '«<package id>»'\n"
            "  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://github.com/«your-org»/«your-repo».git\n",
        ),
    )
    good = (
        Example(
            USER,
            "name: <name>\ntasks:\n  - name: t\n    description: clone <repository>\n    parameters:\n"
            "      pat: '{{https://kv1.vault.azure.net/secrets/pat}}'\n      list: List<string>\n",
        ),
        Example(
            IMAGE,
            "parameters:\n  KEY_VAULT_SECRET_URI:\n    type: string\n    default: a\n"
            "tasks:\n  - name: t\n    parameters:\n      pat: '{{KEY_VAULT_SECRET_URI}}'\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        <# .SYNOPSIS <name> #>\n        # --username <appId>\n"
            "        $x = @'\n        KEY=<your-key>\n        <Project Sdk=\"a\"></Project>\n        '@\n"
            "        $list = New-Object 'System.Collections.Generic.List<string>'\n"
            "        Write-Host 'Run az login --username <appId>' \"<your-key>\"\n"
            "        $html = '<html>' + '<br>'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        # {{KEY_VAULT_SECRET_URI}}\n        Get-Content a\n  - name: t\n    parameters:\n"
            "      pat: P@ssw0rd\n      a: '{{pat}}'\n",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        text = context.source.text
        if "{{" in text:
            yield from _in_references(context)
        if "<" in text or "your" in text or may_name_token(text):
            for value in task_values(context.customization.tasks):
                yield from _in_value(value)


def _in_references(context: Context) -> Iterator[Finding]:
    declared = {declaration.name.value.lower() for declaration in context.customization.declarations}
    for value, reference in resolved_references(context):
        kind = reference.kind
        if kind is ReferenceKind.SECRET and reference.secret is not None:
            secret = reference.secret
            for part in (secret.vault, secret.name, secret.version):
                if is_placeholder(part.text):
                    yield _finding(value.scalar.span_of(part.start, part.end), part.text)
        elif kind is ReferenceKind.ADO and reference.ado is not None:
            part = reference.ado.organization
            if reference.ado.scheme.text.lower() == "ado" and is_placeholder(part.text):
                yield _finding(value.scalar.span_of(part.start, part.end), part.text)
        elif not reference.text.strip() and not value.is_script:
            message = "`{{}}` names nothing: write what belongs between the braces"
            if is_token_name(value.name):
                message = "`{{}}` names nothing: write `{{https://VAULT.vault.azure.net/secrets/NAME}}`"
            yield Finding(reference.span, message)
        elif reference.text.lower() not in declared and not is_in_text(value, reference):
            is_name = kind is ReferenceKind.PARAMETER and context.kind is USER and is_upper_snake(reference.text)
            if kind is ReferenceKind.PLACEHOLDER or is_name:
                yield _left_reference(reference)


def _left_reference(reference: Reference) -> Finding:
    what = "`{{" + reference.text + "}}`" if _shows(reference.text.strip("<>")) else "this"
    return Finding(
        reference.span,
        f"{what} is a placeholder: write the address of the secret, `{{{{https://VAULT.vault.azure.net/secrets/NAME}}}}`",
    )


def _in_value(value: Value) -> Iterator[Finding]:
    scalar = value.scalar
    text = scalar.value
    stripped = text.strip()
    start = len(text) - len(text.lstrip())
    end = start + len(stripped)
    if is_token_name(value.name):
        if (
            stripped
            and not scalar.is_null
            and "{{" not in text
            and is_placeholder_credential(stripped)
            and not find_tokens(text)
        ):
            yield Finding(
                scalar.span_of(start, end),
                f"`{value.name}` holds a placeholder: write"
                " `{{https://VAULT.vault.azure.net/secrets/NAME}}` with the vault and secret of your token",
            )
        return
    if value.is_script:
        found = _in_script(text) if "<" in text else []
    else:
        found = _in_plain_value(value.name, text, start, end)
    if found and "{{" in text:
        references = find_references(scalar)
        found = [span for span in found if not any(item.start <= span[0] < item.end for item in references)]
    for first, last in found:
        yield _finding(scalar.span_of(first, last), text[first:last])


def _in_plain_value(name: str, text: str, start: int, end: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    if "<" in text and "</" not in text and "/>" not in text:
        if _IN_ADDRESS.fullmatch(text, start, end):
            return [(start, end)]
        if _ADDRESS.fullmatch(text):
            found.extend(match.span() for match in _IN_ADDRESS.finditer(text))
    if name.lower() == "repositoryurl" and "your" in text and _ADDRESS.fullmatch(text):
        found.extend(match.span() for match in re.finditer(_YOUR_PATH, text))
    return found


def _in_script(script: str) -> list[tuple[int, int]]:
    """Where placeholders stand in a script; what holds markup is left alone."""
    found: list[tuple[int, int]] = []
    is_about_text = "</" in script or "/>" in script or "replace" in script.lower()
    for region in find_regions(script):
        if region.kind is RegionKind.CODE:
            if script.find("<", region.start, region.end) >= 0 and "</" not in script[region.start : region.end]:
                found.extend(match.span() for match in _OPERAND.finditer(script, region.start, region.end))
        elif region.kind is RegionKind.STRING and not is_about_text:
            match = _QUOTED.fullmatch(script, region.start, region.end)
            if match is None or len(words_of(match.group(1))) < 2:
                continue
            if re.search(_BEFORE_QUOTED, script[max(0, region.start - 80) : region.start]):
                found.append((region.start + 1, region.end - 1))
    return found


def _finding(span: Span, text: str) -> Finding:
    name = text[1:-1] if text.startswith("<") and text.endswith(">") else text
    what = f"`{text}`" if _shows(name) else "this"
    return Finding(span, f"{what} is a placeholder: write the value that belongs here")


def _shows(text: str) -> bool:
    return re.fullmatch(_LETTERS, text) is not None
