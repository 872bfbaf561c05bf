"""DBX719: a sign-in of a service principal that cannot succeed, or that stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.powershell import Call
from devbox_lint.powershell.azure_sign_in import SignIn, find_sign_ins, is_az, is_sign_out
from devbox_lint.powershell.operands import Operand
from devbox_lint.rule import IMAGE, SCRIPT, TASK, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint_rules.scripts._scripts import name_finding, scripts_of

_GUID = lazy(r"(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# What was meant to be a GUID: a digit too few or too many, a letter that is not a hexadecimal digit.
_NEARLY_GUID = lazy(r"(?i)(?=.{28,44}\Z)[0-9a-z]+(?:-[0-9a-z]+){3,5}")
# Words that stand for a value that something else fills in.
_STANDS_IN = lazy(r"(?i)id\b|id[A-Z_-]|_|your|name|tenant|client|app|principal|guid|xxx|example|todo|change|replace")
# A statement with the lines that a backtick adds to it.
_STATEMENT = lazy(r"(?:`\r?\n|[^\r\n])*+")
_PROOFS = ("password", "certificate", "federated-token", "use-cert-sn-issuer")
_CONNECT_PROOFS = ("credential", "certificatethumbprint", "certificatepath", "federatedtoken")


class ServicePrincipalLogin(Rule):
    """
    `az login --service-principal` or `Connect-AzAccount -ServicePrincipal` without an operand that it needs, with an
    application id or a tenant that can be none, without `--service-principal`, or after the commands that need the
    sign-in. A sign-in that no `az logout` ends is told as information.

    Why: The sign-in fails when the dev box is set up, and so does all that follows. One that stays is there for
    whatever runs later as the same account, in `userTasks` in place of the user's own.

    Fix: Write the application id (`appId`) and the tenant that `az ad sp create-for-rbac` printed, the password as
    `{{...}}` of its key vault secret, and end with `az logout`.
    """

    code = "DBX719"
    name = "service-principal-login"
    severity = Severity.WARNING
    needs = ("login", "azaccount")
    kinds = frozenset((IMAGE, USER, TASK, SCRIPT))
    # What is joined to one line or left as a placeholder is no sign-in yet.
    yields_to = ("DBX305", "DBX714")
    see = ("DBX305", "DBX404")
    references = (
        "https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",
        "https://learn.microsoft.com/cli/azure/reference-index#az-login",
        "https://learn.microsoft.com/powershell/module/az.accounts/connect-azaccount",
    )
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        «az login» --service-principal `\n"
            "          --username 0b0a8d7e-5f6c-4d3b-9a21-7c8e9f001122 `\n"
            "          --password {{https://kv-web.vault.azure.net/secrets/password}}\n"
            "        az logout\n",
        ),
        Example(
            SCRIPT,
            "az login --service-principal -u «0b0a8d7e-5f6c-4d3b-9a21-7c8e9f00112» -p $env:SP --tenant «contoso»\n"
            "«az login» -u 0b0a8d7e-5f6c-4d3b-9a21-7c8e9f001122 -p $env:SP --tenant contoso.com\n"
            "«Connect-AzAccount» -ServicePrincipal -Credential $credential\n",
            "az login --service-principal -u 0b0a8d7e-5f6c-4d3b-9a21-7c8e9f00112 -p $env:SP --tenant contoso\n"
            "az login --service-principal -u 0b0a8d7e-5f6c-4d3b-9a21-7c8e9f001122 -p $env:SP --tenant contoso.com\n"
            "Connect-AzAccount -ServicePrincipal -Credential $credential\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        «az storage blob download» --account-name stweb -c tools -n a.zip -f a.zip --auth-mode login\n"
            "        az login --service-principal -u 0b0a8d7e-5f6c-4d3b-9a21-7c8e9f001122"
            " -p {{https://kv-web.vault.azure.net/secrets/password}} --tenant contoso.com\n"
            "        az logout\n",
        ),
        Example(
            SCRIPT,
            "$app = '0b0a8d7e-5f6c-4d3b-9a21-7c8e9f001122'\n"
            "az login --service-principal -u $app -p $env:SP -t «$app»\n"
            "az login --service-principal -u «ada@contoso.com» -p $env:SP -t contoso.com\n"
            "«az login» --service-principal -u $app -t contoso.com\n"
            "Connect-AzAccount -ServicePrincipal -Cred $c -TenantId «0b0a8d7e-5f6c-4d3b-9a21-7c8e9f00112g»\n"
            "«Connect-AzAccount» -ApplicationId $app -Tenant contoso.com\n",
            shown=False,
        ),
        Example(
            IMAGE,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        «az login» --service-principal -u 0b0a8d7e-5f6c-4d3b-9a21-7c8e9f001122"
            " -p {{https://kv-web.vault.azure.net/secrets/password}} --tenant contoso.com\n",
            shown=False,
        ),
    )
    good = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        az login --service-principal `\n"
            "          --username 0b0a8d7e-5f6c-4d3b-9a21-7c8e9f001122 `\n"
            "          --password {{https://kv-web.vault.azure.net/secrets/password}} `\n"
            "          --tenant contoso.onmicrosoft.com\n"
            "        az storage blob download --account-name stweb -c tools -n a.zip -f a.zip --auth-mode login\n"
            "        az logout\n",
        ),
        Example(
            SCRIPT,
            "az login --identity\naz login --service-principal @more\naz login @args\n"
            "az login --service-principal $rest\n"
            "az login --service-principal -u $app -p $secret -t $tenant\n"
            "az login --service-principal --user=$app --certificate a.pem --ten=$tenant\n"
            "az login --service-principal -u https://contoso.com/web --federated-token $token -t contoso.com\n"
            "az login --service-principal -u __APP_ID__ -p $secret -t TENANT_ID\n"
            "Connect-AzAccount @splat\nConnect-AzAccount -Identity\nConnect-AzAccount -ServicePrincipal @splat\n"
            "Connect-AzAccount -ServicePrincipal -Cred $c -TenantId $t\n"
            "Write-Host 'az login --service-principal'\n# az login --service-principal\n"
            "az login -u ada@contoso.com -p $secret\naz acr login -n contoso\n",
            shown=False,
        ),
        Example(
            TASK,
            "name: a\ncommand: |\n  az login --service-principal `\n    --username <appId> `\n"
            "    --password $env:SP `\n    --tenant <tenantId>\n"
            "  az login --service-principal -u <appId> -t contoso.com\n",
            shown=False,
        ),
        Example(SCRIPT, "function az { }\naz login --service-principal\n", shown=False),
        Example(
            SCRIPT,
            "if (Test-Path a) { az acr login -n contoso }\naz login --service-principal -u $a -p $b -t $c\n",
            shown=False,
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        az login --service-principal -u {{APP}} -t {{TENANT}}"
            " -p {{https://kv1.vault.azure.net/secrets/a}}\n"
            "  - name: ~/powershell\n    parameters:\n      command: az logout\n",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        scripts = scripts_of(context)
        before = False
        left: tuple[Script, SignIn] | None = None
        for script in scripts:
            if not script.holds("login", "azaccount", "logout", "azcontext"):
                continue
            signs = find_sign_ins(script.scalar.value, script.syntax)
            # Where a statement is cut in two, its operands are somewhere else.
            if not script.syntax.slips:
                for sign in signs:
                    yield from _of_operands(script, sign)
                if signs and not before:
                    yield from _too_early(script, signs[0])
            before = before or bool(signs)
            ends = max((call.start for call in script.syntax.calls if is_sign_out(call)), default=-1)
            if left is not None and ends >= 0:
                left = None
            for sign in signs:
                if sign.is_service_principal and sign.call.start > ends and _stays(script, sign):
                    left = left or (script, sign)
        if left is not None and context.kind in (IMAGE, USER) and not _runs_files(scripts):
            yield _left_signed_in(*left)


def _of_operands(script: Script, sign: SignIn) -> Iterator[Finding]:
    # A placeholder in angle brackets is a redirection to PowerShell, which takes the operands round it away.
    statement = _STATEMENT.match(script.text, sign.call.start)
    if statement is not None and "<" in statement.group():
        return
    application, tenant = sign.application, sign.tenant
    shown = "az login" if sign.is_cli else script.written(sign.call)
    if not sign.is_service_principal:
        if sign.is_cli and not sign.is_managed_identity and _is_guid(application):
            end = script.span(sign.call.arguments[0].start, sign.call.arguments[0].end).end
            yield name_finding(script, sign.call, 1, "")._replace(
                message="`az login` takes the application id for the name of a user: add `--service-principal`",
                fix=Fix("add `--service-principal`", (Edit(Span(end, end), " --service-principal"),)),
            )
        return
    missing = [] if sign.is_open else _missing(sign)
    if missing:
        needed = " and ".join(missing)
        yield name_finding(
            script, sign.call, 1 if sign.is_cli else 0, f"`{shown}` of a service principal needs {needed}: add it"
        )
    for operand, what, judge in (
        (application, "an application id", _application_trouble),
        (tenant, "a tenant", _tenant_trouble),
    ):
        trouble = judge(operand.literal) if operand is not None and operand.literal is not None else None
        if operand is not None and trouble is not None:
            yield Finding(script.span(operand.start, operand.end), f"{trouble}, and not {what}: write {_MEANT[what]}")
    if application is not None and tenant is not None and _is_guid(application) and _is_guid(tenant):
        first, second = application.literal or "", tenant.literal or ""
        if first.lower() == second.lower():
            yield Finding(
                script.span(tenant.start, tenant.end),
                "the tenant is the same GUID as the application id: write the tenant's own id or its domain",
            )


_MEANT = {
    "an application id": "the `appId` of the service principal, a GUID such as `00000000-0000-0000-0000-000000000000`",
    "a tenant": "the tenant's id, a GUID, or its domain such as `contoso.onmicrosoft.com`",
}


def _missing(sign: SignIn) -> list[str]:
    given = {name for name, operand in sign.given.items() if operand is not None}
    missing = []
    if sign.is_cli:
        if "username" not in given:
            missing.append("`--username` with the application id")
        if not any(name in sign.given for name in _PROOFS):
            missing.append("`--password` with the reference to its secret")
        elif "password" in sign.given and "password" not in given:
            missing.append("a value after `--password`")
        if "tenant" not in given:
            missing.append("`--tenant`")
    else:
        if not any(name in given for name in _CONNECT_PROOFS):
            missing.append("`-Credential`" if "applicationid" not in given else "`-CertificateThumbprint`")
        if "tenant" not in given:
            missing.append("`-Tenant`")
    return missing


def _is_guid(operand: Operand | None) -> bool:
    return operand is not None and operand.literal is not None and _GUID.fullmatch(operand.literal) is not None


def _application_trouble(text: str) -> str | None:
    """What an application id is instead; the text is never shown, since a secret may have got into its place."""
    return None if ":" in text else _trouble(text)


def _tenant_trouble(text: str) -> str | None:
    return None if "." in text and "@" not in text else _trouble(text)


def _trouble(text: str) -> str | None:
    if _GUID.fullmatch(text):
        return None
    return "this is the name of a user" if "@" in text else _no_guid(text)


def _no_guid(text: str) -> str | None:
    if _NEARLY_GUID.fullmatch(text) and sum(mark.isdigit() for mark in text) > 3 and len(set(text)) > 4:
        return "this is no valid GUID (8, 4, 4, 4 and 12 of the digits 0-9 and a-f)"
    if len(text) < 4 or " " in text or text.isupper() or _STANDS_IN.search(text):
        return None
    return "this is a name"


def _too_early(script: Script, first: SignIn) -> Iterator[Finding]:
    """A command that needs the sign-in and stands before it, where nothing says that either may not run."""
    start = first.call.start
    if first.call.outer is not None or "{" in script.text[:start] or not first.is_cli:
        return
    for call in script.syntax.calls:
        if call.start >= start:
            return
        words = _needing(call)
        if words and call.outer is None:
            named = " ".join(word.text for word in call.arguments[:words])
            yield name_finding(
                script, call, words, f"`az {named}` needs the sign-in that comes after it: put `az login` before it"
            )
            return


def _needing(call: Call) -> int:
    """The number of words that name a command that needs a sign-in; 0 for any other."""
    if is_az(call, "acr", "login"):
        return 2 if call.option("--username", "-u") is None else 0
    if is_az(call, "storage") and call.option("--auth-mode") == "login":
        return min(3, sum(1 for _ in _words(call)))
    return 0


def _words(call: Call) -> Iterator[str]:
    for argument in call.arguments:
        if argument.text.startswith("-"):
            return
        yield argument.text


def _stays(script: Script, sign: SignIn) -> bool:
    scope = sign.given.get("scope")
    is_process = not sign.is_cli and scope is not None and (scope.literal or "process").lower() == "process"
    return not is_process and not script.holds("azure_config_dir", "disable-azcontextautosave")


def _runs_files(scripts: Sequence[Script]) -> bool:
    return any(script.holds(".ps1", "-encodedcommand") for script in scripts)


def _left_signed_in(script: Script, sign: SignIn) -> Finding:
    end = "az logout" if sign.is_cli else "Disconnect-AzAccount"
    whose = "for the user of the dev box" if script.is_user else "for whatever runs later as this account"
    return name_finding(
        script,
        sign.call,
        1 if sign.is_cli else 0,
        f"the service principal stays signed in {whose}: end with `{end}`",
    )._replace(severity=Severity.INFO)
