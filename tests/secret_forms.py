"""Small files with a secret in each position and each broken form that people write: `X` stands for the secret."""

from __future__ import annotations

HEAD = '$schema: "1.0"\nname: web\nimage: gallery/web@1.0.0\ntasks:\n  - name: web/deploy\n    parameters:\n'
_SCRIPT = HEAD.replace("web/deploy", "~/powershell") + "      command: |\n        "

#: What follows six blanks in the parameters of a task.
PARAMETERS = (
    "password: X",
    "password: 'X'",
    'password: "X"',
    "adminPassword: *X",
    "adminPassword: &X",
    "adminPassword: !X",
    "adminPassword: !X abc",
    "adminPassword: &X abc",
    "adminPassword: #X",
    "adminPassword: a#X",
    "adminPassword: a #X",
    "adminPassword: %X",
    "adminPassword: @X",
    "adminPassword: `X",
    "adminPassword: |X",
    "adminPassword: >X",
    "adminPassword: -X",
    "adminPassword: - X",
    "adminPassword: ? X",
    "adminPassword: X: y",
    "adminPassword: X:",
    "adminPassword: {X}",
    "adminPassword: {a: X}",
    "adminPassword: {X: a}",
    "adminPassword: [X]",
    "adminPassword: [a, X",
    "adminPassword: {a: X",
    "adminPassword: X}",
    "adminPassword: X]",
    "adminPassword: 'X",
    'adminPassword: "X',
    "adminPassword: X'",
    "adminPassword: 'X' y",
    "adminPassword: 'X'y'",
    'adminPassword: "X\\q"',
    'adminPassword: "\\X"',
    "adminPassword: “X”",
    "adminPassword:X",
    "adminPassword :X",
    "adminPassword : X",
    "adminPassword = X",
    "adminPassword=X",
    "adminPassword=X: a",
    "adminPassword => X",
    "adminPassword\n        X",
    "adminPassword:\n        X",
    "adminPassword:\n      X",
    "adminPassword:\n    X",
    "adminPassword:\nX",
    "adminPassword:\n        - X",
    "adminPassword:\n      - X",
    "adminPassword:\n        a: X",
    "adminPassword:\n        value: X",
    "adminPassword:\n        ? X",
    "adminPassword:\n      ? X",
    "adminPassword:\n        X: a",
    "adminPassword: |\n        X",
    "adminPassword: |\n      X",
    "adminPassword: |\n    X",
    "adminPassword: >-\n        X\n        X",
    "adminPassword: 'a\n        X'",
    "adminPassword: a\n        X",
    "adminPassword:\n\n        X",
    "adminPassword:\t X",
    "\tadminPassword: X",
    "  adminPassword: X",
    "? adminPassword\n      : X",
    '"adminPassword": X',
    "'adminPassword': 'X'",
    "'adminPassword: X",
    "- adminPassword: X",
    "-adminPassword: X",
    "# adminPassword: X",
    "// adminPassword: X",
    "adminPassword: X # devbox-lint: ignore[credential-in-parameter]",
    "adminPassword: X\n      adminPassword: X",
    "adminPassword: {{X}}",
    "adminPassword: '{{X}}'",
    "adminPassword: '{{ X }}'",
    "adminPassword: '{{X}'",
    "adminPassword: '{X}}'",
    "adminPassword: '${{X}}'",
    "adminPassword: '$(X)'",
    "adminPassword: '$X'",
    "adminPassword: '%X%'",
    "adminPassword: '[X]'",
    "adminPassword: '<X>'",
    "adminPassword: '{{https://kv1.vault.azure.net/secrets/a}}X'",
    "adminPassword: 'X{{https://kv1.vault.azure.net/secrets/a}}'",
    "adminPassword: {{https://kv1.vault.azure.net/secrets/a}} X",
    "pat: X",
    "pat: '{{X}}'",
    "pat: {{X}}",
    "pat: X@dev.azure.com",
    "pat: https://X@dev.azure.com/a",
    "Pat:X",
    "personalAccessToken: !X",
    "apiKey: *X",
    "env:\n        - name: DB_PASSWORD\n          value: *X",
    "env: {DB_PASSWORD: *X}",
    "env: {DB_PASSWORD:X}",
    "env: [DB_PASSWORD=X]",
    "url: https://user:X@host/a b: [",
    "repoSecretBase64: *X",
)
#: Lines of a script.
SCRIPTS = (
    "ConvertTo-SecureString 'X -AsPlainText -Force",
    'ConvertTo-SecureString "X -AsPlainText -Force',
    "ConvertTo-SecureString -String X -AsPlainText -Force",
    "ConvertTo-SecureString X",
    "ConvertTo-SecureStrin -AsPlainText X -Password X",
    "$password = 'X",
    "$password = 'X'; Invoke-WebRequst https://a",
    '$password = "X$(',
    "$adminPassword='X')",
    "$env:SERVICE_TOKEN = X",
    "./a.ps1 -Password X -Pasword2 'X",
    "./a.ps1 --password=X --token 'X",
    "./a.ps1 -Password `\n          X",
    "az login --service-principal -u a -p 'X --tenant b",
    "az login --service-principal -u a --password {{X}} --tenant b",
    "docker login -u a -p X} b",
    "setx SERVICE_PASSWORD X",
    "[Environment]::SetEnvironmentVariable('SERVICE_TOKEN', 'X",
    "reg add HKLM\\a /v DefaultPassword /t REG_SZ /d X /f",
    "Set-ItemProperty HKLM:\\a -Name DefaultPassword -Value X -Pth b",
    'Set-Content a \'{"password": "X"}',
    "$h = @{ Password = 'X'; b = 1",
    "net user builder X /ad",
    "curl -u a:X https://a",
    "Write-Output {{pat}} '{{X}}' -Token '{{X}}'",
    "'<password>X</password>' | Set-Contnt a",
    "git clone https://a:X@host",
    '$c = "Server=a;User ID=b;Password=X;',
)
#: Whole files.
FILES = (
    "%TAG X\n---\nname: web\ntasks: []\n",
    "%X\n" + HEAD + "      a: b\n",
    "password: X\n" + HEAD + "      a: b\n",
    HEAD.replace("gallery/web@1.0.0", "*X\npassword: X") + "      a: b\n",
    "$schema: '1.0'\nname: web\nimage: gallery/web@1.0.0\nparameters:\n  adminPassword:\n    type: string\n"
    "    default: *X\ntasks:\n  - name: a\n    parameters:\n      b: '{{adminPassword}}'\n",
    "$schema: '1.0'\nname: web\nimage: gallery/web@1.0.0\nparameters:\n  adminPassword:\n    type: strin\n"
    "    default: '{{X}}'\n    allowed: ['X', {X}]\n    minLength: X\ntasks: []\n",
    "$schema: '1.0'\nname: web\nimage: gallery/web@1.0.0\nparameters:\n  adminPassword: X\ntasks: []\n",
    HEAD + "      a: |\n        password: X\n      b: [\n",
    HEAD + "     password: X\n       pat: X\n    token: X\n",
    "<<<<<<< HEAD\n" + HEAD + "      password: X\n=======\n      password: Xb\n>>>>>>> b\n",
    "".join(f"+{line}\n" for line in (HEAD + "      password: X\n      b: c").splitlines()),
    "```yaml\n" + HEAD + "      password: X\n```\n",
    '{"name": "web", "image": "gallery/web@1.0.0", "tasks": [{"name": "a", "parameters": {"password": "X}}]}\n',
    HEAD + "      a: '{{https://kv1.vault.azure.net/secrets/a}'\n      password: X\n     b: c\n",
)


def all_forms() -> list[str]:
    """The texts of the files, with `X` in the place of the secret."""
    return [
        *(f"{HEAD}      {form}\n      directory: C:\\src\n" for form in PARAMETERS),
        *(f"{_SCRIPT}{form}\n" for form in SCRIPTS),
        *FILES,
    ]


#: Forms in which the secret is not to be found: it is a reference, or the text tells not that it is a value.
_NOT_FOUND = (
    "adminPassword: '${{X}}'",
    "adminPassword: '$(X)'",
    "adminPassword: '$X'",
    "adminPassword: '%X%'",
    "adminPassword: '<X>'",
    "pat: https://X@dev.azure.com/a",
    "ConvertTo-SecureString X",
    '$password = "X$(',
    "$env:SERVICE_TOKEN = X",
    "net user builder X /ad",
)


def found_forms() -> list[str]:
    """The texts in which the secret must be found as well."""
    left_out = tuple(f"{form}\n" for form in _NOT_FOUND)
    return [
        form
        for form in all_forms()
        if not form.startswith("%") and not form.removesuffix("      directory: C:\\src\n").endswith(left_out)
    ]
