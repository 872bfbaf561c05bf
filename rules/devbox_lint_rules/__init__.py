"""The rules of devbox-lint, one file each."""

from __future__ import annotations

from devbox_lint.rule import Rule
from devbox_lint_rules.credentials.plaintext_pat import PlaintextPat
from devbox_lint_rules.hygiene.unknown_rule_in_suppression import UnknownRuleInSuppression
from devbox_lint_rules.hygiene.unused_suppression import UnusedSuppression
from devbox_lint_rules.references.ado_in_team_file import AdoInTeamFile
from devbox_lint_rules.references.ado_organization_mismatch import AdoOrganizationMismatch
from devbox_lint_rules.references.bare_ado import BareAdo
from devbox_lint_rules.references.foreign_expression import ForeignExpression
from devbox_lint_rules.references.malformed_ado_reference import MalformedAdoReference
from devbox_lint_rules.references.malformed_secret_uri import MalformedSecretUri
from devbox_lint_rules.references.not_a_secret import NotASecret
from devbox_lint_rules.references.not_resolved_locally import NotResolvedLocally
from devbox_lint_rules.references.pinned_secret_version import PinnedSecretVersion
from devbox_lint_rules.references.placeholder_left import PlaceholderLeft
from devbox_lint_rules.references.private_link_host import PrivateLinkHost
from devbox_lint_rules.references.reference_outside_parameters import ReferenceOutsideParameters
from devbox_lint_rules.references.secret_exposed import SecretExposed
from devbox_lint_rules.references.secret_uri_without_braces import SecretUriWithoutBraces
from devbox_lint_rules.references.unclosed_reference import UnclosedReference
from devbox_lint_rules.references.undeclared_parameter import UndeclaredParameter
from devbox_lint_rules.structure.empty_value import EmptyValue
from devbox_lint_rules.structure.file_name_or_place import FileNameOrPlace
from devbox_lint_rules.structure.image_in_user_file import ImageInUserFile
from devbox_lint_rules.structure.image_version_missing import ImageVersionMissing
from devbox_lint_rules.structure.invalid_name import InvalidName
from devbox_lint_rules.structure.legacy_key import LegacyKey
from devbox_lint_rules.structure.malformed_image import MalformedImage
from devbox_lint_rules.structure.misplaced_key import MisplacedKey
from devbox_lint_rules.structure.missing_command import MissingCommand
from devbox_lint_rules.structure.missing_image import MissingImage
from devbox_lint_rules.structure.missing_name import MissingName
from devbox_lint_rules.structure.missing_schema_version import MissingSchemaVersion
from devbox_lint_rules.structure.no_tasks import NoTasks
from devbox_lint_rules.structure.undocumented_key import UndocumentedKey
from devbox_lint_rules.structure.unknown_key import UnknownKey
from devbox_lint_rules.structure.unknown_marketplace_image import UnknownMarketplaceImage
from devbox_lint_rules.structure.unsupported_schema_version import UnsupportedSchemaVersion
from devbox_lint_rules.structure.wrong_type import WrongType
from devbox_lint_rules.syntax.bad_indentation import BadIndentation
from devbox_lint_rules.syntax.control_character import ControlCharacter
from devbox_lint_rules.syntax.document_limits import DocumentLimits
from devbox_lint_rules.syntax.duplicate_key import DuplicateKey
from devbox_lint_rules.syntax.garbled_text import GarbledText
from devbox_lint_rules.syntax.inconsistent_indentation import InconsistentIndentation
from devbox_lint_rules.syntax.invalid_escape import InvalidEscape
from devbox_lint_rules.syntax.multiple_documents import MultipleDocuments
from devbox_lint_rules.syntax.not_utf_8 import NotUtf8
from devbox_lint_rules.syntax.syntax_error import SyntaxError  # noqa: A004 - named after its rule
from devbox_lint_rules.syntax.tab_indentation import TabIndentation
from devbox_lint_rules.syntax.unquoted_reference import UnquotedReference

#: Every rule, in the order of its code: one import and one line each.
ALL_RULES: tuple[Rule, ...] = (
    SyntaxError(),
    BadIndentation(),
    TabIndentation(),
    DuplicateKey(),
    UnquotedReference(),
    InvalidEscape(),
    ControlCharacter(),
    GarbledText(),
    MultipleDocuments(),
    NotUtf8(),
    InconsistentIndentation(),
    DocumentLimits(),
    MissingImage(),
    MissingName(),
    MissingCommand(),
    ImageInUserFile(),
    UnknownKey(),
    WrongType(),
    MissingSchemaVersion(),
    UnsupportedSchemaVersion(),
    NoTasks(),
    InvalidName(),
    MalformedImage(),
    UnknownMarketplaceImage(),
    ImageVersionMissing(),
    LegacyKey(),
    FileNameOrPlace(),
    UndocumentedKey(),
    EmptyValue(),
    MisplacedKey(),
    MalformedSecretUri(),
    NotASecret(),
    PrivateLinkHost(),
    SecretUriWithoutBraces(),
    PlaceholderLeft(),
    MalformedAdoReference(),
    AdoInTeamFile(),
    AdoOrganizationMismatch(),
    BareAdo(),
    UndeclaredParameter(),
    ForeignExpression(),
    UnclosedReference(),
    ReferenceOutsideParameters(),
    NotResolvedLocally(),
    PinnedSecretVersion(),
    SecretExposed(),
    PlaintextPat(),
    UnusedSuppression(),
    UnknownRuleInSuppression(),
)
