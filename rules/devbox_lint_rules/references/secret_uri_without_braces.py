"""DBX304: the address of a secret where the secret belongs."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.credentials.names import NameKind, name_kind
from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.powershell import Argument, Call
from devbox_lint.references.placeholders import words_of
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint.yaml.wrapped_references import Wrapped, find_wrapped
from devbox_lint_rules.references._wrapped import PUT, inside, wrapped_values, write_reference
from devbox_lint_rules.scripts._scripts import scripts_of

# A task may ask for the address itself and fetch the secret on its own.
_ADDRESS_WORDS = frozenset(("uri", "url", "id", "identifier", "address", "link", "reference", "path", "host"))
#: Of these programs `-p` takes a password.
_LOGIN = frozenset(("az", "docker", "podman", "helm", "oc", "twine", "nuget"))


class SecretUriWithoutBraces(Rule):
    """
    The address of a secret stands where the secret belongs, without `{{` and `}}`, or with something else
    around it: `$(...)`, `[[...]]`, three braces, quotes inside the braces.

    Why: Only an address that stands alone in double braces is resolved. Anything else is passed on as if it were
    the secret: a clone then fails to sign in with an address for a token.

    Fix: Write `"{{https://VAULT.vault.azure.net/secrets/NAME}}"`, in quotes; inside a command none are needed.
    """

    code = "DBX304"
    name = "secret-uri-without-braces"
    severity = Severity.ERROR
    needs = ("/secrets/", "ado:/", "keyvault(")
    kinds = frozenset((IMAGE, USER))
    see = ("DBX301", "DBX312")
    references = (
        "https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",
        "https://github.com/microsoft/devcenter-catalog/issues/114",
    )
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://dev.azure.com/org/project/_git/web\n"
            "      pat: «https://kv1.vault.azure.net/secrets/pat»  # from the team's vault\n",
            fixed="tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://dev.azure.com/org/project/_git/web\n"
            '      pat: "{{https://kv1.vault.azure.net/secrets/pat}}"  # from the team\'s vault\n',
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: t\n    parameters:\n"
            "      token: '«https://kv1.vault.azure.net/secrets/a»'\n"
            "      password: '«{https://kv1.vault.azure.net/secrets/b}»'\n"
            "      key: >-\n        «https://kv1.vault.azure.net/secrets/c»\n"
            "      secret: '«@Microsoft.KeyVault(SecretUri=https://kv1.vault.azure.net/secrets/d)»'\n",
            fixed="tasks:\n  - name: t\n    parameters:\n"
            "      token: '{{https://kv1.vault.azure.net/secrets/a}}'\n"
            "      password: '{{https://kv1.vault.azure.net/secrets/b}}'\n"
            "      key: >-\n        {{https://kv1.vault.azure.net/secrets/c}}\n"
            "      secret: '{{https://kv1.vault.azure.net/secrets/d}}'\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: t\n    parameters:\n"
            "      pat: '«{{{https://kv1.vault.azure.net/secrets/a}}}»'\n"
            "      token: «$(https://kv1.vault.azure.net/secrets/b)»\n",
            fixed="tasks:\n  - name: t\n    parameters:\n"
            "      pat: '{{https://kv1.vault.azure.net/secrets/a}}'\n"
            '      token: "{{https://kv1.vault.azure.net/secrets/b}}"\n',
        ),
        Example(
            IMAGE,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        az login --service-principal --username 1 `\n"
            "          --password «https://kv1.vault.azure.net/secrets/pw» --tenant 2\n"
            "        $env:AZURE_DEVOPS_EXT_PAT = '«https://kv1.vault.azure.net/secrets/pat»'\n",
            fixed="userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        az login --service-principal --username 1 `\n"
            "          --password {{https://kv1.vault.azure.net/secrets/pw}} --tenant 2\n"
            "        $env:AZURE_DEVOPS_EXT_PAT = '{{https://kv1.vault.azure.net/secrets/pat}}'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        $token = '«https://kv-web.vault.azure.net/secrets/pat»'\n"
            "        git clone https://user:$token@dev.azure.com/contoso/web/_git/web C:\\src\n",
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        $token = '{{https://kv-web.vault.azure.net/secrets/pat}}'\n"
            "        git clone https://user:$token@dev.azure.com/contoso/web/_git/web C:\\src\n",
            shown=False,
        ),
    )
    good = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      pat: '{{https://kv1.vault.azure.net/secrets/pat}}'\n",
            shown=False,
        ),
        Example(
            IMAGE,
            "description: https://kv1.vault.azure.net/secrets/pat\ntasks:\n  - name: t\n    parameters:\n"
            "      secretUri: https://kv1.vault.azure.net/secrets/pat\n"
            "      vault: https://kv1.vault.azure.net/\n"
            "      command: C:\\dev\\setup.ps1 -Address https://kv1.vault.azure.net/secrets/pat\n",
        ),
        Example(
            IMAGE,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        az keyvault secret show --id https://kv1.vault.azure.net/secrets/password\n"
            "        $password = 'https://kv1.vault.azure.net/secrets/password'\n"
            "        C:\\dev\\get.ps1 -SecretUri $password\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for value, wrapped in wrapped_values(context):
            if not wrapped.is_ado and _ADDRESS_WORDS.isdisjoint(words_of(value.name)[-1:]):
                scalar = value.scalar
                yield Finding(inside(scalar), _message(wrapped), fix=write_reference(scalar, wrapped))
        if "/secrets/" in context.source.text:
            for script in scripts_of(context):
                if "/secrets/" in script.text:
                    yield from _in_script(script)


def _message(wrapped: Wrapped) -> str:
    if wrapped.is_id:
        return f"the id of a secret is passed on literally: write its address as `{wrapped.form}`"
    if wrapped.is_bare:
        return (
            "the address of a secret without double braces is passed on literally: write `{{` before and `}}` after it"
        )
    return f"only `{{{{` and `}}}}` belong around the address of a secret: write `{wrapped.form}`"


def _in_script(script: Script) -> Iterator[Finding]:
    """Addresses as operands of options that take a secret, and in variables that are used as such."""
    used = {match[1].lower() for match in _USER_PART.finditer(script.text)}
    for call in script.syntax.calls:
        before = ""
        for argument in call.arguments:
            option, start = before, argument.start + len(argument.quote)
            before = argument.text if argument.text[:1] in "-/" else ""
            mark = next((place for place, character in enumerate(before) if character in "=:"), 0)
            if mark and not argument.quote:
                option, start = before[:mark], argument.start + mark + 1
            if not _takes_secret(call, option, argument):
                continue
            if argument.text[:1] == "$":
                used.add(argument.text[1:].lower())
            yield from _at(script, start, argument.end - len(argument.quote))
    for name, start, end in script.syntax.texts:
        variable = name.removeprefix("env:")
        if name in used or (variable != name and name_kind(variable) in _SECRETS):
            yield from _at(script, start, end)


#: A variable before the host of an address, as the password or the token.
_USER_PART = lazy(r"://[^/@\s\"'$]*+\$\{?(?:env:)?(\w++)\}?@")
_SECRETS = frozenset((NameKind.PAT, NameKind.PASSWORD, NameKind.KEY))


def _takes_secret(call: Call, option: str, argument: Argument) -> bool:
    name = option.lstrip("-/").lower()
    if not name:
        return call.name == "convertto-securestring" and argument is call.arguments[0]
    if call.name == "convertto-securestring":
        return name == "string" or (name == "asplaintext" and argument is call.arguments[1])
    if name == "p":
        return call.program in _LOGIN
    return name_kind(name) in _SECRETS and _ADDRESS_WORDS.isdisjoint(words_of(name)[-1:])


def _at(script: Script, start: int, end: int) -> Iterator[Finding]:
    wrapped = find_wrapped(script.scalar.value[start:end])
    if wrapped is not None and not wrapped.is_ado and not wrapped.is_braced:
        span = script.span(start, end)
        yield Finding(span, _message(wrapped), fix=Fix(PUT, (Edit(span, wrapped.reference),)))
