"""What is an image, what only looks like one, and the reason that is given."""

from __future__ import annotations

import pytest

from bumper import catalog, discover, run
from bumper.config.images import Files, PatternSettings
from bumper.config.model import Config
from bumper.config.read import Loaded
from bumper.errors import TextError
from bumper.reading import read

MAC = "ENC[AES256_GCM,data:x,type:str]"


@pytest.mark.parametrize(
    ("path", "text", "codes"),
    [
        pytest.param("a.yaml", "image: ko://github.com/acme/x", ["not-a-reference"], id="ko"),
        pytest.param("a.yaml", "image: https://x.org/a.png", ["not-a-reference"], id="a-picture"),
        pytest.param("a.yaml", "image: REGISTRY/app", ["placeholder"], id="a-placeholder"),
        pytest.param("a.yaml", "image: 'nginx:{{ tag }}'", ["templated"], id="row-111-a-template"),
        pytest.param("a.yaml", "image: nginx:${TAG}", ["templated"], id="row-111-a-variable"),
        pytest.param("a.yaml", "image: <your image>", ["templated"], id="a-gap"),
        pytest.param("a.yaml", "image: {tag: v1}", ["tag-only"], id="an-overlay"),
        pytest.param("a.yaml", "image: {repository: acme/x}", ["no-tag"], id="the-charts-own"),
        pytest.param("a.yaml", "status: {image: 'nginx:1.25'}", ["reported"], id="status"),
        pytest.param("a.yaml", "definitions: {image: 'nginx:1.25'}", ["schema"], id="schema"),
        pytest.param("a.yaml", 'image: "nginx\\x3a1.25"', ["escaped"], id="an-escape"),
        pytest.param("a.yaml", "image: true", [], id="yes-or-no"),
        pytest.param("a.yaml", "image:", [], id="nothing"),
        pytest.param("a.yaml", "pool: {image: windows-2022}", [], id="a-virtual-machine"),
        pytest.param("a.yaml", "# image: nginx:1.25", [], id="a-comment"),
        pytest.param(
            "a.yaml", f"image: nginx:1.25\nsops: {{mac: '{MAC}'}}", ["sealed"], id="row-122-sops"
        ),
        pytest.param("x.env", f"A_IMAGE=nginx:1.25\nsops_mac={MAC}\n", ["sealed"], id="sops-env"),
        pytest.param("Dockerfile", "FROM ${BASE}", ["templated"], id="an-argument-from-outside"),
        pytest.param("Dockerfile", "FROM Base", ["not-a-reference"], id="no-name"),
        pytest.param("a.yaml", "env: [{name: A, value: 'redis:6379'}]", [], id="an-address"),
        pytest.param("a.yaml", "args: ['--listen=x.org/a:8080']", [], id="a-port"),
    ],
)
def test_what_is_no_image_has_a_reason(path: str, text: str, codes: list[str]) -> None:
    found = discover.read(path, text, catalog.FORMATS, catalog.POINTERS)
    assert not found.uses
    assert [skip.code for skip in found.skips] == codes


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"image: nginx\0:1.25", "not-text", id="row-104-nul"),
        pytest.param(b"image: nginx:1.25 # \xff", "not-utf-8", id="row-104-invalid-utf-8"),
        pytest.param(b"image: nginx:1.25\n a: b\n", "bad-yaml", id="row-106-bad-yaml"),
        pytest.param(b"[" * 60_000 + b"image", "too-deep", id="brackets"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_problem_with_a_code(content: bytes, code: str) -> None:
    good = (f"b/{code}.yaml", b"image: nginx:1.25.3")
    scan = read([("a.yaml", content), good], Loaded()).scan
    assert [problem.code for problem in scan.problems] == [code]
    assert good[0] in {use.path for use in scan.uses}


def test_row_106_broken_yaml_is_a_problem_and_still_read_by_its_lines() -> None:
    scan = read([("a.yaml", b"x: @A@\nimage: nginx:1.25.3\n")], Loaded()).scan
    assert [problem.line for problem in scan.problems] == [1]
    assert [str(use.reference) for use in scan.uses] == ["nginx:1.25.3"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("c/templates/x.yaml", "{{- if .a }}\nimage: nginx:1.25.3\n", id="template"),
        pytest.param(".devcontainer/a.json", '// x\n{"image": "nginx:1.25.3"}', id="comments"),
    ],
)
def test_what_is_no_mistake_is_no_problem(path: str, text: str) -> None:
    scan = read([(path, text.encode())], Loaded()).scan
    assert not scan.problems
    assert len(scan.uses) == 1


def test_an_image_that_is_built_here_is_ignored_unless_somebody_says_otherwise() -> None:
    text = "services:\n  a:\n    build: .\n    image: acme/a:1.0\n  b:\n    build: .\n"
    text += "    image: acme/b:1.0 # bumper: policy=minor\n"
    uses = read([("compose.yaml", text.encode())], Loaded()).scan.uses
    first = [next(one.value for one in use.settings if one.key == "policy") for use in uses]
    assert first == ["ignore", "minor"]


def test_excluded_files_are_counted_by_the_pattern_that_says_so() -> None:
    files = [("tests/a.yaml", b"image: nginx:1.25"), ("test/a.yaml", b"image: nginx:1.25")]
    scan = read(files, Loaded()).scan
    assert [use.path for use in scan.uses] == ["test/a.yaml"]
    assert scan.excluded == {"**/tests/**": 1}


def test_our_own_settings_are_not_read() -> None:
    assert not read([("bumper.yaml", b"registries: {image: 'nginx:1.25'}")], Loaded()).scan.uses


def patterns(match: str, image: str | None = None) -> Loaded:
    one = PatternSettings(files=("*.nomad",), match=match, image=image)
    return Loaded(Config(files=Files(patterns=(one,))))


def test_a_pattern_of_the_config_finds_and_edits() -> None:
    loaded = patterns(r'image = "(?P<image>[^":]+):(?P<tag>[^"]+)"')
    found = read([("x.nomad", b'image = "nginx:1.25.3"\n')], loaded)
    assert [(str(use.reference), use.format) for use in found.scan.uses] == [
        ("nginx:1.25.3", "pattern")
    ]
    assert run.edited(found, []) == {}


def test_row_124_a_slow_pattern_is_a_problem_of_its_file() -> None:
    loaded = patterns(r"^(?P<tag>(a|aa)+)$", image="nginx")
    content = ("a" * 60 + "!\n").encode()
    scan = read([("x.nomad", content), ("a.yaml", b"image: nginx:1.25.3")], loaded).scan
    assert len(scan.uses) == 1
    assert [problem.code for problem in scan.problems] == ["slow-pattern"]


@pytest.mark.parametrize(
    ("match", "image", "words"),
    [
        pytest.param("x", "nginx", "(?P<tag>", id="catches-nothing"),
        pytest.param("(?P<tag>x)", None, "name the image", id="names-nothing"),
    ],
)
def test_a_pattern_that_says_too_little_is_refused(
    match: str, image: str | None, words: str
) -> None:
    with pytest.raises(ValueError, match=words.replace("(", r"\(").replace("?", r"\?")):
        patterns(match, image)


def test_row_120_git_lfs_pointers_hold_nothing_and_that_is_said() -> None:
    text = "version https://git-lfs.github.com/spec/v1\noid sha256:1\nimage: nginx:1.25\n"
    assert discover.worth_reading(text.partition("image")[0].encode())
    found = discover.read("a.yaml", text, catalog.FORMATS)
    assert (found.uses, found.problem) == ((), None)
    assert [(one.code, one.written) for one in found.skips] == [("lfs", text.partition("\n")[0])]


def test_a_text_that_is_too_large_is_refused() -> None:
    with pytest.raises(TextError):
        discover.read("a.yaml", "image: nginx\n" * 500_000, catalog.FORMATS)
