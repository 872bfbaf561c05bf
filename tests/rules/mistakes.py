"""Mistakes on which rules have other words than on their own examples, by the rule's name."""

from __future__ import annotations

from typing import NamedTuple

from devbox_lint.customization.kinds import Kind
from devbox_lint.rule import IMAGE, TASK, USER

PATH = "web/imagedefinition.yaml"
LIMITED = (
    "tasks/limited/task.yaml",
    "name: limited\ncommand: x\nparameters:\n"
    "  code:\n    type: string\n    minLength: 2\n    maxLength: 4\n"
    "  letter:\n    type: string\n    allowed: [a, b, c, d, e, f, g, h, i]\n"
    "  word:\n    type: string\n    validationRegex: ^[a-c]{2,5}$\n"
    "  quick:\n    type: boolean\n  size:\n    type: number\n",
)
MANY = ("tasks/many/task.yaml", "name: many\ncommand: x\nparameters:\n" + "".join(f"  p{n}:\n" for n in range(9)))
NONE = ("tasks/none/task.yaml", "name: none\ncommand: x\n")


class Mistake(NamedTuple):
    kind: Kind
    text: str
    path: str = ""
    beside: tuple[tuple[str, str], ...] = ()


def _image(*texts: str) -> list[Mistake]:
    return [Mistake(IMAGE, text) for text in texts]


def _user(*texts: str) -> list[Mistake]:
    return [Mistake(USER, text) for text in texts]


def _task(*texts: str) -> list[Mistake]:
    return [Mistake(TASK, text) for text in texts]


def _entry(name: str, *parameters: str) -> str:
    return f"tasks:\n- name: {name}\n  parameters:\n" + "".join(f"    {parameter}\n" for parameter in parameters)


def _value(*values: str) -> list[str]:
    return [_entry("t", f"pat: '{value}'") for value in values]


def _limited(*parameters: str) -> list[Mistake]:
    return [Mistake(IMAGE, _entry("limited", parameter), PATH, (LIMITED, MANY, NONE)) for parameter in parameters]


MISTAKES: dict[str, list[Mistake]] = {
    "syntax-error": _image(
        "name: web\n[a\n",
        "name: web\ndescription: {a\n",
        'name: web\ndescription: "a\nimage: b\n',
        "name: web\nanything\nimage: b\n",
        "name: web\ndescription: | text\nimage: b\n",
        "name: web\ndescription: @a\n",
        "name: web\ndescription: `a`\n",
        "name: web\n%a b\nimage: c\n",
        "%a b\nname: web\n",
        "%YAML 3\nname: web\n",
        "%YAML x\nname: web\n",
        "name: web\ndescription: [\n%a\n]\n",
        "name: web\n- a\nimage: c\n",
        "name: web\n}\nimage: c\n",
        "- a\nname: web\n",
        "tasks:\n- name: a\n  parameters:\n    command: |\n      a\n   b\n- name: c\n",
        "tasks:\n- name: a\n  parameters:\n    command: |\n      a\n     b\n      c\n   d: e\n",
        "name: web\ndescription: *nowhere\n",
        "name: web\ndescription: &a &b c\n",
        "name: web\ndescription: [a]]\n",
        "name: web\ntasks: [a, b\nimage: c\n",
        "a: b: c: d\n",
        "name: web\n? a\n b\n",
    ),
    "bad-indentation": _image(
        "  name: web\nimage: b\n",
        "  name: web\n image: b\n",
        "name: web\ntasks:\n- name: a\n   displayName: b\n",
        "name: web\ntasks:\n  - name: a\n - name: b\n- name: c\n",
        "name: web\ntasks:\n  - name: a\n    parameters:\n      b: c\n     d: e\n",
        "name: web\ntasks:\n  - name: a\n    parameters:\n      b: c\n        d: e\n",
        "name: web\ntasks:\n    - name: a\n  - name: b\n  - name: c\n",
        "name: web\ndescription: a\n  image: b\n",
        "name: web\nparameters:\n  a: b\n  - c\n",
        "tasks:\n- name: ~/powershell\n  parameters:\n    command: x\nscript: a\n",
        "tasks:\n- name: a\n  timeout: 3\ndisplayName: b\ncondition: c\ntimeout: 4\n",
        "tasks:\n- name: a\n  timeout:\ntimeout: 4\n",
        "tasks:\n  -   name: a\n     displayName: b\n",
    ),
    "tab-indentation": _image(
        "\tname: web\n",
        "tasks:\n-\tname: a\n\t\tdisplayName: b\n",
        "tasks:\n- name: a\n  parameters:\n\t\tb: c\n",
        "tasks:\n- name: a\n \tdisplayName: b\n",
        "tasks:\n\t- name: a\n",
        "tasks:\n- name: a\n\tdisplayName: b\n\ttimeout: 3\n",
        "name: web\n\timage: b\n",
    ),
    "malformed-image": _image(
        "image: ''\n", "image: ' '\n", "image: Contoso/tools@1.0\n", "image: Contoso/tools@\n", "image: a b\n"
    ),
    "unknown-marketplace-image": _image(
        "image: microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cp\n",
        "image: microsoftwindowsdesktop_windows-ent-cpc_win11-26h2-ent-cpc\n",
        "image: contoso_windows_win\n",
    ),
    "unsupported-schema-version": _image(
        "$schema: '2.0'\n", "$schema: ''\n", f"$schema: https://example.org/{'a' * 60}\n", "$schema: latest\n"
    ),
    "missing-name": [*_task("command: x\n"), *_user("tasks:\n- displayName: a\n"), *_image("image: a/b\n")],
    "empty-value": _image("tasks:\n-\n- name: x\n", "name:\n", "tasks:\n- name:\n  parameters:\n"),
    "unknown-key": [
        *_image(
            "variables:\n  v:\n    type: string\n    colour: red\n",
            "parameters:\n  v:\n    type: string\n    runAs: red\n",
            "buildProperties:\n  colour: red\n",
            "tasks:\n- name: x\n  image: y\n",
            "tasks:\n- name: x\n  colour: y\n",
            "tasks:\n- name: x\n  naem: y\n  params: z\n  catalog: w\n",
            "baseImage: a\n",
            "command: a\n",
            f"{'a' * 41}: b\n{'c' * 40}: d\n",
            "runAs: user\n",
            "tasks:\n- type: winget\n",
            "tasks:\n- type: true\n",
            "tasks:\n- name: y\n  displayNme: a\n  displyName: b\n",
        ),
        *_task("run: a\n", "image: b\n", "runAs: user\n", "parameters:\n  a:\n    tpe: string\n"),
        *_user("schemaVersion: 1\n", "keywords: []\n"),
    ],
    "wrong-type": [
        *_image(
            "- a\n",
            "text\n",
            "3\n",
            "true\n",
            "tasks: text\n",
            "tasks: 3\n",
            "tasks: {a: b}\n",
            "tasks:\n  a: b\n",
            "name: [a]\n",
            "name:\n  a: b\n",
            "tasks:\n- text\n",
            "tasks:\n- 3\n",
            "tasks:\n- [a]\n",
            "tasks:\n- name: x\n  parameters:\n  - a: b\n",
            "tasks:\n- name: x\n  parameters:\n    a: [b]\n",
            "tasks:\n- name: x\n  timeout: [b]\n",
            "parameters:\n  a: b\n",
            "parameters:\n- a\n",
            "variables:\n  a: 3\n",
            "buildProperties: a\n",
        ),
        *_task("inputs:\n  a: b\n", "parameters: []\n", "keywords: a\n", "rebootRequired: maybe\n"),
    ],
    "misplaced-key": _user(
        "tasks:\n- name: ~/winget\n  package: x\n",
        "tasks:\n- name: ~/winget\n  parameters:\n    package: x\n  version: 1\n",
        "tasks:\n- name: ~/winget\n  parameters: {package: x}\n  version: 1\n",
        "tasks:\n- name: x\n  parameters:\n  other: y\n",
    ),
    "unknown-builtin-task": _image(
        *(_entry(name, "a: b") for name in ("~/WinGet", "~/git", "~\\winget", "~winget", "~/nothing", "~/gitclon")),
        _entry("__INTRINSIC_WinGt__", "a: b"),
    ),
    "unknown-task": [
        Mistake(IMAGE, _entry(name), PATH, (LIMITED, MANY)) for name in ("limted", "catalog/limted", "far-away")
    ],
    "unknown-parameter": [
        *_image(
            _entry("~/winget", "configuration: x"),
            _entry("~/winget", "configure: C:\\x.yaml"),
            _entry("~/winget", "configure: https://a.io/b.yaml"),
            _entry("~/winget", "configure: C:\\x.yaml", "package: a"),
            _entry("~/winget", "url: https://a.io/b.yaml"),
            _entry("~/winget", "runAs: x"),
            _entry("~/winget", "displayName: x"),
            _entry("~/winget", "nothing: x"),
            _entry("~/winget", "packages: a,b"),
            _entry("~/powershell", "timeout: x"),
            _entry("~/powershell", "arguments: x"),
        ),
        *_limited("cod: x", "nothing: x", "condition: x", "runAsUser: x"),
        Mistake(IMAGE, _entry("many", "x: y"), PATH, (MANY,)),
        Mistake(IMAGE, _entry("many", "p9: y"), PATH, (MANY,)),
        Mistake(IMAGE, _entry("none", "x: y"), PATH, (NONE,)),
    ],
    "parameter-type": [
        *_limited("quick: maybe", "size: big", "quick: TRUE", "size: '3'", "code: 12", "code: yes", "code: true"),
        *_image(_entry("~/winget", "package: a", "version: 1.10"), _entry("~/winget", "package: a", "version: 010")),
    ],
    "parameter-value": _limited(
        "code: null\n    letter: k",
        "code: a",
        "code: abcde",
        "letter: k",
        "word: abd",
        "word: abc",
        "code: ''",
        "code: null",
        "word: '{{a}}'",
    ),
    "parameter-constraints": _task(
        *(
            f"parameters:\n  a:\n    type: string\n{lines}"
            for lines in (
                "    minLength: 3\n    maxLength: 2\n",
                "    validationRegex: (\n",
                "    allowed: [a, b]\n    default: c\n",
                "    minLength: 3\n    default: a\n",
                "    maxLength: 1\n    default: ab\n",
                "    allowed: []\n",
                "    allowed: [abc]\n    maxLength: 2\n",
            )
        )
    ),
    "parameter-declaration": _image(
        "parameters:\n  a:\n    type: string\n",
        "parameters:\n  a:\n    default: x\n",
        "variables:\n  a:\n    description: x\n",
        "parameters:\n  a: {}\n",
    ),
    "invalid-timeout": [
        *_user(
            *(f"tasks:\n- name: x\n  timeout: {timeout}\n" for timeout in ("0", "-3", "1.5h", "2 min", "PT1H", "x"))
        ),
        *_task("timeout: 90 minutes\n", "timeout: 90 seconds\n", "timeout: 0 seconds\n"),
    ],
    "timeout-unit": [
        *_user(*(f"tasks:\n- name: x\n  timeout: {timeout}\n" for timeout in (1, 30, 59, 60))),
        *_task(*(f"timeout: {timeout}\n" for timeout in (240, 241, 600, 601, 3600, 7230))),
    ],
    "store-package": _user(
        _entry("~/winget", "package: 9P7KNL5RWT25"),
        _entry("~/winget", "package: 9P7KNL5RWT25", "source: x"),
        _entry("~/winget", "package: 9P7KNL5RWT25", "useStore: x"),
    ),
    "ignored-parameter": _user(
        _entry("~/winget", "version: '1'", "configurationFile: C:\\a.yaml"),
        _entry("~/winget", "version: '1'", "downloadUrl: https://a.io/b.yaml"),
        _entry("~/winget", "version: '1'", "package: a", "downloadUrl: https://a.io/b.yaml"),
        _entry("~/powershell", "command: a", "script: C:\\a.ps1"),
    ),
    "winget-without-source": _user(_entry("~/winget", "version: '1'"), "tasks:\n- name: ~/winget\n"),
    "duplicate-task": _user(
        "tasks:\n- name: a\n  parameters: {b: c}\n- name: a\n  parameters: {b: c}\n",
        "tasks:\n- parameters: {b: c}\n- parameters: {b: c}\n",
        "tasks:\n- name: '{{a}}'\n  parameters: {b: c}\n- name: '{{a}}'\n  parameters: {b: c}\n",
        "tasks:\n- name: a\n- name: a\n",
    ),
    "builtin-without-prefix": _user(
        _entry("winget", "package: a"),
        "tasks:\n- task: winget\n  name: winget\n",
        "tasks:\n- task: winget\n  name: winget\n  parameters: {package: a}\n",
        "setupTasks:\n- name: winget\n  parameters: {package: a}\n",
        "tasks:\n- name: winget\n  inputs: {package: a}\n",
        _entry("' winget'", "package: a"),
    ),
    "clone-url-not-supported": _user(
        *(
            _entry("~/gitclone", f"repositoryUrl: {url}", "pat: '{{ado://o}}'")
            for url in (
                "git@github.com:a/b.git",
                "http://github.com/a/b",
                "https://dev.azure.com/a b/c/_git/d",
                "https://dev.azure.com/o/My%20Team/_git/r",
                "https://dev.azure.com/o/p/_git/r/",
                "https://dev.azure.com/o/p/_git/X",
                "https://dev.azure.com/o/p/_git/",
                "https://dev.azure.com/o/p",
                "https://me:word@github.com/a/b",
            )
        )
    ),
    "url-in-configuration-file": _user(
        _entry("~/winget", "configurationFile: https://a.io/b.yaml"),
        _entry("~/winget", "configurationFile: https://a.io/b.yaml", "downloadUrl: c"),
        "tasks:\n- name: x\n- name: ~/winget\n  parameters:\n    configurationFile: HTTPS://a.io/b.yaml\n",
    ),
    "relative-path": _user(
        _entry("~/powershell", "script: .\\a.ps1"),
        _entry("~/powershell", "script: a.ps1", "workingDirectory: C:\\b"),
        _entry("~/winget", "configurationFile: a.yaml"),
    ),
    "malformed-secret-uri": _user(
        *_value(
            *(
                f"{{{{{address}}}}}"
                for address in (
                    "http://kv1.vault.azure.net/secrets/a",
                    "https:/kv1.vault.azure.net/secrets/a",
                    "kv1.vault.azure.net/secrets/a",
                    "https://kv1.vault.azure.com/secrets/a",
                    "https://kv1.vaultcore.azure.net/secrets/a",
                    "https://kv1.managedhsm.azure.net/secrets/a",
                    "https://kv1/secrets/a",
                    "https://example.org/secrets/a",
                    "https://1kv.vault.azure.net/secrets/a",
                    "https://me@kv1.vault.azure.net/secrets/a",
                    "https://kv1.vault.azure.net:8443/secrets/a",
                    "https://kv1.vault.azure.net/secret/a",
                    "https://kv1.vault.azure.net/a",
                    "https://kv1.vault.azure.net/foo/a",
                    "https://kv1.vault.azure.net/secrets",
                    "https://kv1.vault.azure.net",
                    "https://kv1.vault.azure.net/secrets/my_secret",
                    f"https://kv1.vault.azure.net/secrets/{'a' * 128}",
                    "https://kv1.vault.azure.net/secrets/a/latest",
                    "https://kv1.vault.azure.net/secrets/a/123",
                    "https://kv1.vault.azure.net/secrets/a/<version>",
                    "https://kv1.vault.azure.net/secrets/a/0123456789abcdef0123456789abcdef/b",
                    "https://kv1.vault.azure.net/secrets/a?b",
                    "https://kv1.vault.azure.net/secrets/a#b",
                    "https://kv1.vault.azure.net/<collection>/a",
                    "https://kv1.vault.azure.net//secrets/a",
                    "https://",
                )
            )
        )
    ),
    "not-a-secret": _user(
        *_value(*(f"{{{{https://kv1.vault.azure.net/{what}/a}}}}" for what in ("keys", "certificates", "storage")))
    ),
    "malformed-ado-reference": _user(
        *_value(
            *(
                f"{{{{{address}}}}}"
                for address in (
                    "ado://",
                    "ado:contoso",
                    "ado:/contoso",
                    "ado://contoso/web",
                    "ado://con_toso",
                    "ado://dev.azure.com",
                    "ado://dev.azure.com/contoso/web",
                    "ado://dev.azure.com/con_toso",
                    "ado://contoso.visualstudio.com",
                    "https://dev.azure.com/contoso",
                    "https://contoso.visualstudio.com",
                    "https://dev.azure.com/con_toso",
                    "https://dev.azure.com",
                    "ado://<organization>",
                )
            ),
            "ado://contoso",
            " ado://contoso ",
            "ado://con_toso",
        )
    ),
    "ado-in-team-file": _image(
        *_value("{{ado://contoso}}", "{{ado://}}", "{{ado}}"), "parameters:\n  a:\n    default: '{{ado://b}}'\n"
    ),
    "bare-ado": _user(
        *_value("{{ado}}"),
        _entry("~/gitclone", "repositoryUrl: https://dev.azure.com/contoso/p/_git/r", "pat: '{{ado}}'"),
    ),
    "foreign-expression": [
        *(
            Mistake(kind, text)
            for kind in (IMAGE, USER)
            for text in _value("${{ secrets.PAT }}", "$(name)", "${{ parameters.name }}", "$(my-token)", "{name}")
        ),
        *_image("parameters:\n  name:\n    type: string\n" + _entry("t", "a: '${{ parameters.NAME }}'")),
        *_task("command: x ${{ parameters.name }}\n"),
    ],
    "placeholder-left": _user(
        *_value(
            "<token>",
            "<your token>",
            "your-token-here",
            "YOUR_TOKEN",
            "{{<TOKEN>}}",
            "{{YOUR_PAT}}",
            "{{https://<vault>.vault.azure.net/secrets/a}}",
            "{{ado://<organization>}}",
            "<ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8>",
        ),
        _entry("~/gitclone", "repositoryUrl: https://github.com/<owner>/b"),
        _entry("~/gitclone", "repositoryUrl: https://github.com/<owner>/b <c"),
        _entry("~/gitclone", "repositoryUrl: <url>"),
        _entry("~/gitclone", "repositoryUrl: '<url> '"),
        _entry("t", "a: '{{ado://<organization>'"),
        _entry("t", "a: 'of {{YOUR_PAT}} and {{<b>}}'"),
        _entry("~/powershell", "command: git clone {{YOUR_PAT}} <repository>"),
        _entry("t", "a: <b>{{https://kv1.vault.azure.net/secrets/<c>}}<d>"),
    ),
    "pinned-secret-version": _user(
        *_value("{{https://kv1.vault.azure.net/secrets/a/0123456789abcdef0123456789abcdef}}")
    ),
    "secret-exposed": _user(
        _entry("~/powershell", "command: Write-Host {{https://kv1.vault.azure.net/secrets/a}}"),
        _entry("~/powershell", "command: \"$a = '{{https://kv1.vault.azure.net/secrets/a}}'; Write-Host $a\""),
        _entry("~/powershell", "command: \"'{{https://kv1.vault.azure.net/secrets/a}}' > C:\\\\a.txt\""),
    ),
    "secret-uri-without-braces": _user(
        *_value("https://kv1.vault.azure.net/secrets/a", "{https://kv1.vault.azure.net/secrets/a}"),
    ),
}
