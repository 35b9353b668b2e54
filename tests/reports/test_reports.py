"""Every report: its text as it was looked at, and what strangers wrote stays text in it."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from bumper import catalog
from bumper.cli.options import FORMATS
from bumper.model import Report, Scan
from bumper.reports import csv_text, github, gitlab, json_lines, junit, markdown, prometheus, sarif
from bumper.reports.ranks import KINDS, fingerprints
from tests.reports.samples import EVIL, GOLDEN, GOLDENS, HOSTILE, REPORT, SCAN, unversioned
from tests.support import use

MEMBERS = [pytest.param(name, id=name) for name in catalog.REPORTS]


def both(name: str, report: Report = REPORT) -> tuple[tuple[str, str], ...]:
    member = catalog.REPORTS[name]
    return ("plan", member.plan(report, width=100)), ("scan", member.scan(SCAN, width=100))


def test_the_flag_offers_every_report() -> None:
    assert ("auto", *catalog.REPORTS) == FORMATS


@pytest.mark.parametrize("name", GOLDENS)
def test_the_text_is_as_it_was_looked_at(name: str) -> None:
    for kind, text in both(name):
        assert unversioned(text) == (GOLDEN / f"{name}.{kind}").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MEMBERS)
def test_the_same_report_is_the_same_text(name: str) -> None:
    assert both(name) == both(name)


@pytest.mark.parametrize("name", MEMBERS)
def test_nothing_found_is_a_text_too(name: str) -> None:
    text = catalog.REPORTS[name].plan(Report(()), width=100)
    assert text.endswith("\n")


@pytest.mark.parametrize("name", [one for one in catalog.REPORTS if one != "json"])
def test_no_control_code_gets_through(name: str) -> None:
    text = catalog.REPORTS[name].plan(HOSTILE, width=4000)
    if name == "table":
        text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert "\x1b" not in text
    assert "\x00" not in text
    assert "\u202e" not in text
    text.encode()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        pytest.param(0, "0 references in 0 files\n", id="none"),
        pytest.param(1, "1 reference in 1 file\n", id="one"),
        pytest.param(2, "2 references in 1 file\n", id="two"),
    ],
)
def test_what_is_counted_is_said_in_its_number(number: int, said: str) -> None:
    found = Scan((use("nginx:1.25.3"), use("redis:7.2.0"))[:number])
    assert catalog.REPORTS["table"].scan(found, width=80).endswith(said)


def test_json_lines_are_one_record_a_line() -> None:
    lines = json_lines.plan(HOSTILE, width=80).splitlines()
    kinds = [json.loads(line)["kind"] for line in lines]
    assert kinds == [*["outcome"] * 4, "change_request", "problem", "summary"]
    assert json.loads(lines[0])["path"] == f"{EVIL}.yaml"


def test_no_foreign_text_is_a_formula() -> None:
    rows = list(csv.reader(StringIO(csv_text.plan(HOSTILE, width=80))))
    assert len(rows) == 1 + len(HOSTILE.outcomes)
    assert {len(row) for row in rows} == {len(rows[0])}
    cells = [cell for row in rows[1:] for cell in row]
    assert [cell for cell in cells if cell.startswith(tuple("=+-@\t\r"))] == []
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("=1+1", "'=1+1", id="equals"),
        pytest.param("-1", "'-1", id="minus"),
        pytest.param("  @SUM(A1)", "'  @SUM(A1)", id="behind-blanks"),
        pytest.param("\t=1", "'\ufffd=1", id="behind-a-tab"),
        pytest.param("＝1", "'＝1", id="wide"),  # noqa: RUF001 - the wide form is meant
        pytest.param("1.25.3", "1.25.3", id="a-version-stays"),
        pytest.param('say "x"', 'say "x"', id="quotes-are-doubled-later"),
    ],
)
def test_a_cell(text: str, expected: str) -> None:
    assert csv_text._cell(text) == expected


def test_markdown_shows_strangers_words_as_words() -> None:
    rendered = MarkdownIt("gfm-like").render(markdown.plan(HOSTILE, width=80))
    told = re.sub(r"<code>.*?</code>", "", rendered, flags=re.DOTALL)
    assert set(re.findall(r"<(\w+)", told)) <= {
        "p", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "details", "summary",
    }  # fmt: skip
    assert "@everyone" not in rendered
    assert "#1" not in rendered


def test_row_231_a_workflow_command_is_ours_alone() -> None:
    lines = github.plan(HOSTILE, width=80).splitlines()
    commands = [line for line in lines if line.lstrip().startswith("::")]
    assert len(commands) == 4  # a problem, unknown, held, to bump
    assert [one for one in commands if not re.match(r"::(warning|notice) file=", one)] == []
    assert "##[" not in "".join(lines)
    properties = [line.split("::")[1].split(" ", 1)[1] for line in commands]
    for told in properties:
        pairs = [pair.split("=", 1) for pair in told.split(",")]
        assert {pair[0] for pair in pairs} <= {"file", "line", "col", "endColumn", "title"}
    assert all(line.startswith(("::", "- ")) for line in lines)


def test_the_ten_most_urgent_are_annotated() -> None:
    many = Report(REPORT.outcomes * 5)
    lines = github.plan(many, width=80).splitlines()
    commands = [line for line in lines if line.startswith("::")]
    assert len(commands) == github.MOST
    assert ["unknown" in line for line in commands] == [True] * 5 + [False] * 5
    assert lines[10] == "- 20 more findings stand below, not as annotations"


def test_sarif_points_at_the_tag() -> None:
    results = json.loads(sarif.plan(REPORT, width=80))["runs"][0]["results"]
    region = results[0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 4, "startColumn": 18, "endColumn": 18 + len("1.25.3")}


# Source: sarif-schema-2.1.0.json (OASIS): of each object, the keys we write, those required first.
SARIF: dict[str, tuple[set[str], set[str]]] = {
    "run": ({"tool"}, {"columnKind", "invocations", "results"}),
    "driver": ({"name"}, {"version", "semanticVersion", "rules"}),
    "rule": ({"id"}, {"shortDescription", "help", "defaultConfiguration"}),
    "result": ({"message"}, {"ruleId", "ruleIndex", "level", "locations", "partialFingerprints"}),
    "region": (set(), {"startLine", "startColumn", "endColumn"}),
}


def fits(kind: str, record: dict[str, Any]) -> None:
    required, allowed = SARIF[kind]
    assert required <= set(record) <= required | allowed


@pytest.mark.parametrize("report", [REPORT, HOSTILE], ids=["plain", "hostile"])
def test_sarif_has_the_shape_of_its_schema(report: Report) -> None:
    document = json.loads(sarif.plan(report, width=80))
    assert (document["version"], len(document["runs"])) == ("2.1.0", 1)
    run = document["runs"][0]
    fits("run", run)
    fits("driver", run["tool"]["driver"])
    rules = run["tool"]["driver"]["rules"]
    for rule in rules:
        fits("rule", rule)
    assert run["results"]
    for result in run["results"]:
        fits("result", result)
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert re.fullmatch(r"[\w./%~-]+", place["artifactLocation"]["uri"])
        fits("region", place["region"])
        assert all(number >= 1 for number in place["region"].values())
        # 3.11.6: what is not escaped is a link.
        assert not re.search(r"(?<!\\)[\[\]]", result["message"]["text"])


def test_what_gitlab_reads() -> None:
    entries = json.loads(gitlab.plan(HOSTILE, width=80))
    assert len({entry["fingerprint"] for entry in entries}) == len(entries) == 4
    for entry in entries:
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert set(entry["location"]) == {"path", "lines"}


def test_a_fingerprint_stays_when_lines_and_versions_move() -> None:
    names = fingerprints(REPORT.outcomes)
    assert len(set(names)) == len(names)
    assert fingerprints(REPORT.outcomes[:1] * 2)[0] == names[0]
    assert len(set(fingerprints(REPORT.outcomes[:1] * 2))) == 2


@pytest.mark.parametrize("report", [REPORT, HOSTILE], ids=["plain", "hostile"])
def test_junit_counts_what_it_holds(report: Report) -> None:
    # Our own text, made a line above: no stranger's XML is parsed.
    root = ET.fromstring(junit.plan(report, width=80))
    assert [element.tag for element in root] == ["testsuite"] * len(root)
    for suite in root:
        cases = list(suite)
        assert suite.get("tests") == str(len(cases))
        for verdict, counted in (
            ("failure", "failures"),
            ("error", "errors"),
            ("skipped", "skipped"),
        ):
            found = [case for case in cases if case.find(verdict) is not None]
            assert suite.get(counted) == str(len(found))


def test_every_line_is_one_that_prometheus_reads() -> None:
    text = prometheus.plan(HOSTILE, width=80)
    label = r'[a-z_]+="(?:[^"\\\n]|\\["\\n])*"'
    sample = re.compile(rf"[a-z_]+(?:\{{{label}(?:,{label})*\}})? \d+")
    for line in text.splitlines():
        assert line.startswith(("# HELP ", "# TYPE ")) or sample.fullmatch(line), line
    series = [line.rsplit(" ", 1)[0] for line in text.splitlines() if not line.startswith("#")]
    assert len(series) == len(set(series))


def test_the_kinds_are_in_the_order_of_urgency() -> None:
    assert KINDS[0] == "unknown"
    assert KINDS.index("major") < KINDS.index("minor") < KINDS.index("patch")
