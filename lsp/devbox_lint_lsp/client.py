"""What the client can do, and what its user has set."""

from __future__ import annotations

from collections.abc import Mapping

from lsprotocol import types

from devbox_lint.startup import NamedTuple
from devbox_lint_lsp.help_text import Prose

#: The section of the client's settings that is ours.
SECTION = "devbox-lint"


class Client:
    """What the client said that it can do."""

    def __init__(self, params: types.InitializeParams) -> None:
        text = params.capabilities.text_document
        workspace = params.capabilities.workspace
        edit = workspace.workspace_edit if workspace else None
        #: It asks for diagnostics, so that none are sent unasked.
        self.pulls = text is not None and text.diagnostic is not None
        diagnostics = workspace.diagnostics if workspace else None
        #: It asks again when it is told to.
        self.pulls_again = diagnostics is not None and bool(diagnostics.refresh_support)
        #: It takes edits for a version of a document.
        self.knows_versions = edit is not None and bool(edit.document_changes)
        symbols = text.document_symbol if text else None
        #: It shows symbols inside symbols.
        self.nests_symbols = symbols is not None and bool(symbols.hierarchical_document_symbol_support)
        item = text.completion.completion_item if text and text.completion else None
        #: It takes text with places to fill in.
        self.knows_snippets = item is not None and bool(item.snippet_support)
        modes = item.insert_text_mode_support if item is not None else None
        #: It indents the lines of a block as the line is on which the block begins.
        self.indents = modes is not None and types.InsertTextMode.AdjustIndentation in modes.value_set
        links = text.document_link if text else None
        #: It shows a word on a link.
        self.knows_tooltips = links is not None and bool(links.tooltip_support)
        published = text.publish_diagnostics if text else None
        #: The tags of diagnostics that it shows.
        tags = published.tag_support.value_set if published and published.tag_support else ()
        self.tags = frozenset(tags)
        #: It shows other places that explain a diagnostic.
        self.knows_related = published is None or bool(published.related_information)
        #: How it wants to read what hover says, and what completion does; one of no kind takes a bare string.
        self.prose = Prose(text.hover.content_format if text and text.hover else None)
        self.knows_markup = item is not None and bool(item.documentation_format)
        self.completion_prose = Prose((item and item.documentation_format) or [types.MarkupKind.PlainText])
        #: It answers questions about its settings.
        self.tells_settings = workspace is not None and bool(workspace.configuration)
        files = workspace.did_change_watched_files if workspace else None
        #: It can be asked to watch files, and to tell when its settings change.
        self.watches_files = files is not None and bool(files.dynamic_registration)
        changes = workspace.did_change_configuration if workspace else None
        self.registers_settings = changes is not None and bool(changes.dynamic_registration)
        lenses = workspace.code_lens if workspace else None
        #: It asks for code lenses, and for inlay hints, again when it is told to.
        self.refreshes_lenses = lenses is not None and bool(lenses.refresh_support)
        hints = workspace.inlay_hint if workspace else None
        self.refreshes_hints = hints is not None and bool(hints.refresh_support)
        window = params.capabilities.window
        #: It shows how far a long piece of work is.
        self.shows_progress = window is not None and bool(window.work_done_progress)


class ClientSettings(NamedTuple):
    """What the user of the client has set.

    ``config_file`` is the one settings file for all files; empty where the nearest one counts. ``online_checks`` has
    the online checks made when a file is opened or saved. ``unsafe_fixes`` has the action that fixes all make the
    fixes too that may change the meaning. ``inlay_hints`` has the text say who runs a task and what a `timeout` counts,
    ``code_lens`` by how many definitions a task is used.
    """

    enable: bool = True
    config_file: str = ""
    fix_all: bool = True
    unsafe_fixes: bool = False
    online_checks: bool = False
    inlay_hints: bool = False
    code_lens: bool = True


#: The fields by the names that they have in the client.
SETTING_NAMES = {
    "enable": "enable",
    "configFile": "config_file",
    "fixAll": "fix_all",
    "unsafeFixes": "unsafe_fixes",
    "onlineChecks": "online_checks",
    "inlayHints": "inlay_hints",
    "codeLens": "code_lens",
}


def read_settings(value: object) -> tuple[ClientSettings, list[str]]:
    """The settings in what a client sends, and sentences on what in it cannot be meant; a missing or null one is unset.

    They may stand by themselves or under the name of their section.
    """
    if isinstance(value, Mapping) and isinstance(value.get(SECTION), Mapping):
        value = value[SECTION]
    settings = ClientSettings()
    if value is None:
        return settings, []
    if not isinstance(value, Mapping):
        return settings, [f"the settings `{SECTION}` are no object, so none of them counts"]
    doubts = []
    for name, given in value.items():
        field = SETTING_NAMES.get(name)
        if field is None or given is None:
            # What is not known may be the extension's own.
            continue
        if type(given) is type(getattr(settings, field)):
            settings = settings._replace(**{field: given})
        else:
            wanted = "true or false" if isinstance(getattr(settings, field), bool) else "text"
            doubts.append(f"the setting `{SECTION}.{name}` must be {wanted}, so it does not count")
    return settings, doubts
