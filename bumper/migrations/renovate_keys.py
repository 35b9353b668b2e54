"""Every option of Renovate that no config of ours says: what is lost and why, what is of no image. Pure. No member.

Source: the schema that the vendor publishes, docs.renovatebot.com/renovate-schema.json; a test reads it
key by key.
"""

from __future__ import annotations

__all__ = ["ASIDE", "LOST", "why_lost"]

_SAYS: dict[str, tuple[str, ...]] = {
    "`automerge` of a rule is the highest step that the forge merges, when its checks are green": (
        "automergeType", "automergeSchedule", "automergeStrategy", "automergeComment",
        "platformAutomerge", "assignAutomerge", "autoApprove", "pruneBranchAfterAutomerge", "ignoreTests",
        "gitLabIgnoreApprovals", "bbAutoResolvePrTasks",
    ),
    "all who are named under `reviewers` and `assignees` are asked; codeowners is one of the names": (
        "additionalReviewers", "expandCodeOwnersGroups", "assigneesSampleSize",
        "reviewersSampleSize", "ignoreReviewers", "filterUnavailableUsers", "bbUseDefaultReviewers",
    ),
    "`labels` of a rule come beside those of `pull-requests`, they replace none": ("labels",),
    "a label decides nothing; a comment, a commit or closing does": (
        "rebaseLabel", "stopUpdatingLabel", "keepUpdatedLabel",
    ),
    "the words of a pull request are bumper's own; `pull-requests.commit-style` and `template` are the choice": (
        "commitMessage", "commitMessageAction", "commitMessageExtra", "commitMessagePrefix",
        "commitMessageSuffix", "commitMessageTopic", "commitMessageLowerCase", "commitBody",
        "commitBodyTable", "commitTrailers", "prTitle", "prTitleStrict", "prBodyNotes", "prBodyColumns",
        "prBodyDefinitions", "prBodyHeadingDefinitions", "prBodyTemplate", "prHeader", "prFooter",
        "semanticCommitType", "semanticCommitScope", "userStrings", "changelogUrl",
    ),
    "a branch's name follows from its images": (
        "additionalBranchPrefix", "branchTopic", "branchName", "branchNameStrict", "branchPrefixOld",
        "hashedBranchLength", "groupSlug",
    ),
    "nothing is approved on the dashboard; nearest is `monitor: true`": ("dependencyDashboardApproval",),
    "`pull-requests.dashboard: true` keeps one issue, in words of bumper's own": (
        "dependencyDashboard", "dependencyDashboardAutoclose", "dependencyDashboardCategory",
        "dependencyDashboardFooter", "dependencyDashboardHeader", "dependencyDashboardLabels",
        "dependencyDashboardOSVVulnerabilitySummary", "dependencyDashboardReportAbandonment",
        "dependencyDashboardTitle", "customizeDashboard",
    ),
    "a reference names its registry; `registries.<host>.mirror` asks another": (
        "registryUrls", "registryAliases", "defaultRegistryUrls",
    ),
    "credentials are named under `registries`, as $NAME of the environment": ("hostRules", "encrypted"),
    "an image is never replaced by another one": (
        "replacement", "replacementName", "replacementVersion", "replacementApproach",
        "replacementNameTemplate", "replacementVersionTemplate",
    ),
    "a major always stands alone": ("separateMajorMinor",),
    "one major is proposed; `stepwise: true` takes them one by one": (
        "separateMultipleMajor", "maxMajorIncrement",
    ),
    "one step is proposed for an image: the highest that is allowed": (
        "separateMinorPatch", "separateMultipleMinor",
    ),
    "an image that stands alone in its group is still of the group": (
        "group", "groupSingleUpdates", "minimumGroupSize",
    ),
    "a branch is kept on top of its base at any time": ("rebaseWhen",),
    "a pull request is opened at once; `min-age` lets it wait": (
        "prCreation", "prNotPendingHours", "internalChecksAsSuccess", "statusCheckNames",
        "statusCheckWhen", "minimumReleaseAgeBuffer",
    ),
    "pull requests are opened by their risk": ("prPriority",),
    "a closed pull request refuses just what it proposed": ("recreateWhen",),
    "limits are of pull requests: `pull-requests.limit` and `per-hour`": (
        "branchConcurrentLimit", "commitHourlyLimit",
    ),
    "is a number there; `pull-requests.milestone` is its name": ("milestone",),
    "a pull request has labels, people and a milestone": ("confidential", "azureWorkItemId", "azureWorkItemType"),
    "`pull-requests.draft` says which are drafts": ("draftPR",),
    "`commit` says who commits, and how it is signed": (
        "platformCommit", "forkModeDisallowMaintainerEdits",
    ),
    "a branch that a person has changed is left alone, whoever it was": ("gitIgnoredAuthors", "excludeCommitPaths"),
    "name the places under `files.patterns`; `# renovate:` comments are read as they are": (
        "customManagers", "regexManagers", "jsonata", "autoReplaceGlobalMatch",
    ),
    "only images are looked up, in their registries": (
        "customDatasources", "overrideDatasource", "overridePackageName", "overrideDepName",
        "sourceUrl", "sourceDirectory",
    ),
    "nothing from the repository is run": ("postUpdateOptions", "postUpgradeTasks"),
    "a tag follows versions, not another tag; `policy: pin` names the version of `latest`": ("followTag",),
    "write it as `tags` with a group (?P<version>…); see `bumper explain`": ("extractVersion",),
    "write it as `tags` with a group (?P<version>…) for what is compared": ("versionCompatibility",),
    "a tag that is gone stays, and is reported": ("rollbackPrs", "abandonmentThreshold"),
    "what was opened stays until it is merged, closed or no longer wanted": ("pruneStaleBranches",),
    "who is told of a run stands under `notify`": ("suppressNotifications",),
    "this repository is not a fork's: run bumper where it shall work": ("forkProcessing", "mode", "useBaseBranchConfig"),
    "release notes are fetched where the image says its source": ("fetchChangeLogs",),
}  # fmt: skip
LOST = {key: why for why, keys in _SAYS.items() for key in keys}
# Managers whose files hold images and are found here by what is in them, or by `files.patterns`.
_IMAGES = frozenset(
    {
        "ansible", "azure-pipelines", "batect", "bitbucket-pipelines", "bitrise", "buildkite", "circleci",
        "crossplane", "crow", "devcontainer", "droneci", "fleet", "gitlabci-include", "helm-requirements",
        "helmfile", "helmsman", "helmv3", "jenkins", "kotlin-script", "sveltos", "tekton", "terraform",
        "velaci", "vendir", "woodpecker",
    }
)  # fmt: skip
_FOUND = "what its files hold is found by what is in them; name `files` in a rule of `bumper.yaml`"
# Options that say nothing of an image: of Renovate's own working, and of other packages.
ASIDE = frozenset(
    {
        "$schema", "description", "overrideDescription", "extends", "enabledManagers", "lockFileMaintenance",
        "rangeStrategy", "vulnerabilityAlerts", "osvVulnerabilityAlerts", "vulnerabilityFixStrategy", "npmrc",
        "npmrcMerge", "npmToken", "configMigration", "configWarningReuseIssue", "ignorePresets", "ignorePlugins",
        "ignoreScripts", "ignoreDeprecated", "onboarding", "constraints", "constraintsFiltering",
        "constraintsVersioning", "platform", "packageRules", "bumpVersion", "bumpVersions", "updateNotScheduled",
        "fileMatch", "managerFilePatterns", "pin", "pinDigest", "updateInternalDeps", "rollback",
        "updatePinnedDependencies", "internalChecksFilter", "minimumReleaseAgeBehaviour", "cloneSubmodules",
        "cloneSubmodulesFilter", "composerIgnorePlatformReqs", "env", "goGetDirs", "logLevelRemap", "printConfig",
        "respectLatest", "skipArtifactsUpdate", "skipInstalls", "toolSettings",
    }
) | {  # the managers of other packages
    "ansible-galaxy", "ant", "apm", "asdf", "batect-wrapper", "bazel", "bazel-module", "bazelisk", "bicep",
    "buildpacks", "bun", "bun-version", "bundler", "cake", "cargo", "cdnurl", "cocoapods", "composer", "conan",
    "copier", "cpanfile", "deno", "deps-edn", "devbox", "fvm", "git-submodules", "glasskube", "gleam", "gomod",
    "gradle", "gradle-wrapper", "haskell-cabal", "hermit", "homeassistant-manifest", "homebrew", "html",
    "jsonnet-bundler", "leiningen", "maven", "maven-wrapper", "meteor", "mint", "mise", "mix", "nix", "nodenv", "npm",
    "nuget", "nvm", "ocb", "osgi", "pep621", "pep723", "pip-compile", "pip_requirements", "pip_setup", "pipenv",
    "pixi", "poetry", "pre-commit", "proto", "pub", "puppet", "pyenv", "renovate-config", "ruby-version",
    "runtime-version", "rust-toolchain", "sbt", "scalafmt", "setup-cfg", "smithy", "swift", "terraform-version",
    "terragrunt", "terragrunt-version", "tflint-plugin", "travis", "typst", "unity3d", "xcodegen",
}  # fmt: skip


def why_lost(key: str) -> str:
    """Give the reason why an option cannot be said, and what comes nearest."""
    return _FOUND if key in _IMAGES else LOST.get(key, "is not known here")
