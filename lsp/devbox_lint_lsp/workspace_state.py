"""What stands around open documents: their settings, the tasks they can name, the files of their repository.

Files that are open count as they are in the editor.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from devbox_lint.credentials.masking import mask_of
from devbox_lint.customization.catalog import STANDARD, Catalog
from devbox_lint.errors import DevboxLintError
from devbox_lint.files.discovery import Discovery, discover
from devbox_lint.files.exclusion import Exclusion
from devbox_lint.files.repository import FilesOnDisk
from devbox_lint.files.task_catalog import build_catalog
from devbox_lint.pipeline import EffectiveSettings
from devbox_lint.rule import AnyRule
from devbox_lint.run.effective import SettingsByPath
from devbox_lint.settings.boundary import is_inside
from devbox_lint.settings.files import SettingsFiles
from devbox_lint.source import SourceFile
from devbox_lint_lsp.documents import Documents, OpenDocument

if TYPE_CHECKING:
    from devbox_lint.baseline import Baseline

#: How many folders of a workspace outside a repository are searched for task definitions.
MOST_FOLDERS = 2_000


class EditorFiles(FilesOnDisk):
    """Files on disk, but for those that are open."""

    __slots__ = ("_documents",)

    def __init__(self, documents: Documents, found: Iterable[str] = ()) -> None:
        super().__init__(found)
        self._documents = documents

    def read(self, path: str) -> bytes | None:
        """The content of a file; of an open one what the editor has."""
        document = self._documents.at(os.path.abspath(path))
        if document is None:
            return super().read(path)
        return document.source.text.encode("utf-8", "replace")

    def source(self, path: str) -> SourceFile | None:
        """The text of a file, None where it cannot be read."""
        data = self.read(path)
        return None if data is None else SourceFile.from_bytes(path, data)


def _operator(note: Callable[[str], None]) -> dict[str, object] | None:
    """What the environment of the server says of how Azure is asked; where it is wrong, nobody is asked."""
    from devbox_lint.settings.operator import operator_settings

    try:
        return operator_settings()
    except DevboxLintError as error:
        note(str(error))
        return None


class Surroundings:
    """All that is read from files, each once; made anew when files or settings change.

    ``folders`` are those of the workspace, ``config_file`` is the settings file for all of them, if there is one.
    ``note`` is told what is worth a line in the log.
    """

    def __init__(
        self,
        documents: Documents,
        rules: Sequence[AnyRule],
        folders: Sequence[str] = (),
        config_file: str = "",
        note: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._folders = tuple(folders)
        if config_file and folders:
            config_file = os.path.join(folders[0], config_file)
        # The client's settings may be a workspace's own, so that a file in it is no operator's.
        trusted = not any(is_inside(config_file, folder) for folder in folders)
        self._settings = SettingsFiles(config_file or None, operator=_operator(note), trusted=trusted)
        self._exclusion = Exclusion((), self._settings)
        self._by_path = SettingsByPath(self._settings, rules, catalog_of=self._catalog_of)
        self._catalogs: dict[tuple[str, ...], Catalog] = {}
        self._baselines: dict[str, Baseline | None] = {}
        self._note = note
        self.files = EditorFiles(documents, self._outside_repositories(documents))

    def settings_for(self, document: OpenDocument) -> EffectiveSettings | None:
        """Which rules run on a document, and what they know; None where settings leave it out.

        What is no file has the settings of the first folder, and nothing around it. Raises DevboxLintError.
        """
        path = self._path_of(document)
        if self._exclusion.covers(path):
            return None
        settings = self._by_path.at(path)
        return settings if document.path is not None else settings._replace(catalog=STANDARD)

    def baseline_for(self, document: OpenDocument) -> Baseline | None:
        """The findings that are known and not to be reported; raises DevboxLintError."""
        path = self._by_path.baseline(self._path_of(document))
        if path is None:
            return None
        if path not in self._baselines:
            from devbox_lint.baseline import parse_baseline

            source = self.files.source(path)
            self._baselines[path] = None if source is None else parse_baseline(source)
        return self._baselines[path]

    def _path_of(self, document: OpenDocument) -> str:
        """The path of a document, or the one that it might have."""
        folder = self._folders[0] if self._folders else os.getcwd()
        return document.path or os.path.join(folder, document.source.path or "untitled.yaml")

    def catalog_for(self, document: OpenDocument) -> Catalog:
        """The tasks that a document can name; those that every file can where its settings are wrong."""
        try:
            settings = self.settings_for(document)
        except DevboxLintError:
            return STANDARD
        return STANDARD if settings is None else settings.catalog

    def conceal_at(self, path: str) -> Callable[[str], str]:
        """What covers the secrets of another file in a text."""
        source = self.files.source(path)
        return str if source is None else mask_of(source).conceal

    def discovered(self, roots: Iterable[str] = ()) -> Discovery:
        """The files in the workspace's folders that settings and `.gitignore` do not leave out, and in other roots."""
        discovery = Discovery()
        others = [root for root in roots if not any(is_inside(root, folder) for folder in self._folders)]
        for folder in dict.fromkeys((*self._folders, *others)):
            try:
                for candidate in discover([folder], settings=self._settings):
                    discovery.add(candidate.path, candidate.path, named=False)
            except DevboxLintError as error:
                self._note(str(error))
        return discovery

    def _catalog_of(self, given: tuple[str, ...]) -> Catalog:
        if given not in self._catalogs:
            self._catalogs[given], doubts = build_catalog(given, files=self.files)
            for doubt in doubts:
                self._note(doubt)
        return self._catalogs[given]

    def _outside_repositories(self, documents: Documents) -> list[str]:
        """What serves as a repository where there is none: the files of the folder, and those that are open."""
        bare = FilesOnDisk()
        found = [document.path for document in documents if document.path is not None]
        for folder in self._folders:
            if not bare.root(os.path.join(folder, "x")) and os.path.isdir(folder):
                try:
                    found.extend(candidate.path for candidate in discover([folder], most=MOST_FOLDERS))
                except DevboxLintError as error:
                    self._note(str(error))
        return list(dict.fromkeys(found))
