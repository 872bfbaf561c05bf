"""The rules of devbox-lint, one file each."""

from __future__ import annotations

from devbox_lint.rule import Rule
from devbox_lint_rules.credentials.credential_in_command import CredentialInCommand
from devbox_lint_rules.credentials.credential_in_parameter import CredentialInParameter
from devbox_lint_rules.credentials.credential_in_url import CredentialInUrl
from devbox_lint_rules.credentials.encoded_credential import EncodedCredential
from devbox_lint_rules.credentials.plaintext_credential import PlaintextCredential
from devbox_lint_rules.credentials.plaintext_pat import PlaintextPat
from devbox_lint_rules.definitions.example_mismatch import ExampleMismatch
from devbox_lint_rules.definitions.invalid_parameter_type import InvalidParameterType
from devbox_lint_rules.definitions.quoted_placeholder import QuotedPlaceholder
from devbox_lint_rules.definitions.script_missing import ScriptMissing
from devbox_lint_rules.definitions.undeclared_placeholder import UndeclaredPlaceholder
from devbox_lint_rules.definitions.unused_parameter import UnusedParameter
from devbox_lint_rules.hygiene.outdated_image import OutdatedImage
from devbox_lint_rules.hygiene.retirement import Retirement
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
from devbox_lint_rules.scripts.admin_in_user_context import AdminInUserContext
from devbox_lint_rules.scripts.double_quotes_in_command import DoubleQuotesInCommand
from devbox_lint_rules.scripts.interactive_or_reboot import InteractiveOrReboot
from devbox_lint_rules.scripts.needs_user_context import NeedsUserContext
from devbox_lint_rules.scripts.plain_http import PlainHttp
from devbox_lint_rules.scripts.powershell_7_syntax import Powershell7Syntax
from devbox_lint_rules.scripts.profile_in_system_context import ProfileInSystemContext
from devbox_lint_rules.scripts.remote_code import RemoteCode
from devbox_lint_rules.scripts.slow_download import SlowDownload
from devbox_lint_rules.scripts.system_task_in_user_file import SystemTaskInUserFile
from devbox_lint_rules.scripts.winget_cli_in_system_context import WingetCliInSystemContext
from devbox_lint_rules.scripts.winget_prompts import WingetPrompts
from devbox_lint_rules.structure.duplicate_definition_name import DuplicateDefinitionName
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
from devbox_lint_rules.tasks.builtin_without_prefix import BuiltinWithoutPrefix
from devbox_lint_rules.tasks.clone_url_not_supported import CloneUrlNotSupported
from devbox_lint_rules.tasks.clone_without_pat import CloneWithoutPat
from devbox_lint_rules.tasks.duplicate_task import DuplicateTask
from devbox_lint_rules.tasks.ignored_parameter import IgnoredParameter
from devbox_lint_rules.tasks.inline_script import InlineScript
from devbox_lint_rules.tasks.invalid_timeout import InvalidTimeout
from devbox_lint_rules.tasks.missing_display_name import MissingDisplayName
from devbox_lint_rules.tasks.missing_file import MissingFile
from devbox_lint_rules.tasks.missing_parameter import MissingParameter
from devbox_lint_rules.tasks.not_a_raw_url import NotARawUrl
from devbox_lint_rules.tasks.package_id import PackageId
from devbox_lint_rules.tasks.parameter_constraints import ParameterConstraints
from devbox_lint_rules.tasks.parameter_declaration import ParameterDeclaration
from devbox_lint_rules.tasks.parameter_type import ParameterType
from devbox_lint_rules.tasks.parameter_value import ParameterValue
from devbox_lint_rules.tasks.relative_path import RelativePath
from devbox_lint_rules.tasks.store_package import StorePackage
from devbox_lint_rules.tasks.timeout_unit import TimeoutUnit
from devbox_lint_rules.tasks.unknown_builtin_task import UnknownBuiltinTask
from devbox_lint_rules.tasks.unknown_parameter import UnknownParameter
from devbox_lint_rules.tasks.unknown_task import UnknownTask
from devbox_lint_rules.tasks.url_in_configuration_file import UrlInConfigurationFile
from devbox_lint_rules.tasks.winget_without_source import WingetWithoutSource

#: Every rule that asks nobody, in the order of its code: one import and one line each.
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
    DuplicateDefinitionName(),
    FileNameOrPlace(),
    UndocumentedKey(),
    EmptyValue(),
    MisplacedKey(),
    UnknownBuiltinTask(),
    BuiltinWithoutPrefix(),
    UnknownTask(),
    UnknownParameter(),
    MissingParameter(),
    ParameterType(),
    ParameterValue(),
    IgnoredParameter(),
    WingetWithoutSource(),
    UrlInConfigurationFile(),
    NotARawUrl(),
    InlineScript(),
    InvalidTimeout(),
    TimeoutUnit(),
    PackageId(),
    StorePackage(),
    RelativePath(),
    MissingFile(),
    CloneWithoutPat(),
    CloneUrlNotSupported(),
    DuplicateTask(),
    MissingDisplayName(),
    ParameterDeclaration(),
    ParameterConstraints(),
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
    PlaintextCredential(),
    CredentialInUrl(),
    CredentialInCommand(),
    CredentialInParameter(),
    EncodedCredential(),
    QuotedPlaceholder(),
    UndeclaredPlaceholder(),
    UnusedParameter(),
    ScriptMissing(),
    ExampleMismatch(),
    InvalidParameterType(),
    NeedsUserContext(),
    SystemTaskInUserFile(),
    WingetPrompts(),
    WingetCliInSystemContext(),
    ProfileInSystemContext(),
    AdminInUserContext(),
    RemoteCode(),
    InteractiveOrReboot(),
    SlowDownload(),
    DoubleQuotesInCommand(),
    Powershell7Syntax(),
    PlainHttp(),
    UnusedSuppression(),
    UnknownRuleInSuppression(),
    Retirement(),
    OutdatedImage(),
)


class Unloaded(Rule):
    """Stands for a rule that asks Azure where nobody asks: it has its code and name, and looks at no file."""

    asks = True
    kinds = frozenset()

    def __init__(self, code: str, name: str) -> None:
        self.__dict__.update(code=code, name=name)


#: What the rules that ask Azure are called. To load them takes a third of a run that does not ask.
UNLOADED_RULES: tuple[Rule, ...] = (
    Unloaded("DBX501", "vault-not-found"),
    Unloaded("DBX502", "vault-unreachable"),
    Unloaded("DBX503", "secret-not-found"),
    Unloaded("DBX504", "secret-disabled"),
    Unloaded("DBX505", "secret-expired"),
    Unloaded("DBX506", "project-role-missing"),
    Unloaded("DBX507", "user-role-missing"),
    Unloaded("DBX508", "vault-uses-access-policies"),
    Unloaded("DBX509", "vault-firewall"),
    Unloaded("DBX510", "image-not-found"),
    Unloaded("DBX511", "task-rejected"),
    Unloaded("DBX512", "repository-unreachable"),
    Unloaded("DBX590", "check-not-made"),
)


def every_rule() -> tuple[Rule, ...]:
    """All rules, those that ask Azure among them, in the order of their codes."""
    from devbox_lint_rules.online import ONLINE_RULES

    return tuple(sorted((*ALL_RULES, *ONLINE_RULES), key=lambda rule: rule.code))
