"""What the server asks its client to tell: changed files, changed settings, changed folders."""

from __future__ import annotations

import uuid
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from devbox_lint.settings.files import NAMES
from devbox_lint_lsp.client import SECTION
from devbox_lint_lsp.server import Server

#: Files that say something of others: definitions, what they run, settings and what they extend, what is left out.
_WATCHED = ("**/*.{yaml,yml}", "**/*.ps1", f"**/{{{','.join(NAMES)}}}", "**/*.toml", "**/.gitignore")


def register(server: Server) -> None:
    """Add the feature to the server."""
    server.feature(types.INITIALIZED)(_initialized)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(_files_changed)
    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(_settings_changed)
    server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(_folders_changed)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False))(_saved)


async def _initialized(ls: Server, params: types.InitializedParams) -> None:
    ls.warm_up()
    client = ls.client
    wanted: list[types.Registration] = []
    if client.watches_files:
        watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
        files = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        wanted.append(_registration(types.WORKSPACE_DID_CHANGE_WATCHED_FILES, files))
    if client.registers_settings:
        section = types.DidChangeConfigurationRegistrationOptions(section=SECTION)
        wanted.append(_registration(types.WORKSPACE_DID_CHANGE_CONFIGURATION, section))
    if wanted:
        try:
            await ls.client_register_capability_async(types.RegistrationParams(wanted))
        except JsonRpcException:
            # Some clients promise more than they do.
            ls.log("the client watches no files: changes of files that are not open count when something is saved")
    await _ask_for_settings(ls)


def _registration(method: str, options: Any) -> types.Registration:
    return types.Registration(str(uuid.uuid4()), method, options)


async def _ask_for_settings(ls: Server) -> bool:
    """Take over what the client says of its settings; whether it can be asked at all."""
    if not ls.client.tells_settings:
        return False
    item = types.ConfigurationItem(section=SECTION)
    try:
        answer = await ls.workspace_configuration_async(types.ConfigurationParams([item]))
    except JsonRpcException:
        return False
    if answer and answer[0] is not None:
        ls.set(answer[0])
    return True


def _files_changed(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    ls.refresh_soon()


async def _settings_changed(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    if not await _ask_for_settings(ls) and params.settings is not None:
        ls.set(params.settings)


def _folders_changed(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    ls.refresh_soon()


def _saved(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    ls.saved(params.text_document.uri)
    # What was saved is known; but others may have been written with it.
    if not ls.client.watches_files:
        ls.refresh_soon()
