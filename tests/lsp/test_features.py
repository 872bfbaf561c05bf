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

    def __init__(self, client: LanguageClient, text: str, path: Path | None = None) -> None:
        before, _, after = text.partition("‸")
        line = before.count("\n")
        self.text = before + after
        self.client = client
        self.uri = path.as_uri() if path is not None else f"file:///nowhere/{next(NUMBERS)}/imagedefinition.yaml"
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
    ],
)
async def test_hover_says_what_stands_there(editor: LanguageClient, text: str, words: str) -> None:
    assert words in await Opened(editor, HEAD + text).hover()


async def test_hover_tells_the_form_of_an_image(editor: LanguageClient) -> None:
    said = await Opened(editor, "name: x\nimage: Contoso/to‸ols\ntasks: []\n").hover()

    assert "an image of a gallery that is attached to the dev center" in said


@pytest.mark.parametrize("text", ["‸", "‸# x\n", "tasks:\n- name: x\n  parameters:\n    anything: at al‸l\n"])
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
    ],
)
async def test_completion_leaves_out_what_does_not_belong(editor: LanguageClient, text: str, label: str) -> None:
    assert label not in await Opened(editor, HEAD + text).completion()


async def test_a_secret_is_a_snippet_where_the_editor_has_snippets(editor: LanguageClient) -> None:
    found = await Opened(editor, HEAD + "tasks:\n- name: x\n  parameters:\n    a: ‸").completion()

    plain = "    a: '{{https://VAULT.vault.azure.net/secrets/NAME}}'"
    assert found["{{https://…}}"] in (plain, "    a: '{{https://${1:VAULT}.vault.azure.net/secrets/${2:NAME}}}'")


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


async def test_links_lead_to_the_portal_the_repository_and_the_task(editor: LanguageClient, catalog: Path) -> None:
    text = (
        HEAD + "tasks:\n- name: install-tools\n- name: ~/gitclone\n  parameters:\n"
        "    repositoryUrl: https://dev.azure.com/contoso/web/_git/web\n"
        "    pat: '{{https://kv-1.vault.azure.net/secrets/pat}}'\n"
        "- name: ~/gitclone\n  parameters:\n    repositoryUrl: https://me:word@example.org/x\n"
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
    text = HEAD + "tasks:\n- name: ~/winget\n  displayName: Install Git 😀\n- name: ~/powershell\n- {}\nuserTasks:\n"
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
