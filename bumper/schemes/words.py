"""The words of tags as data: what is an environment, a pre-release, an artifact. Pure.

Sources: the tag lists of Docker's official images, LinuxServer, Bitnami, Microsoft and NVIDIA as
published in 2026; PEP 440 and SemVer 2.0.0 for pre-releases.
"""

from __future__ import annotations

import re

__all__ = ["ARTIFACT", "ENVIRONMENT", "PRERELEASE"]

# Operating systems and runtimes whose own number stands behind their name.
ENVIRONMENT = frozenset({
    "alpine", "almalinux", "amazonlinux", "al", "bookworm", "bullseye", "buster", "centos", "cuda",
    "cudnn", "debian", "dotnet", "el", "fedora", "fc", "fpm-alpine", "go", "golang", "java", "jdk",
    "jre", "leap", "ltsc", "nanoserver", "node", "openjdk", "oraclelinux", "pg", "php", "photon",
    "postgres", "py", "python", "rhel", "rocky", "rockylinux", "ruby", "sles", "trixie", "ubi",
    "ubi-minimal", "ubuntu", "ubu", "windows", "windowsservercore", "windowsservercore-ltsc", "vectorchord-pg",
})  # fmt: skip
# In rising order: how near to the release each one is.
PRERELEASE = {
    "dev": 0, "snapshot": 1, "nightly": 2, "canary": 3, "unstable": 3, "experimental": 3,
    "a": 4, "alpha": 4, "b": 5, "beta": 5, "m": 6, "milestone": 6, "ea": 7, "eap": 7,
    "pre": 8, "prerelease": 8, "preview": 8, "c": 9, "rc": 9, "cr": 9,
}  # fmt: skip

# Signatures, attestations, bills of material and build caches that stand beside images.
ARTIFACT = re.compile(
    r"sha256-[0-9a-f]{64}(?:\.(?:sig|att|sbom))?|.*\.(?:sig|att|sbom)|(?:.*[-_.])?(?:build)?cache",
    re.ASCII | re.DOTALL,
)
