"""The commands that take a secret as an operand, as data: how each is told, and what stands before its secret."""

from __future__ import annotations

from devbox_lint.startup import NamedTuple


class Option(NamedTuple):
    """One way to hand a command a secret.

    ``command`` finds the command in a script, whatever its case; ``before`` what stands right before the
    secret, in what follows the command. ``has_user`` means that the word is ``user:secret``; ``once`` that
    the command has but one secret.
    """

    label: str
    command: str
    before: str
    has_user: bool = False
    once: bool = True


_NAME = r"(?<![\w.-])"
# In prose there is no option, and the word after the name no password.
_NEW_USER = (
    r"(?:[^\r\n;|&\"']|\"[^\"\r\n]*\"|'[^'\r\n]*'){0,300}/(?:add|active|expires|times|domain|y|logon)"
    r"|[ \t]{1,20}\S{1,100}[ \t]{1,20}\S{0,60}?[0-9@#!$%^&*]\S{0,60}[ \t]*(?:[\r\n;|]|\Z)"
)
_EXE = r"(?:\.exe|\.cmd)?[\"']?"
_BLANK = r"(?:[ \t]|[`^\\][ \t]*\r?\n)++"
_AFTER = r"(?:=|[ \t]++|[ \t]*+[`^\\][ \t]*\r?\n[ \t]*+)"


def _option(names: str) -> str:
    return rf"(?<![^\s`])(?:{names}){_AFTER}"


_NET_USER = Option(
    "net user",
    rf"{_NAME}net1?{_EXE}{_BLANK}user\b(?={_NEW_USER})",
    r"\A[ \t]++(?:\"[^\"\r\n]++\"|'[^'\r\n]++'|[^\s/\"']\S*+)[ \t]++(?!/)",
)

#: Each command with a text that its script holds in lower case.
COMMANDS: tuple[tuple[str, Option], ...] = (
    ("login", Option("az login -p", rf"{_NAME}az{_EXE}{_BLANK}login\b", _option("-p|--password"))),
    ("login", Option("az acr login -p", rf"{_NAME}az{_EXE}{_BLANK}acr{_BLANK}login\b", _option("-p|--password"))),
    (
        "--value",
        Option(
            "az keyvault secret set --value",
            rf"{_NAME}az{_EXE}{_BLANK}keyvault{_BLANK}secret{_BLANK}set\b",
            _option("--value"),
        ),
    ),
    ("login", Option("docker login -p", rf"{_NAME}docker{_EXE}{_BLANK}login\b", _option("-p|--password"))),
    ("login", Option("podman login -p", rf"{_NAME}podman{_EXE}{_BLANK}login\b", _option("-p|--password"))),
    (
        "login",
        Option(
            "helm registry login -p", rf"{_NAME}helm{_EXE}{_BLANK}registry{_BLANK}login\b", _option("-p|--password")
        ),
    ),
    ("login", Option("oc login -p", rf"{_NAME}oc{_EXE}{_BLANK}login\b", _option("-p|--password|--token"))),
    ("net use", _NET_USER),
    ("net.exe", _NET_USER),
    (
        "net use",
        Option(
            "net use",
            rf"{_NAME}net{_EXE}{_BLANK}use\b(?=[^\r\n]{{0,300}}/user:)",
            r"\\\\[^\s\"']{1,260}+[\"']?[ \t]++(?!/)|/user:(?:\"[^\"\r\n]{1,200}+\"|\S{1,200}+)[ \t]++(?!/)",
        ),
    ),
    ("sqlcmd", Option("sqlcmd -P", rf"{_NAME}sqlcmd{_EXE}(?=\s)", r"(?<=\s)-P[ \t]*+")),
    ("bcp", Option("bcp -P", rf"{_NAME}bcp{_EXE}(?=\s)", r"(?<=\s)-P[ \t]*+")),
    (
        "mysql",
        Option("mysql -p", rf"{_NAME}mysql(?:dump|admin|import|sh)?{_EXE}(?=\s)", r"(?<=\s)(?:-p(?=\S)|--password=)"),
    ),
    ("curl", Option("curl -u", rf"{_NAME}curl{_EXE}(?=\s)", _option("-u|--user|-U|--proxy-user"), has_user=True)),
    ("curl", Option("curl --oauth2-bearer", rf"{_NAME}curl{_EXE}(?=\s)", _option("--oauth2-bearer|--pass"))),
    ("wget", Option("wget --password", rf"{_NAME}wget{_EXE}(?=\s)", _option("--(?:http-|ftp-|proxy-)?password"))),
    ("cmdkey", Option("cmdkey /pass", rf"{_NAME}cmdkey{_EXE}(?=\s)", r"(?i)/p(?:ass)?:")),
    ("psexec", Option("psexec -p", rf"{_NAME}psexec(?:64)?{_EXE}(?=\s)", _option("-p"))),
    ("schtasks", Option("schtasks /rp", rf"{_NAME}schtasks{_EXE}(?=\s)", r"(?i)(?<=\s)/r?p[ \t]++")),
    ("nuget", Option("nuget -p", rf"{_NAME}dotnet{_EXE}{_BLANK}nuget\b", _option("-p|--password|-k|--api-key"))),
    (
        "choco",
        Option("choco source add -p", rf"{_NAME}choco(?:latey)?{_EXE}{_BLANK}sources?\b", _option("-p|--password")),
    ),
    (
        "choco",
        Option(
            "choco apikey -k",
            rf"{_NAME}choco(?:latey)?{_EXE}{_BLANK}(?:apikey|setapikey|push)\b",
            _option("-k|--key|--api-?key"),
        ),
    ),
    ("setapikey", Option("nuget setapikey", rf"{_NAME}nuget{_EXE}{_BLANK}setapikey\b", r"\A[ \t]++(?!-)")),
    (
        "nuget",
        Option(
            "nuget push",
            rf"{_NAME}nuget{_EXE}{_BLANK}push\b",
            r"\A[ \t]++(?!-)(?:\"[^\"\r\n]++\"|'[^'\r\n]++'|[^\s\"']++)[ \t]++(?!-)",
        ),
    ),
    (
        "npm",
        Option(
            "npm config set",
            rf"{_NAME}(?:p?npm|yarn){_EXE}{_BLANK}(?:config{_BLANK})?set\b",
            r"(?:(?<=:)|(?<![^\s\"']))_(?:authToken|auth|password)[\"']?(?:=|[ \t]++)",
        ),
    ),
    (
        "helm",
        Option(
            "helm --set",
            rf"{_NAME}helm{_EXE}(?=\s)",
            r"(?i)(?:--set(?:-string|-literal)?[ =][\"']?|,)[^\s\"',=]{0,200}"
            r"(?:password|passwd|secret|token|apikey|accesskey)=",
            once=False,
        ),
    ),
    (
        "terraform",
        Option(
            "terraform -var",
            rf"{_NAME}(?:terraform|tofu){_EXE}(?=\s)",
            r"(?i)--?var[ =][\"']?[\w.-]{0,100}(?:password|passwd|secret|token|api_?key|access_?key)\w{0,20}=",
            once=False,
        ),
    ),
    (
        "password=",
        Option(
            "sc config password=",
            rf"{_NAME}sc{_EXE}{_BLANK}(?:\\\\\S+[ \t]+)?(?:config|create)\b",
            r"(?i)(?<=\s)password=[ \t]*+",
        ),
    ),
    (
        "netsh",
        Option(
            "netsh key=", rf"{_NAME}netsh{_EXE}(?=\s)", r"(?i)(?<=\s)(?:key|password|userpassword|sharedsecret)=[ \t]*+"
        ),
    ),
    (
        "configure",
        Option(
            "aws configure set",
            rf"{_NAME}aws{_EXE}{_BLANK}configure{_BLANK}set\b",
            r"(?<=\s)aws_(?:secret_access_key|session_token)[ \t]++",
        ),
    ),
    ("snyk", Option("snyk auth", rf"{_NAME}snyk{_EXE}{_BLANK}auth\b", r"\A[ \t]++(?!-)")),
    (
        "autologon",
        Option(
            "autologon",
            rf"(?m)(?:^|[\\/;&|])[ \t]*[\"']?autologon(?:64)?{_EXE}(?=\s)",
            r"\A[ \t]++[^\s/-]\S*+[ \t]++[^\s/-]\S*+[ \t]++(?!/)",
        ),
    ),
    ("twine", Option("twine -p", rf"{_NAME}twine{_EXE}(?=\s)", _option("-p|--password"))),
    ("plink", Option("plink -pw", rf"{_NAME}(?:plink|pscp|psftp){_EXE}(?=\s)", _option("-pw"))),
    ("sshpass", Option("sshpass -p", rf"{_NAME}sshpass(?=\s)", r"(?<=\s)-p[ \t]*+")),
    ("certutil", Option("certutil -p", rf"{_NAME}certutil{_EXE}(?=\s)", r"(?i)(?<=\s)-p[ \t]++")),
    ("signtool", Option("signtool /p", rf"{_NAME}signtool{_EXE}(?=\s)", r"(?i)(?<=\s)[-/]p[ \t]++")),
    ("config.cmd", Option("config.cmd --token", r"config\.cmd(?=\s)", _option("--token"))),
)

#: What stands in a script that may build a secure string or a credential object.
OBJECTS = ("-asplain", "pscredential", "networkcredential")
