"""The words of tags as data: what is an environment, a pre-release, an artifact. Pure.

Each word names where it was seen or defined. The config may add words for some images.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

__all__ = ["ARTIFACT", "ENVIRONMENT", "POSTRELEASE", "PRERELEASE", "WORDS", "Words", "extended"]

# Operating systems and runtimes whose own number stands behind their name -> where.
ENVIRONMENT = {
    "al": "amazon/aws-lambda-python: 3.12-al2023", "almalinux": "docker.io/library/almalinux",
    "alpine": "docker.io/library/python: 3.12-alpine3.20",
    "amazonlinux": "docker.io/library/amazonlinux", "centos": "quay.io/centos/centos",
    "cuda": "pytorch/pytorch: 2.5.1-cuda12.4-cudnn9-devel",
    "cudnn": "pytorch/pytorch: 2.5.1-cuda12.4-cudnn9-devel",
    "debian": "bitnami/postgresql: 16.2.0-debian-12-r5", "dotnet": "mcr.microsoft.com/dotnet",
    "el": "almalinux and rockylinux packages: el9", "fc": "Fedora packages: fc41",
    "fedora": "docker.io/library/fedora", "go": "grafana/agent builds: go1.22",
    "golang": "docker.io/library/golang", "java": "itzg/minecraft-server: java21",
    "jdk": "docker.io/library/tomcat: 10.1-jdk21", "jre": "docker.io/library/tomcat: 10.1-jre21",
    "leap": "opensuse/leap", "ltsc": "mcr.microsoft.com/windows/servercore: ltsc2022",
    "nanoserver": "mcr.microsoft.com/windows/nanoserver", "node": "docker.io/library/node",
    "openjdk": "docker.io/library/openjdk", "oraclelinux": "docker.io/library/oraclelinux",
    "pg": "timescale/timescaledb: 2.17.2-pg16", "photon": "docker.io/library/photon",
    "php": "docker.io/library/wordpress: 6.7-php8.3", "postgres": "supabase/postgres",
    "py": "apache/airflow: 2.10.3-py3.12", "python": "apache/airflow: 2.10.3-python3.12",
    "rhel": "registry.access.redhat.com", "rocky": "docker.io/library/rockylinux",
    "rockylinux": "docker.io/library/rockylinux", "ruby": "docker.io/library/ruby",
    "sles": "registry.suse.com", "ubi": "registry.access.redhat.com/ubi9: ubi9",
    "ubi-minimal": "registry.access.redhat.com/ubi9-minimal",
    "ubu": "linuxserver/jellyfin: 10.10.3ubu2404-ls41",
    "ubuntu": "nvidia/cuda: 12.4.1-devel-ubuntu22.04",
    "vectorchord-pg": "tensorchord/vchord-postgres", "windows": "mcr.microsoft.com/windows",
    "windowsservercore": "docker.io/library/golang: 1.23-windowsservercore-ltsc2022",
    "windowsservercore-ltsc": "docker.io/library/golang: 1.23-windowsservercore-ltsc2022",
}  # fmt: skip
# How near to the release each one is, and where it is defined or was seen.
PRERELEASE = {
    "dev": (0, "PEP 440"), "snapshot": (1, "Maven"), "nightly": (2, "docker.io/library/rust"),
    "canary": (3, "duplicati"), "unstable": (3, "Debian"), "experimental": (3, "Debian"),
    "a": (4, "PEP 440"), "alpha": (4, "PEP 440"), "b": (5, "PEP 440"), "beta": (5, "PEP 440"),
    "m": (6, "Spring, Maven"), "milestone": (6, "Maven"), "ea": (7, "OpenJDK"),
    "eap": (7, "JetBrains"), "pre": (8, "PEP 440"), "prerelease": (8, "SemVer 2.0.0, examples"),
    "preview": (8, "PEP 440, mcr.microsoft.com/dotnet"), "c": (9, "PEP 440"), "rc": (9, "PEP 440"),
    "cr": (9, "Maven"),
}  # fmt: skip
# What follows a release without being the next one.
POSTRELEASE = {"post": "PEP 440", "security": "grafana/grafana: 11.3.0-security-01"}

# Signatures, attestations, bills of material and build caches that stand beside images.
# Sources: cosign's tag scheme; OCI distribution-spec 1.1, "Referrers Tag Schema"; docker buildx.
ARTIFACT = re.compile(
    r"sha256-[0-9a-f]{64}(?:[.-].*)?|.*\.(?:sig|att|sbom)|(?:.*[-_.])?(?:build)?cache",
    re.ASCII | re.DOTALL,
)


@dataclass(frozen=True)
class Words:
    """The words in force: the tables, and what the config adds."""

    environment: frozenset[str] = frozenset(ENVIRONMENT)
    ranks: tuple[tuple[str, int], ...] = tuple(
        (word, rank) for word, (rank, _) in PRERELEASE.items()
    )
    rank: dict[str, int] = field(init=False, compare=False)
    head: re.Pattern[str] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        known = {**dict(self.ranks), **dict.fromkeys(POSTRELEASE, 100)}
        object.__setattr__(self, "rank", known)
        names = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
        head = re.compile(rf"([-_.+~]?)({names})(?![A-Za-z])[-_.]?", re.IGNORECASE | re.ASCII)
        object.__setattr__(self, "head", head)

    def opening(self, text: str, *, number_follows: bool) -> tuple[int, str]:
        """Give how much of a text behind a number is a pre-release's word, and the word; else 0.

        One letter counts only between two numbers, glued to the first one (`3.8.0b1`, `-M2` too).
        """
        match = self.head.match(text)
        if match is None:
            return 0, ""
        word = match[2].lower()
        whole = match.end() == len(text)
        if len(word) == 1 and not (whole and number_follows and (not match[1] or match[2] == "M")):
            return 0, ""
        # The separator behind it belongs to its number, else to what comes next.
        end = match.end() if whole and number_follows else match.end(2)
        return end, word


WORDS = Words()


@lru_cache(maxsize=256)
def extended(environment: tuple[str, ...], prerelease: tuple[str, ...]) -> Words:
    """Give the words with those that a config adds; a pre-release word of its own is a nightly's kin."""
    rank = PRERELEASE["nightly"][0]
    return Words(
        WORDS.environment | {word.lower() for word in environment},
        (*WORDS.ranks, *((word.lower(), rank) for word in prerelease)),
    )
