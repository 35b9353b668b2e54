"""Whose a file is: the forge's own rules, each from its vendor's documentation."""

from __future__ import annotations

import pytest

from bumper import codeowners

GITHUB = """# a comment
*       @global
*.js    @js   # of this line
/build/logs/ @doctor
docs/*  docs@example.org
apps/   @octo
/apps/github
/scripts/ @doctor @acme/scripts
**/logs @logs
my\\ file @blank
"""
GITLAB = """* @default
[Docs] @docs
docs/
README.md @readme
^[Optional][2]
*.rb @ruby
"""
GITEA = """.*\\.go @gopher
frontend/.* @ui @acme/design
!frontend/.* @backend
(broken @nobody
"""


@pytest.mark.parametrize(
    ("kind", "text", "path", "owners"),
    [
        pytest.param("github", GITHUB, "compose.yaml", ("global",), id="everything"),
        pytest.param("github", GITHUB, "web/x.js", ("js",), id="by-its-end-anywhere"),
        pytest.param("github", GITHUB, "build/logs/a/b", ("logs",), id="the-last-wins"),
        pytest.param("github", GITHUB, "docs/a.md", (), id="a-mail-is-nobody"),
        pytest.param("github", GITHUB, "docs/build/a.md", ("global",), id="a-star-stays-in-its-folder"),
        pytest.param("github", GITHUB, "x/apps/a", ("octo",), id="a-folder-anywhere"),
        pytest.param("github", GITHUB, "apps/github/a", (), id="nobody-on-purpose"),
        pytest.param("github", GITHUB, "scripts/a/b", ("doctor", "acme/scripts"), id="a-team"),
        pytest.param("github", GITHUB, "x/scripts/a", ("global",), id="from-the-root-alone"),
        pytest.param("github", GITHUB, "my file", ("blank",), id="a-blank-in-a-name"),
        pytest.param("gitlab", GITLAB, "a.yaml", ("default",), id="before-any-section"),
        pytest.param("gitlab", GITLAB, "docs/a", ("default", "docs"), id="a-section-has-its-own"),
        pytest.param("gitlab", GITLAB, "README.md", ("default", "readme"), id="over-the-sections"),
        pytest.param("gitlab", GITLAB, "a.rb", ("default", "ruby"), id="optional-and-numbered"),
        pytest.param("gitea", GITEA, "a.go", ("gopher", "backend"), id="all-that-match"),
        pytest.param("gitea", GITEA, "frontend/x.go", ("gopher", "ui", "acme/design"), id="no-negative"),
        pytest.param("gitea", GITEA, "x/frontend/a", ("backend",), id="anchored"),
    ],
)  # fmt: skip
def test_owners(kind: str, text: str, path: str, owners: tuple[str, ...]) -> None:
    assert codeowners.rules(kind, text)(path) == owners


def test_a_slow_expression_owns_nothing() -> None:
    rule = codeowners.rules("gitea", "(a+)+b @x\n.* @y\n")
    assert rule("a" * 60) == ("y",)
