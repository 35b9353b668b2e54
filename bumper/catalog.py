"""Every member of every family by name: the one place to register, and to make those with a state."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from bumper.config.globs import matches_path
from bumper.config.logins import logins
from bumper.config.secrets import expand
from bumper.dialects import (
    argocd_image_updater,
    container_updater,
    directives,
    diun,
    keel,
    labels,
    renovate,
    shepherd,
    watchtower,
    wud,
)
from bumper.dialects import flux as flux_markers
from bumper.forges.dry_run import DryRun
from bumper.forges.gitea import Gitea
from bumper.forges.github import GitHub
from bumper.forges.gitlab import GitLab
from bumper.forges.local import Local
from bumper.formats import (
    actions,
    annotated,
    argocd,
    cloudbuild,
    compose,
    dockerfile,
    dotenv,
    flux,
    gitlab_ci,
    helm_values,
    kubernetes,
    kustomize,
    pattern,
    quadlet,
    template,
)
from bumper.http import Manners, Trust
from bumper.keychains import azure, ecr, google
from bumper.keychains.chain import Chain
from bumper.keychains.configured import Configured
from bumper.keychains.docker_config import DockerConfig
from bumper.keychains.environment import Environment
from bumper.keychains.shepherd import Shepherd
from bumper.keychains.variables import Variables
from bumper.migrations import dependabot
from bumper.migrations import renovate as renovate_config
from bumper.migrations.started import OPTIONS as STARTED
from bumper.migrations.started import PROGRAMS as STARTED_BY
from bumper.migrations.started import read as started
from bumper.notifiers import shoutrrr
from bumper.notifiers.apprise import Apprise
from bumper.notifiers.prometheus import PushGateway, TextFile
from bumper.notifiers.summary import Summary
from bumper.notifiers.webhook import Webhook
from bumper.notifiers.zabbix import Zabbix
from bumper.patterns import compile_pattern
from bumper.registries import dockerhub
from bumper.registries.dockerhub import DockerHub
from bumper.registries.insecure import Insecure
from bumper.registries.mirrored import Mirrored, Recent
from bumper.registries.oci import Oci
from bumper.registries.offline import Offline
from bumper.registries.recorded import Replay
from bumper.registries.recorder import Recorder
from bumper.reports import (
    csv_text,
    github,
    gitlab,
    html,
    json_lines,
    json_text,
    junit,
    markdown,
    plain,
    prometheus,
    sarif,
    table,
)
from bumper.schemes import alphabetical, auto, calver, newest, numeric, semver

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bumper.config.channels import NotifySettings
    from bumper.config.model import Config
    from bumper.dialects.base import Dialect, Far
    from bumper.forges.base import Forge
    from bumper.formats.base import Format
    from bumper.http import Http
    from bumper.keep import Keep
    from bumper.keychains.base import Keychain
    from bumper.migrations.base import Migration
    from bumper.model import Policy
    from bumper.notifiers.base import Notifier
    from bumper.registries.base import Registry
    from bumper.registries.recorded import Answers
    from bumper.reports.base import ReportFormat
    from bumper.schemes.base import Scheme

__all__ = [
    "DIALECTS",
    "FAR_DIALECTS",
    "FORMATS",
    "MIGRATIONS",
    "POINTERS",
    "REPORTS",
    "SCHEMES",
    "STARTED",
    "STARTED_BY",
    "SYSTEMS",
    "VENDORS",
    "keychains",
    "manners",
    "notifier",
    "offline",
    "pointers",
    "registries",
    "replayed",
    "scheme",
    "started",
    "trust",
]

# In the order of claiming: the first that claims a document reads it alone.
FORMATS: dict[str, Format] = {
    module.NAME: module
    for module in (
        dotenv,
        dockerfile,
        quadlet,
        actions,
        gitlab_ci,
        cloudbuild,
        compose,
        kustomize,
        flux,
        argocd,
        kubernetes,
        helm_values,
        template,
    )
}
# Read beside whichever format claims the text: what a comment or a setting points at.
POINTERS: dict[str, Format] = {module.NAME: module for module in (annotated,)}
SCHEMES: dict[str, Scheme] = {
    module.NAME: module for module in (auto, semver, calver, numeric, alphabetical, newest)
}
# In the order they win: ours before the peers'.
DIALECTS: dict[str, Dialect] = {
    module.NAME: module
    for module in (
        directives,
        labels,
        keel,
        watchtower,
        container_updater,
        shepherd,
        wud,
        diun,
        renovate,
    )
}
# Those of `FAR_DIALECTS` speak of uses in other files than their own.
FAR_DIALECTS: dict[str, Far] = {
    module.NAME: module for module in (flux_markers, argocd_image_updater, shepherd, watchtower)
}
# Every dialect but our own: what `compat:` switches.
SYSTEMS = tuple(dict.fromkeys([*list(DIALECTS)[2:], *FAR_DIALECTS]))


def scheme(policy: Policy) -> Scheme:
    """Give what reads the tags under a policy, with the words that the config adds."""
    added = (policy.environment_words, policy.prerelease_words)
    if policy.scheme == "auto" and any(added):
        return auto.with_words(*added)
    return SCHEMES[policy.scheme]


# Systems whose settings stand in a file of their own.
MIGRATIONS: dict[str, Migration] = {module.NAME: module for module in (renovate_config, dependabot)}

REPORTS: dict[str, ReportFormat] = {
    module.NAME: module
    for module in (
        table,
        plain,
        json_text,
        json_lines,
        markdown,
        csv_text,
        github,
        sarif,
        gitlab,
        junit,
        prometheus,
        html,
    )
}

# Made with what each one needs to know: an address, a folder, a token.
FORGES: dict[str, Callable[..., Forge]] = {
    "github": GitHub,
    "gitea": Gitea,
    "gitlab": GitLab,
    "local": Local,
    "dry-run": DryRun,
}


def pointers(config: Config) -> dict[str, Format]:
    """Give what reads beside every other format: the comments, and the patterns of the config."""
    members = tuple(
        pattern.Pattern(partial(_is_one_of, one.files), compile_pattern(one.match), one.image)
        for one in config.files.patterns
    )
    return {**POINTERS, "pattern": pattern.Patterns(members)} if members else POINTERS


def _is_one_of(globs: Sequence[str], path: str) -> bool:
    return any(matches_path(glob, path) for glob in globs)


# Clouds that lend a password of their own for the identity that the machine has there.
VENDORS: tuple[Keychain, ...] = (azure.Azure(), ecr.Ecr(), google.Google())

# Docker Hub's registry answers under another name than its references say.
_HUB = "docker.io"
_ANSWERS_AT = {"docker.io": "registry-1.docker.io"}


def trust(config: Config) -> dict[str, Trust]:
    """Give what TLS to accept from each registry that the config speaks of."""
    return {
        _ANSWERS_AT.get(host, host): Trust(settings.ca, settings.cert, settings.insecure)
        for host, settings in config.registries.items()
        if "/" not in host
    }


def manners(config: Config, jobs: int) -> dict[str, Manners]:
    """Give how to ask each registry that the config limits."""
    return {
        _ANSWERS_AT.get(host, host): Manners(settings.jobs or jobs, settings.rate)
        for host, settings in config.registries.items()
        if settings.jobs or settings.rate
    }


def keychains(config: Config, variables: Mapping[str, str]) -> tuple[Keychain, ...]:
    """Give every place where credentials may be, the nearest first."""
    variables = Variables(variables)
    return (
        Configured(logins(config, variables)),
        Environment(variables),
        Shepherd.of(variables),
        *DockerConfig.of(variables),
        *VENDORS,
    )


def registries(
    http: Http,
    config: Config,
    variables: Mapping[str, str],
    record: Answers | None = None,
    keep: Keep | None = None,
    accounts: Mapping[str, str] | None = None,
    within: float = 0,
) -> Callable[[str], Registry]:
    """Give the registry of each host, made when it is first asked for.

    `accounts` names the account to look an image up with, by normalised name. What was kept less than
    `within` seconds ago is believed without asking.
    """
    made: dict[str, Registry] = {}
    chain = Chain(keychains(config, variables), accounts or {})

    def registry_for(host: str) -> Registry:
        if host not in made:
            registry = _registry(http, host, config, chain, keep)
            if keep is not None and within:
                registry = Recent(_kept(keep, chain, config, host, within), registry)
            made[host] = registry if record is None else Recorder(registry, host, record)
        return made[host]

    return registry_for


def replayed(answers: Answers) -> Callable[[str], Registry]:
    """Give registries that answer from a record alone."""
    return lambda host: Replay(host, answers)


def offline(
    keep: Keep,
    config: Config,
    variables: Mapping[str, str],
    accounts: Mapping[str, str] | None = None,
) -> Callable[[str], Registry]:
    """Give registries that answer from what was kept alone."""
    chain = Chain(keychains(config, variables), accounts or {})
    return lambda host: _kept(keep, chain, config, host)


def _kept(
    keep: Keep, chain: Chain, config: Config, host: str, within: float = math.inf
) -> Registry:
    """Give what was kept of a registry, and of its mirror, less than so many seconds ago."""

    def shelved(host: str, prefix: str = "") -> Registry:
        shelf = keep.shelf(f"{host}/{prefix}", chain.account(host))
        return Offline(host, shelf, dockerhub.TOPIC if host == _HUB else "", within)

    settings = config.registries.get(host)
    if settings is None or settings.mirror is None:
        return shelved(host)
    return Mirrored(shelved(*_mirror(settings.mirror)), shelved(host))


def _mirror(address: str) -> tuple[str, str]:
    """Give the host of a mirror, and what stands before every repository there."""
    host, _, folder = address.removeprefix("https://").partition("/")
    return host, f"{folder.strip('/')}/" if folder.strip("/") else ""


def _registry(http: Http, host: str, config: Config, chain: Chain, keep: Keep | None) -> Registry:
    settings = config.registries.get(host)
    wallet = chain.wallet(host, settings.realm if settings is not None else ())

    def make(base: str, prefix: str = "") -> Registry:
        oci = Oci(http, host, base, wallet, prefix, keep)
        return DockerHub(http, oci, oci.shelf, oci.site.budget) if host == _HUB else oci

    origin: Registry
    if settings is not None and settings.insecure:
        origin = Insecure(http, host, make)
    else:
        origin = make(f"https://{_ANSWERS_AT.get(host, host)}")
    if settings is None or settings.mirror is None:
        return origin
    mirror, prefix = _mirror(settings.mirror)
    there = config.registries.get(mirror)
    known = chain.wallet(mirror, there.realm if there is not None else ())

    def make_mirror(base: str) -> Registry:
        return Oci(http, mirror, base, known, prefix, keep)

    if there is not None and there.insecure:
        return Mirrored(Insecure(http, mirror, make_mirror), origin)
    return Mirrored(make_mirror(f"https://{mirror}"), origin)


def notifier(
    http: Http, settings: NotifySettings, variables: Mapping[str, str], place: str
) -> Notifier:
    """Give the notifier of one entry of `notify:`; `place` names the entry in messages.

    Raises:
        UsageError: A variable that it names is not set.
        NotifyError: An address cannot be read.
    """
    kind = settings.kind

    def said(value: str | None) -> str:
        return expand(value, variables, f"{place}.{kind}") or ""

    match kind:
        case "apprise":
            return Apprise(tuple(said(url) for url in settings.apprise))
        case "shoutrrr":
            urls = [one for text in settings.shoutrrr for one in shoutrrr.split(said(text))]
            return Apprise(tuple(shoutrrr.translate(url) for url in urls))
        case "webhook":
            return Webhook(http, said(settings.webhook), said(settings.token))
        case "zabbix":
            return Zabbix(said(settings.zabbix), said(settings.host))
        case "pushgateway":
            return PushGateway(http, said(settings.pushgateway))
        case "prometheus":
            return TextFile(said(settings.prometheus))
    return Summary(said(settings.summary), own=settings.template is not None)
