"""The forms of the keys and tokens of vendors as data: what their documentation and the lists of public scanners say.

Where a form has no mark of its own, such as 32 hexadecimal digits, the vendor's name must stand before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from devbox_lint.credentials.formats import SecretKind, TokenFormat, format_of, github_holds, no_checksum
from devbox_lint.diagnostics import Severity
from devbox_lint.startup import lazy

#: The list of patterns that gitleaks publishes, with a source for each.
_GITLEAKS = "https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml"
#: The formats that GitHub's secret scanning knows.
_GITHUB = "https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns"
_WARNING = Severity.WARNING

_END = r"(?![A-Za-z0-9])"
_END_URL_SAFE = r"(?![A-Za-z0-9_-])"
_GUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def _token(
    name: str,
    prefix: str,
    body: str,
    source: str = _GITLEAKS,
    severity: Severity | None = None,
    holds: Callable[[str], bool | None] = no_checksum,
    mark: str = "",
) -> TokenFormat:
    """A form with a public prefix; what follows is what ``body`` matches."""
    end = _END_URL_SAFE if body.endswith(("_-]+", "_-]++")) or "_-]{" in body[-24:] else _END
    form = format_of(
        name, prefix, re.escape(prefix) + body + end, source, holds, kind=SecretKind.SERVICE, marks=(mark or prefix,)
    )
    return form._replace(severity=severity)


def _shaped(name: str, pattern: str, marks: tuple[str, ...], source: str = _GITLEAKS) -> TokenFormat:
    """A form whose mark is not at its beginning."""
    form = format_of(name, "", pattern, source, kind=SecretKind.SERVICE, marks=marks)
    # The name of a host may be shorter than a word with a mark in it is.
    return form._replace(beside=marks[0].islower() and "." in marks[0])


def _named(name: str, vendors: str, body: str, source: str = _GITLEAKS) -> TokenFormat:
    """A form without a mark, which counts where one of ``vendors`` stands before it as a part of a name."""
    marks = tuple(vendors.split())
    words = "|".join(re.escape(mark) for mark in marks)
    behind = r"[\w.-]{0,40}[\"'`\]]?[ \t]{0,8}(?:[:=,]|=>|[ \t])[ \t]{0,8}[\"'`(]{0,2}\Z"
    before = lazy(rf"(?i)(?<![a-z0-9])(?:{words})" + behind)

    def stands_behind_the_name(text: str, start: int, end: int) -> bool:
        return before.search(text, max(0, start - 100), start) is not None

    form = format_of(name, "", body + _END_URL_SAFE, source, kind=SecretKind.SERVICE, marks=marks)
    return form._replace(accepts=stands_behind_the_name, beside=True)


_ARTIFICIAL = (
    _token("OpenAI API key", "sk-proj-", r"[A-Za-z0-9_-]{40,200}+"),
    _token("OpenAI service account key", "sk-svcacct-", r"[A-Za-z0-9_-]{40,200}+"),
    _token("OpenAI admin key", "sk-admin-", r"[A-Za-z0-9_-]{40,200}+"),
    _shaped("OpenAI API key", r"sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}" + _END, ("T3BlbkFJ",)),
    _token("Anthropic API key", "sk-ant-", r"(?:api|admin|oat|sid)\d\d-[A-Za-z0-9_-]{80,120}+"),
    _token("Hugging Face token", "hf_", r"[A-Za-z0-9]{34,40}"),
    _token("Hugging Face organization token", "api_org_", r"[A-Za-z0-9]{34}"),
    _token("Groq API key", "gsk_", r"[A-Za-z0-9]{52}", _GITHUB),
    _token("xAI API key", "xai-", r"[A-Za-z0-9]{80}", _GITHUB),
    _token("Perplexity API key", "pplx-", r"[A-Za-z0-9]{48}"),
    _token("Replicate API token", "r8_", r"[A-Za-z0-9]{37}", _GITHUB),
    _token("Databricks access token", "dapi", r"[0-9a-f]{32}(?:-\d)?"),
    _token("Databricks OAuth secret", "dose", r"[0-9a-f]{32}", _GITHUB),
    _named(
        "Azure AI services key",
        "openai cognitive speech",
        r"[0-9a-f]{32}",
        "https://learn.microsoft.com/azure/ai-services/authentication",
    ),
)
_CLOUDS = (
    *(
        _token("AWS access key id", prefix, r"[A-Z2-7]{16}", severity=_WARNING)
        for prefix in ("AKIA", "ASIA", "ABIA", "ACCA")
    ),
    _named("AWS secret access key", "aws secret_access_key secretaccesskey", r"[A-Za-z0-9/+]{40}(?![/+=])"),
    _token("Amazon Bedrock API key", "ABSK", r"[A-Za-z0-9+/]{109,269}+={0,2}"),
    _token("Google API key", "AIza", r"[A-Za-z0-9_-]{35}", severity=_WARNING),
    _token("Google OAuth client secret", "GOCSPX-", r"[A-Za-z0-9_-]{28}", _GITHUB),
    _token("Google OAuth access token", "ya29.", r"[A-Za-z0-9_-]{40,1000}+", _GITHUB),
    _token("DigitalOcean access token", "dop_v1_", r"[a-f0-9]{64}"),
    _token("DigitalOcean OAuth token", "doo_v1_", r"[a-f0-9]{64}"),
    _token("DigitalOcean refresh token", "dor_v1_", r"[a-f0-9]{64}"),
    _token("Cloudflare origin CA key", "v1.0-", r"[a-f0-9]{24}-[a-f0-9]{146}"),
    _named("Cloudflare API token", "cloudflare cf_api", r"(?:[A-Za-z0-9_-]{40}|[a-f0-9]{37})"),
    _token("Heroku API key", "HRKU-AA", r"[0-9a-zA-Z_-]{58}"),
    _token("Fly.io access token", "fo1_", r"[A-Za-z0-9_-]{43}"),
    _token("Fly.io access token", "fm2_", r"[A-Za-z0-9+/]{100,1000}+={0,3}"),
    _token("Supabase access token", "sbp_", r"[a-f0-9]{40}", _GITHUB),
    _token("Supabase secret key", "sb_secret_", r"[A-Za-z0-9_-]{31}", _GITHUB),
    _token("PlanetScale token", "pscale_tkn_", r"[A-Za-z0-9_=.-]{32,64}"),
    _token("PlanetScale OAuth token", "pscale_oauth_", r"[A-Za-z0-9_=.-]{32,64}"),
    _token("PlanetScale password", "pscale_pw_", r"[A-Za-z0-9_=.-]{32,64}"),
)
_TALKING = (
    _token("Slack bot token", "xoxb-", r"[0-9]{8,14}-(?:[0-9]{8,14}-)?[A-Za-z0-9]{18,34}"),
    _token("Slack user token", "xoxp-", r"(?:[0-9]{8,14}-){2,3}[A-Za-z0-9]{24,36}"),
    _token("Slack refresh token", "xoxe-", r"\d-[A-Za-z0-9]{146}"),
    _token("Slack configuration token", "xoxe.xox", r"[bp]-\d-[A-Za-z0-9]{160,170}"),
    _token("Slack app token", "xapp-", r"\d-[A-Z0-9]{8,14}-\d{8,16}-[a-z0-9]{32,80}"),
    _token("Slack legacy token", "xoxs-", r"\d{6,14}-\d{6,14}-\d{6,14}-[a-fA-F0-9]{10,64}"),
    _token("Slack workspace token", "xoxa-", r"(?:\d-)?[A-Za-z0-9]{16,48}"),
    _token("Slack workspace refresh token", "xoxr-", r"(?:\d-)?[A-Za-z0-9]{16,48}"),
    _shaped(
        "Slack webhook",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[A-Z][A-Za-z0-9]{8,11}/[A-Za-z0-9]{8,12}/[A-Za-z0-9/]{20,44})",
        ("hooks.slack.com",),
    ),
    _shaped(
        "Teams webhook",
        rf"[a-z0-9-]{{1,60}}\.webhook\.office\.com/webhookb2/(?P<secret>{_GUID}@{_GUID}/IncomingWebhook/[0-9a-z]{{32}}/{_GUID}"
        r"(?:/V2[A-Za-z0-9_-]{20,60})?)",
        ("webhook.office.com",),
    ),
    _shaped(
        "address of a workflow",
        r"(?:logic\.azure\.com|api\.powerplatform\.com)[^\s'\"]{0,300}?[?&]sig=(?P<secret>[A-Za-z0-9_-]{43})"
        + _END_URL_SAFE,
        ("logic.azure.com", "api.powerplatform.com"),
        "https://learn.microsoft.com/azure/logic-apps/logic-apps-securing-a-logic-app",
    ),
    _shaped(
        "Discord webhook",
        r"discord(?:app)?\.com/api/webhooks/(?P<secret>\d{17,20}/[A-Za-z0-9_-]{60,80})",
        ("api/webhooks/",),
        _GITHUB,
    ),
    _shaped("Telegram bot token", r"\d{8,10}:AA[A-Za-z0-9_-]{33}" + _END_URL_SAFE, (":AA",), _GITHUB),
    _token("SendGrid API key", "SG.", r"[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"),
    _token("Mailgun API key", "key-", r"[a-f0-9]{32}"),
    _named("Mailgun API key", "mailgun", r"[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8}"),
    _named("Twilio key", "twilio", r"(?:SK)?[a-f0-9]{32}"),
    _token("Stripe secret key", "sk_live_", r"[A-Za-z0-9]{16,99}+"),
    _token("Stripe restricted key", "rk_live_", r"[A-Za-z0-9]{16,99}+"),
    _token("Stripe test key", "sk_test_", r"[A-Za-z0-9]{16,99}+", severity=_WARNING),
    _token("Stripe restricted test key", "rk_test_", r"[A-Za-z0-9]{16,99}+", severity=_WARNING),
    _token("Stripe webhook secret", "whsec_", r"[A-Za-z0-9+/]{32,100}+={0,2}", _GITHUB),
    *(
        _token(f"Shopify {what}", prefix, r"[a-fA-F0-9]{32}")
        for prefix, what in (
            ("shpat_", "access token"),
            ("shpca_", "custom app token"),
            ("shppa_", "private app token"),
            ("shpss_", "shared secret"),
        )
    ),
    _token("Postman API key", "PMAK-", r"[a-fA-F0-9]{24}-[a-fA-F0-9]{34}"),
    _token("Figma access token", "figd_", r"[A-Za-z0-9_-]{38,48}", _GITHUB),
    _token("Notion API token", "ntn_", r"[0-9]{11}[A-Za-z0-9]{35}"),
    _token("Notion API token", "secret_", r"[A-Za-z0-9]{43}", _GITHUB),
    _token("Linear API key", "lin_api_", r"[A-Za-z0-9]{40}"),
    _token("Linear OAuth token", "lin_oauth_", r"[A-Za-z0-9]{64}", _GITHUB),
    _shaped("Airtable access token", r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}" + _END, ("pat",)),
)
_BUILDING = (
    _token(
        "npm access token",
        "npm_",
        r"[A-Za-z0-9]{36}",
        "https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/",
        holds=github_holds,
    ),
    # Also the key of the PowerShell Gallery, which is a NuGet server.
    _token(
        "NuGet API key", "oy2", r"[a-z2-7]{43}", "https://learn.microsoft.com/purview/sit-defn-general-symmetric-key"
    ),
    _token("PyPI API token", "pypi-AgE", r"[A-Za-z0-9_-]{60,1000}+", "https://pypi.org/help/#apitoken"),
    _token("RubyGems API key", "rubygems_", r"[a-f0-9]{48}"),
    _token("crates.io API token", "cio", r"[A-Za-z0-9]{32}", _GITHUB),
    _token("Docker access token", "dckr_pat_", r"[A-Za-z0-9_-]{27}", _GITHUB),
    _token("Docker organization token", "dckr_oat_", r"[A-Za-z0-9_-]{32}", _GITHUB),
    _token("JFrog API key", "AKCp", r"[A-Za-z0-9]{69}"),
    _token("JFrog reference token", "cmVmd", r"[A-Za-z0-9]{59}"),
    *(
        _token(f"SonarQube {what} token", prefix, r"[a-f0-9]{40}")
        for prefix, what in (("squ_", "user"), ("sqp_", "project"), ("sqa_", "analysis"))
    ),
    _named("Snyk API token", "snyk", _GUID),
    _token("Snyk access token", "snyk_uat.", r"[a-z0-9]{8}\.[A-Za-z0-9._-]{60,400}+", _GITHUB),
    _token("Snyk service account token", "snyk_sat.", r"[a-z0-9]{8}\.[A-Za-z0-9._-]{60,400}+", _GITHUB),
    _token("CircleCI access token", "CCIPAT_", r"[A-Za-z0-9]{22}_[a-f0-9]{40}", _GITHUB),
    _token("Buildkite access token", "bkua_", r"[a-f0-9]{40}", _GITHUB),
    _token("Octopus API key", "API-", r"[A-Z0-9]{26}"),
    _token("Vault service token", "hvs.", r"[A-Za-z0-9_-]{24,140}"),
    _token("Vault batch token", "hvb.", r"[A-Za-z0-9_-]{138,300}"),
    _shaped("Terraform token", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}", (".atlasv1.",)),
    _token("Pulumi access token", "pul-", r"[a-f0-9]{40}"),
    *(
        _token(f"Doppler {what} token", prefix, r"(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}", _GITHUB)
        for prefix, what in (
            ("dp.pt.", "personal"),
            ("dp.st.", "service"),
            ("dp.ct.", "CLI"),
            ("dp.sa.", "service account"),
            ("dp.scim.", "SCIM"),
            ("dp.audit.", "audit"),
        )
    ),
    _token("1Password service account token", "ops_eyJ", r"[A-Za-z0-9+/]{250,2000}+={0,3}"),
    _token(
        "1Password secret key",
        "A3-",
        r"[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}",
    ),
    _token("Tailscale key", "tskey-", r"[a-z]{3,10}-[A-Za-z0-9]{8,24}-[A-Za-z0-9]{16,60}", _GITHUB),
    _token("age secret key", "AGE-SECRET-KEY-1", r"[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"),
    _named("ngrok token", "ngrok authtoken", r"[0-9][A-Za-z0-9]{24,29}_[A-Za-z0-9]{19,24}", _GITHUB),
)
_WATCHING = (
    _token("Grafana Cloud token", "glc_", r"[A-Za-z0-9+/]{32,400}+={0,3}"),
    _token("Grafana service account token", "glsa_", r"[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}"),
    _token("Grafana API key", "eyJrIjoi", r"[A-Za-z0-9]{70,400}+={0,3}"),
    _named("Datadog key", "datadog dd_api dd_app dd-api dd-application", r"(?:[a-f0-9]{40}|[a-f0-9]{32})"),
    _token("New Relic user key", "NRAK-", r"[A-Z0-9]{27}"),
    _token("New Relic insert key", "NRII-", r"[A-Za-z0-9-]{32}"),
    _token("New Relic browser key", "NRJS-", r"[a-f0-9]{19}"),
    _shaped("New Relic license key", r"[a-f0-9]{36}NRAL" + _END, ("NRAL",), _GITHUB),
    _token("Sentry organization token", "sntrys_", r"eyJ[A-Za-z0-9+/=]{40,500}_[A-Za-z0-9+/]{43}"),
    _token("Sentry user token", "sntryu_", r"[a-f0-9]{64}"),
    _named("Sentry auth token", "sentry", r"[a-f0-9]{64}"),
    _token("Dynatrace token", "dt0", r"[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64}", _GITHUB),
)

#: Every form of this page, by what the vendor is for: models, clouds, messages and money, building, watching.
VENDOR_KEYS: tuple[TokenFormat, ...] = (*_ARTIFICIAL, *_CLOUDS, *_TALKING, *_BUILDING, *_WATCHING)
