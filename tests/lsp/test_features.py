"""Every feature over the wire, with the capabilities of real editors."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from lsp.client import SERVER

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.filterwarnings("error::pytest_lsp.LspSpecificationWarning"),
]
NUMBERS = itertools.count()

HEAD = """\
$schema: "1.0"
name: web
image: Contoso/tools
parameters:
  branch:
    type: string
    default: main
"""


@pytest_lsp.fixture(
    scope="module",
    params=["visual-studio-code", "neovim", "emacs"],
    config=ClientServerConfig(server_command=list(SERVER)),
)
async def editor(request: pytest.FixtureRequest, lsp_client: LanguageClient) -> AsyncIterator[None]:
    @lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def registered(params: types.RegistrationParams) -> None:
        return None

    await lsp_client.initialize_session(
        types.InitializeParams(capabilities=client_capabilities(request.param), workspace_folders=[])
    )
    yield
    assert lsp_client.log_messages == []
    await lsp_client.shutdown_session()


class Opened:
    """A document that is open, and the place of ``‸`` in it."""

    def __init__(
        self, client: LanguageClient, text: str, path: Path | None = None, name: str = "imagedefinition"
    ) -> None:
        before, _, after = text.partition("‸")
        line = before.count("\n")
        self.text = before + after
        self.client = client
        self.uri = path.as_uri() if path is not None else f"file:///nowhere/{next(NUMBERS)}/{name}.yaml"
        # The texts here are ASCII up to the place, so that all encodings agree.
        self.position = types.Position(line, len(before) - before.rfind("\n") - 1)
        self.identifier = types.TextDocumentIdentifier(self.uri)
        item = types.TextDocumentItem(self.uri, "yaml", 1, self.text)
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    async def hover(self) -> str:
        hover = await self.client.text_document_hover_async(types.HoverParams(self.identifier, self.position))
        if hover is None:
            return ""
        assert isinstance(hover.contents, types.MarkupContent)
        return hover.contents.value.replace("\\", "")

    async def completion(self) -> dict[str, str]:
        """What the text of the line would be, for each label."""
        found = await self.client.text_document_completion_async(types.CompletionParams(self.identifier, self.position))
        if found is None:
            return {}
        assert isinstance(found, types.CompletionList)
        lines = self.text.split("\n")
        completed = {}
        for item in found.items:
            edit = item.text_edit
            assert isinstance(edit, types.TextEdit)
            line = lines[edit.range.start.line]
            assert edit.range.start.line == edit.range.end.line == self.position.line
            assert edit.range.start.character <= self.position.character <= edit.range.end.character
            completed[item.label] = (
                line[: edit.range.start.character] + edit.new_text + line[edit.range.end.character :]
            )
        return completed

    async def definition(self) -> list[tuple[str, int, int]]:
        found = await self.client.text_document_definition_async(types.DefinitionParams(self.identifier, self.position))
        assert isinstance(found, list | None)
        return [(place.uri, place.range.start.line, place.range.start.character) for place in found or ()]


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A repository with a task and an image definition that is open."""
    (tmp_path / ".git").mkdir()
    task = tmp_path / "Tasks" / "install-tools" / "task.yaml"
    task.parent.mkdir(parents=True)
    task.write_text(
        "# 😀\nname: install-tools\ndescription: Installs *our* tools.\nparameters:\n  edition:\n    type: string\n"
        "    required: true\n    allowed: [small, large]\n    description: How many of them.\ncommand: x {{edition}}\n",
        "utf-8",
    )
    return tmp_path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ta‸sks: []\n", "**System tasks**: array"),
        ("tasks:\n- disp‸layName: x\n", "A short text that the developer portal and the logs show"),
        ("tasks:\n- name: ~/win‸get\n", "**~/winget** (built into Dev Box)"),
        ("tasks:\n- name: ~/gitclone\n  parameters:\n    repo‸sitoryUrl: x\n", "`repositoryUrl`: string, required"),
        ("tasks:\n- name: ~/gitclone\n  parameters:\n    repositoryUrl: x‸\n", "The URL of the repository to clone."),
        ("tasks:\n- name: ~/powershell\n  parameters:\n    command: echo {{br‸anch}}\n", "`default`: `main`"),
        (
            "tasks:\n- name: x\n  parameters:\n    a: '{{https://kv-1.vault.azure.net/secrets/pat‸/}}'\n",
            "vault: `kv-1`",
        ),
        ("tasks:\n- name: x\n  parameters:\n    a: '{{ado://conto‸so}}'\n", "of the organization `contoso`"),
        ("tasks:\n- name: ~/git-cl‸one\n", "DBX201 unknown-builtin-task"),
        ("tasks:\n- name: choc‸o\n", "Microsoft's quick-start catalog"),
        ("tasks:\n  - ‸name: 3\n", "The task to run"),
        ("set‸upTasks: []\n", "write tasks instead.\n\nNo longer supported."),
        ("notAK‸ey: []\n", "DBX105 unknown-key"),
        ("tasks:\n- name: ~/winget\n  parameters:\n    pac‸ka: x\n", "DBX204 unknown-parameter"),
        ("tasks:\n- name: x\n  parameters:\n    a: '{{nobo‸dy}}'\n", "DBX310 undeclared-parameter"),
        (
            "tasks:\n- name: ~/powershell\n  parameters:\n    command: |\n      New-It‸em C:\\a\n",
            "**New-Item**\n\nA command of the module `Microsoft.PowerShell.Management`.\n\nParameters: `-",
        ),
        (
            "tasks:\n- name: ~/powershell\n  parameters:\n    command: |\n      g‸ci C:a\n",
            "**Get-ChildItem** (`gci` is an alias of it)",
        ),
        (
            "tasks:\n- name: ~/powershell\n  parameters:\n    command: |\n      Remove-Item C:a -Rec‸urse\n",
            "**-Recurse** of `Remove-Item`\n\nA switch, which takes no value.",
        ),
        (
            "tasks:\n- name: ~/powershell\n  parameters:\n    command: Get-Item C:a -e‸a Stop\n",
            "**-ErrorAction** of `Get-Item`\n\nTakes a value. Also written `-ea`.",
        ),
    ],
)
async def test_hover_says_what_stands_there(editor: LanguageClient, text: str, words: str) -> None:
    assert words in await Opened(editor, HEAD + text).hover()


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (
            "Contoso/to‸ols",
            "`contoso/tools`: an image of a gallery that is attached to the dev center. "
            "No version is named, so that each build takes the newest.",
        ),
        (
            "Contoso/to‸ols@1.0.2",
            "`contoso/tools`: an image of a gallery that is attached to the dev center. Version `1.0.2`.",
        ),
        (
            "microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-‸ent-cpc",
            "`microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc`: an image of the Azure Marketplace. "
            "Its name is one of the known ones.",
        ),
        ("'a b‸/c/d'", "DBX111 malformed-image"),
    ],
)
async def test_hover_tells_the_form_of_an_image(editor: LanguageClient, image: str, words: str) -> None:
    said = await Opened(editor, f"name: x\nimage: {image}\ntasks: []\n").hover()

    assert said.removeprefix("[").startswith(words)


async def test_hover_on_a_parameter_that_is_declared_by_a_word_alone(editor: LanguageClient) -> None:
    text = HEAD.replace("branch:\n    type: string\n    default: main", "branch: main")
    said = await Opened(editor, f"{text}tasks:\n- name: x\n  parameters:\n    a: '{{{{bran‸ch}}}}'\n").hover()

    assert said.strip() == "**branch** (parameters)"


@pytest.mark.parametrize(
    "text",
    [
        "‸",
        "‸# x\n",
        "tasks:\n- name: x\n  parameters:\n    anything: at al‸l\n",
        "tasks:\n- parameters:\n    pack‸age: x\n",
        "tasks:\n- name: choco\n  parameters:\n    any‸thing: x\n",
        "tasks:\n- name: x\n  parameters:\n    command: Get-Thi‸ng a\n",
    ],
)
async def test_hover_is_silent_where_there_is_nothing_to_say(editor: LanguageClient, text: str) -> None:
    assert await Opened(editor, HEAD + "description: x\n" + text + "\ntasks: []\n").hover() == ""


async def test_hover_shows_no_secret(editor: LanguageClient) -> None:
    secret = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
    text = HEAD.replace("default: main", f"default: {secret}") + "tasks:\n- name: x\n  parameters: {a: '{{bran‸ch}}'}\n"
    said = await Opened(editor, text).hover()

    assert "`default`: `****" in said
    assert secret not in said


@pytest.mark.parametrize(
    ("text", "label", "line"),
    [
        ("des‸\ntasks: []\n", "description", "description: "),
        ("tasks:\n  ‸", "- name", "  - name: "),
        ("tasks:\n- ‸", "name", "- name: "),
        ("tasks:\n- name: ~/winget\n  dis‸", "displayName", "  displayName: "),
        ("tasks:\n- name: ~/winget\n  p‸arameters: x", "parameters", "  parameters: x"),
        ("tasks:\n- name: ‸", "~/powershell", "- name: ~/powershell"),
        ("tasks:\n- name: ~/w‸", "~/winget", "- name: ~/winget"),
        ("tasks:\n- name: '~/w‸'", "~/winget", "- name: '~/winget'"),
        ("tasks:\n- {name: ~/w‸}", "~/winget", "- {name: ~/winget}"),
        ("tasks:\n- {name: ~/winget, parameters: {pa‸}}", "package", "- {name: ~/winget, parameters: {package: }}"),
        ("tasks:\n- name: ~/winget\n  parameters:\n    ‸", "package", "    package: "),
        ("tasks:\n- name: ~/winget\n  parameters:\n    ‸\n- name: x\n", "package", "    package: "),
        ("tasks:\n- name: ~/winget\n  parameters:\n    package: x\n    ver‸\n", "version", "    version: "),
        (
            "tasks:\n- name: ~/powershell\n  parameters:\n    scriptExecutionPolicy: ‸",
            "Bypass",
            "    scriptExecutionPolicy: Bypass",
        ),
        ("tasks:\n- name: x\n  parameters:\n    a: ‸", "{{branch}}", "    a: '{{branch}}'"),
        ("tasks:\n- name: x\n  parameters:\n    a: {{‸}}", "{{branch}}", "    a: '{{branch}}'"),
        ("tasks:\n- name: x\n  parameters:\n    a: '{{‸}}'", "{{branch}}", "    a: '{{branch}}'"),
        ("tasks:\n- name: x\n  parameters:\n    a: |\n      b {{br‸", "{{branch}}", "      b {{branch}}"),
        ("tasks: [] # devbox-lint: ignore[‸", "DBX101", "tasks: [] # devbox-lint: ignore[DBX101"),
        ("tasks: [] # devbox-lint: ignore[DBX102, missing-im‸]", "missing-image", None),
        ("variables:\n  x:\n    type: ‸\ntasks: []\n", "boolean", "    type: boolean"),
        ("tasks:\n- name: ~/winget\n  parameters:\n    other: ‸\n", "{{branch}}", "    other: '{{branch}}'"),
    ],
)
async def test_completion_completes(editor: LanguageClient, text: str, label: str, line: str | None) -> None:
    found = await Opened(editor, HEAD + text).completion()

    assert label in found
    assert found[label] == (line or "tasks: [] # devbox-lint: ignore[DBX102, missing-image]")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("tasks:\n- name: ~/winget\n  ‸", "name"),
        ("tasks:\n- name: ~/winget\n  ‸", "inputs"),
        ("‸\ntasks: []\n", "setupTasks"),
        ("tasks:\n- name: ~/winget\n  parameters:\n    package: x\n    ‸", "package"),
        ("tasks:\n- name: ~/powershell\n  parameters:\n    command: |\n      na‸", "name"),
        ("tasks:\n- name: x\n  parameters:\n    a: '{{‸}}'", "{{ado://…}}"),
        ("tasks: [] # devbox-lint: ignore[DBX101, ‸]", "missing-image-x"),
        ("tasks: [] # devbox-lint: ignore[DBX101, ‸]", "DBX101"),
        ("tasks:\n- name: ~/winget # ‸", "devbox-lint: ignore[…]"),
        ("tasks:\n- name: ~/winget\n# no‸", "devbox-lint: ignore[…]"),
        ("tasks:\n- parameters:\n    ‸", "package"),
        ("nothing: ‸", "{{branch}}"),
        ("nothing:\n  ‸", "name"),
        ("tasks:\n- name: x\n  parameters:\n    a: |‸", "{{branch}}"),
        ("tasks: [x] y: ‸", "{{branch}}"),
        ("?!‸", "name"),
    ],
)
async def test_completion_leaves_out_what_does_not_belong(editor: LanguageClient, text: str, label: str) -> None:
    assert label not in await Opened(editor, HEAD + text).completion()


UNIT = "properties:\n  configurationVersion: 0.2.0\n  resources:\n    - resource: Microsoft.WinGet.DSC/WinGetPackage\n"
V3_UNIT = "metadata: {winget: {}}\nresources:\n- type: Microsoft.WinGet/Package\n  name: Git\n"


@pytest.mark.parametrize(
    ("text", "label", "line"),
    [
        (f"{UNIT}      settings:\n        sou‸", "Source", "        Source: "),
        (f"{UNIT}      settings:\n        MatchOption: ‸\n", "Equals", "        MatchOption: Equals"),
        (f"{UNIT}      settings: {{id: Git.Git, use‸}}\n", "UseLatest", "      settings: {id: Git.Git, UseLatest: }"),
        (f"{UNIT}      dir‸", "directives", "      directives:"),
        (f"{UNIT}      directives:\n        sec‸", "securityContext", "        securityContext: "),
        (f"{V3_UNIT}  properties:\n    use‸", "useLatest", "    useLatest: "),
    ],
)
async def test_units_of_a_configuration_are_completed(editor: LanguageClient, text: str, label: str, line: str) -> None:
    found = await Opened(editor, text, name="tools.dsc").completion()

    assert found[label] == line


async def test_a_resource_brings_the_directives_that_it_needs(editor: LanguageClient) -> None:
    found = await Opened(editor, f"{UNIT}    - resource: ‸", name="tools.dsc").completion()

    lines = found["GitDsc/GitClone"].split("\n")
    # The client indents, or we do.
    assert [line.strip() for line in lines] == ["- resource: GitDsc/GitClone", "directives:", "allowPrerelease: true"]
    assert found["Microsoft.WinGet.DSC/WinGetPackage"] == "    - resource: Microsoft.WinGet.DSC/WinGetPackage"


async def test_a_setting_that_is_there_is_not_proposed_in_another_case(editor: LanguageClient) -> None:
    text = f"{UNIT}      settings:\n        id: Git.Git\n        ‸\n"

    assert "Id" not in await Opened(editor, text, name="tools.dsc").completion()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (UNIT.replace("WinGetPackage", "WinGetPack‸age"), "`MatchOption`: one of `Equals`"),
        (f"{UNIT}      settings: {{i‸d: Git.Git}}\n", "A setting of Microsoft.WinGet.DSC/WinGetPackage"),
        (f"{UNIT}      depend‸sOn: [a]\n", "must have succeeded before this one"),
        (f"{UNIT}      settings: {{sil‸ent: true}}\n", "DBX801 winget-unknown-setting"),
    ],
)
async def test_hover_tells_of_units_of_a_configuration(editor: LanguageClient, text: str, words: str) -> None:
    assert words in await Opened(editor, text, name="tools.dsc").hover()


async def test_a_configuration_knows_no_references(editor: LanguageClient) -> None:
    text = f"{UNIT}      settings:\n        id: '{{{{‸}}}}'\n"

    assert await Opened(editor, text, name="tools.dsc").completion() == {}


async def test_a_comment_that_begins_is_made_a_suppression(editor: LanguageClient) -> None:
    found = await Opened(editor, HEAD + "tasks:\n- name: ~/winget\n  parameters:\n    pakage: x # dev‸").completion()

    (label,) = found
    assert label == "devbox-lint: ignore[…]"


async def test_rules_that_found_something_on_the_line_come_first(editor: LanguageClient) -> None:
    document = Opened(editor, HEAD + "tasks:\n- name: ~/winget\n  parameters:\n    pakage: x # devbox-lint: ignore[‸")
    params = types.CompletionParams(document.identifier, document.position)
    found = await editor.text_document_completion_async(params)

    assert isinstance(found, types.CompletionList)
    order = [item.label for item in sorted(found.items, key=lambda item: item.sort_text or "")]
    assert order[:2] == ["DBX204", "unknown-parameter"]
    assert "DBX101" in order[2:]


async def test_truth_is_completed(editor: LanguageClient) -> None:
    text = "name: x\ncommand: y\nparameters:\n  a:\n    required: ‸\n"

    assert await Opened(editor, text, name="task").completion() == {
        "true": "    required: true",
        "false": "    required: false",
    }


async def test_a_definition_knows_its_own_parameters_alone(editor: LanguageClient) -> None:
    text = "name: x\ndescription: y\nparameters:\n  a:\n    type: string\ncommand: y {{‸\n"

    assert await Opened(editor, text, name="task").completion() == {"{{a}}": "command: y {{a}}"}


async def test_a_token_for_azure_devops_is_for_files_of_users(editor: LanguageClient) -> None:
    text = "$schema: 1.0\nuserTasks:\n- name: x\n  parameters:\n    a: '{{‸'\n"
    found = await Opened(editor, text, name="workload").completion()

    assert list(found) == ["{{https://…}}", "{{ado://…}}"]
    assert found["{{ado://…}}"] in ("    a: '{{ado://ORGANIZATION}}'", "    a: '{{ado://${1:ORGANIZATION}}}'")


async def test_a_secret_is_a_snippet_where_the_editor_has_snippets(editor: LanguageClient) -> None:
    found = await Opened(editor, HEAD + "tasks:\n- name: x\n  parameters:\n    pat: ‸").completion()

    plain = "    pat: '{{https://VAULT.vault.azure.net/secrets/NAME}}'"
    assert found["{{https://…}}"] in (plain, "    pat: '{{https://${1:VAULT}.vault.azure.net/secrets/${2:NAME}}}'")


async def test_images_and_the_schema_version_are_completed(editor: LanguageClient) -> None:
    images = await Opened(editor, "$schema: '1.0'\nname: x\nimage: ‸\ntasks: []\n").completion()
    versions = await Opened(editor, "$schema: ‸\nname: x\ntasks: []\n").completion()

    assert "microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc" in images
    assert versions == {"1.0": '$schema: "1.0"'}


async def test_tasks_of_the_repository_are_known(editor: LanguageClient, catalog: Path) -> None:
    path = catalog / "web" / "imagedefinition.yaml"
    names = await Opened(editor, HEAD + "tasks:\n- name: inst‸", path).completion()
    parameters = await Opened(editor, HEAD + "tasks:\n- name: install-tools\n  parameters:\n    ‸", path).completion()
    values = await Opened(
        editor, HEAD + "tasks:\n- name: install-tools\n  parameters:\n    edition: ‸", path
    ).completion()
    said = await Opened(editor, HEAD + "tasks:\n- name: install‸-tools\n", path).hover()

    assert names["install-tools"] == "- name: install-tools"
    assert parameters == {"edition": "    edition: "}
    assert values["large"] == "    edition: large"
    assert "**install-tools** (this repository)" in said
    assert "Installs *our* tools." in said
    assert "`edition`: string, required, one of `small`, `large`: How many of them." in said


async def test_what_limits_a_parameter_is_told_and_its_truth_completed(editor: LanguageClient, catalog: Path) -> None:
    task = catalog / "Tasks" / "limited" / "task.yaml"
    task.parent.mkdir()
    task.write_text(
        "name: limited\ndescription: x\nparameters:\n  code:\n    type: string\n    validationRegex: ^[a-z]+$\n"
        "    minLength: 2\n    maxLength: 5\n  quick:\n    type: boolean\ncommand: x {{code}} {{quick}}\n",
        "utf-8",
    )
    path = catalog / "web" / "imagedefinition.yaml"
    head = HEAD + "tasks:\n- name: limited\n  parameters:\n"
    said = await Opened(editor, f"{head}    co‸de: x\n", path).hover()
    truths = await Opened(editor, f"{head}    quick: ‸", path).completion()

    assert "`code`: string, matches `^[a-z]+$`, at least 2 characters, at most 5 characters" in said
    assert [truths[label] for label in ("true", "false")] == ["    quick: true", "    quick: false"]


async def test_a_definition_that_cannot_be_read_completely_may_take_more(editor: LanguageClient, catalog: Path) -> None:
    task = catalog / "Tasks" / "broken" / "task.yaml"
    task.parent.mkdir()
    task.write_text("name: broken\ndescription: x\nparameters:\n  a:\n   type: [\ncommand: x\n", "utf-8")
    said = await Opened(editor, HEAD + "tasks:\n- name: bro‸ken\n", catalog / "web" / "imagedefinition.yaml").hover()

    assert "**broken** (this repository)" in said
    assert "It may take others: its definition could not be read completely." in said


async def test_a_definition_is_gone_to(editor: LanguageClient, catalog: Path) -> None:
    path = catalog / "web" / "imagedefinition.yaml"
    task = (catalog / "Tasks" / "install-tools" / "task.yaml").as_uri()
    of_task = await Opened(editor, HEAD + "tasks:\n- name: contoso/install-to‸ols\n", path).definition()
    text = HEAD + "tasks:\n- name: install-tools\n  parameters:\n    edi‸tion: large\n"
    of_parameter = await Opened(editor, text, path).definition()
    reference = Opened(editor, HEAD + "tasks:\n- name: x\n  parameters:\n    a: '{{branch‸}}'\n", path)

    assert of_task == [(task, 1, 6)]
    assert of_parameter == [(task, 4, 2)]
    assert await reference.definition() == [(reference.uri, 4, 2)]
    assert await Opened(editor, HEAD + "tasks:\n- name: ~/win‸get\n").definition() == []
    assert await Opened(editor, HEAD + "tasks:\n- parameters:\n    pack‸age: x\n").definition() == []
    unknown = HEAD + "tasks:\n- name: install-tools\n  parameters:\n    any‸thing: x\n"
    assert await Opened(editor, unknown, path).definition() == []


async def test_links_lead_to_the_portal_the_repository_and_the_task(editor: LanguageClient, catalog: Path) -> None:
    text = (
        HEAD + "tasks:\n- name: install-tools\n- name: ~/gitclone\n  parameters:\n"
        "    repositoryUrl: https://dev.azure.com/contoso/web/_git/web\n"
        "    pat: '{{https://kv-1.vault.azure.net/secrets/pat}}'\n"
        "- name: ~/gitclone\n  parameters:\n    repositoryUrl: https://me:word@example.org/x\n"
        "- name: ~/gitclone\n  parameters:\n    repositoryUrl: https://[x/y\n"
        "    pat: '{{https://kv-1.vault.azure.net/secrets/pat?x=1}}'\n"
        "- parameters: {}\n"
    )
    document = Opened(editor, text, catalog / "web" / "imagedefinition.yaml")
    found = await editor.text_document_document_link_async(types.DocumentLinkParams(document.identifier))
    task = (catalog / "Tasks" / "install-tools" / "task.yaml").as_uri()
    portal = "https://portal.azure.com/#asset/Microsoft_Azure_KeyVault/Secret/"

    assert found is not None
    assert sorted((link.range.start.line, link.target) for link in found) == [
        (8, f"{task}#L2"),
        (11, "https://dev.azure.com/contoso/web/_git/web"),
        (12, f"{portal}https://kv-1.vault.azure.net/secrets/pat"),
    ]


async def test_the_outline_has_the_tasks_by_their_titles(editor: LanguageClient) -> None:
    text = (
        HEAD + "tasks:\n- name: ~/winget\n  displayName: Install Git 😀\n- name: ~/powershell\n- {}\nuserTasks:\n: x\n"
    )
    document = Opened(editor, text)
    found = await editor.text_document_document_symbol_async(types.DocumentSymbolParams(document.identifier))

    assert found is not None
    shown = [
        (symbol.name, [child.name for child in symbol.children or ()])
        for symbol in found
        if isinstance(symbol, types.DocumentSymbol)
    ]
    assert shown == [
        ("$schema", []),
        ("name", []),
        ("image", []),
        ("parameters", ["branch"]),
        ("tasks", ["Install Git 😀", "~/powershell", "task 3"]),
        ("userTasks", []),
    ]
    for symbol in found:
        assert isinstance(symbol, types.DocumentSymbol)
        for child in symbol.children or ():
            assert symbol.range.start <= child.range.start <= child.selection_range.start
            assert child.selection_range.end <= child.range.end <= symbol.range.end


@pytest.mark.parametrize(
    ("command", "place"),
    [
        ("./ma‸in.ps1 -Name x", (0, 0)),
        ("powershell -File ./ma‸in.ps1 -Name x", (0, 0)),
        ("./main.ps1 -Na‸me x", (1, 10)),
        ("./main.ps1 -F‸or", (2, 10)),
        ("./main.ps1 -Other‸ x", None),
        ("./main.ps1 -Name x‸yz", None),
        ("./missi‸ng.ps1 -Name x", None),
    ],
)
async def test_a_script_and_its_arguments_lead_to_the_script(
    editor: LanguageClient, catalog: Path, command: str, place: tuple[int, int] | None
) -> None:
    path = catalog / "Tasks" / "install-tools" / "task.yaml"
    script = path.with_name("main.ps1")
    script.write_text("param(\n  [string]$Name,\n  [switch]$Force\n)\n", "utf-8")

    found = await Opened(editor, f"name: install-tools\ncommand: {command}\n", path).definition()

    assert found == ([(script.as_uri(), *place)] if place is not None else [])
