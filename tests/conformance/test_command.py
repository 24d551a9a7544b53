"""`amanat decide`, `check` and `explain` as a shell sees them: bytes in, bytes out, exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from amanat.policy.decision import Outcome
from amanat.statement.compile import load_statement
from amanat.statement.overlay_compile import installed_overlays, load_overlay
from stage.draws import draw_wire, seeded

AMANAT = [sys.executable, "-m", "amanat.cli.main"]
FOREIGN = b'{"id":"far","host":"foreign"}\n'


def run(*words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*AMANAT, *words], input=given, capture_output=True, check=False)  # our own


def decide(given: bytes, *words: str) -> tuple[int, list[dict[str, object]]]:
    done = run("decide", "--statement", "ama", *words, given=given)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def requests() -> bytes:
    """Four thousand lines, each fortieth of them faulty in one way or another."""
    policy, draw = load_statement("ama").policy, seeded(4)
    faulty = [b"", b"{", b"[]", b"\xff", b'{"id":4}', b'{"actor":"nobody"}', b'{"a":1,"a":1}']
    lines = [json.dumps(draw_wire(policy, draw) | {"id": f"r{n}"}, ensure_ascii=False).encode() for n in range(4000)]
    lines[::40] = [faulty[place % len(faulty)] for place in range(100)]
    return b"\n".join(lines)


def test_one_answer_a_line_in_the_same_order(requests: bytes) -> None:
    code, answers = decide(requests)
    assert code == 2
    assert len(answers) == 4000
    for number, (line, answer) in enumerate(zip(requests.split(b"\n"), answers, strict=True)):
        assert answer["id"] == (f"r{number}" if number % 40 else str(number + 1)), line
        assert ("outcome" in answer) is bool(number % 40)


@pytest.mark.parametrize("jobs", ["2", "3"])
def test_more_workers_change_no_byte(requests: bytes, jobs: str) -> None:
    alone, together = (run("decide", "--jobs", many, given=requests) for many in ("1", jobs))
    assert together.stdout == alone.stdout
    assert together.returncode == alone.returncode == 2


def test_without_overlays_no_answer_speaks_of_them(requests: bytes) -> None:
    assert b"overlay" not in run("decide", given=requests).stdout


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_overlays_make_the_same_requests_no_wider(requests: bytes, jobs: str) -> None:
    named = [word for overlay in installed_overlays() for word in ("--overlay", overlay)]
    code, stricter = decide(requests, "--jobs", jobs, *named)
    assert code == 2
    _, plain = decide(requests)
    changed = 0
    for one, other in zip(stricter, plain, strict=True):
        if "error" in other or "overlays" not in one:
            assert one == other
            continue
        assert Outcome(one["outcome"]).rank <= Outcome(other["outcome"]).rank
        assert list(one) == [*other, "overlays"]
        changed += one["outcome"] != other["outcome"]
    assert changed


def test_an_overlay_that_does_not_load_gives_one_and_no_output() -> None:
    done = run("decide", "--overlay", "law:XX", given=FOREIGN)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"O000" in done.stderr


def test_the_exit_code_tells_whether_every_line_was_decided() -> None:
    assert decide(b"") == (0, [])
    assert decide(FOREIGN)[0] == 0
    assert decide(FOREIGN.strip()) == decide(FOREIGN)
    assert decide(FOREIGN + b"\n" + FOREIGN)[0] == 2
    assert [one["id"] for one in decide(FOREIGN + b"\n" + FOREIGN)[1]] == ["far", "2", "far"]


def test_a_statement_that_does_not_load_gives_one_and_no_output(tmp_path: Path) -> None:
    broken = tmp_path / "broken.md"
    broken.write_text("### 6.7 Title\n", encoding="utf-8")
    for name in ("nowhere", str(broken), str(tmp_path)):
        done = run("decide", "--statement", name, given=FOREIGN)
        assert (done.returncode, done.stdout) == (1, b"")
        assert b"error S00" in done.stderr


def test_the_help_says_what_counts_as_satisfied() -> None:
    said = " ".join(run("decide", "--help").stdout.decode().split())
    assert "What the platform checks itself counts as satisfied here" in said


def test_an_answer_comes_before_the_next_question_is_written() -> None:
    with subprocess.Popen([*AMANAT, "decide"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        for _ in range(3):
            process.stdin.write(FOREIGN)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["outcome"] == "out_of_scope"
        process.stdin.close()
        assert process.wait() == 0


def test_a_reader_that_leaves_early_is_no_fault() -> None:
    with subprocess.Popen(  # our own
        [*AMANAT, "decide"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(FOREIGN)
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write(FOREIGN * 10)
        process.stdin.close()
        assert process.stderr.read() == b""


def test_memory_does_not_grow_with_the_number_of_lines() -> None:
    """Peak memory is asked of a child that has no other children; input is made while it is read."""
    script = (
        "import resource, subprocess, sys\n"
        'line = b\'{"id":"\' + b\'x\' * 1000 + b\'","host":"foreign"}\\n\'\n'
        "process = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)\n"
        "for _ in range(int(sys.argv[1])): process.stdin.write(line)\n"
        "process.stdin.close(); process.wait()\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    few, many = (
        int(subprocess.check_output([sys.executable, "-c", script, count, *AMANAT, "decide"]))  # our own
        for count in ("1000", "60000")
    )
    assert many - few < 12 * 1024, "kilobytes, of which the input alone would be sixty thousand"


def test_the_commands_start_without_the_web_framework() -> None:
    code = "import sys, amanat.cli.main, amanat.cli.decide, amanat.cli.check, amanat.cli.explain; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()  # our own
    assert not {"django", "psycopg"} & set(loaded)


def test_check_names_each_fault_and_its_place(tmp_path: Path) -> None:
    broken = tmp_path / "broken.md"
    broken.write_text("---\nstatement: a\nversion: b\n---\n### 6.7 T\n```rule\npermit 6.8\n```\n", encoding="utf-8")
    done = run("check", "ama", str(broken))
    said = done.stdout.decode()
    assert done.returncode == 1
    assert said.startswith("ama: ama 1.0.0, ")
    assert f"{broken}:7:8: clause 6.7: error R001: rule `6.8` does not belong to clause 6.7" in said
    assert run("check", "ama").returncode == 0


def test_explain_tells_what_came_near_and_what_could_be_done() -> None:
    said = run("explain", "billing_clerk disclose case_log to employer for billing").stdout.decode()
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert lines[0] == "explain: billing_clerk (CH) disclose {case_log} to employer for billing"
    assert lines[1] == "ASK; needs your yes to telling a payer (your employer) [6.10]"
    assert any(line.startswith("considered 6.10 case_log: it must be that we have your yes") for line in lines)
    assert any(line.startswith("you could ask for your yes to telling a payer (your employer)") for line in lines)


def test_check_reads_overlays_by_id_or_file_and_refuses_what_opens(tmp_path: Path) -> None:
    text = load_overlay("law:EU", load_statement("ama")).text
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text(text, encoding="utf-8")
    bad.write_text(text.replace("forbid 6.10", "permit 6.10"), encoding="utf-8")
    done = run("check", "law:EU", str(good))
    assert (done.returncode, done.stderr) == (0, b"")
    assert [line.split(": ", 1)[1] for line in done.stdout.decode().splitlines()] == [
        "law:EU 1.0.0, 2 sections, 2 rules, 0 declarations, 3 cases, no errors"
    ] * 2
    refused = run("check", "--json", str(bad))
    assert refused.returncode == 1
    assert "O003" in {one["code"] for one in json.loads(refused.stdout)[0]["findings"]}
    assert json.loads(run("check", "--json", "law:EU").stdout)[0]["overlay"] == "law:EU"


def test_explain_tells_which_overlays_were_consulted_and_what_they_stopped() -> None:
    asked = "billing_clerk disclose entitlement to employer for billing given consent(payer_disclosure, employer)"
    named = ["--overlay", "contract:oryx-energy", "--overlay", "law:EU"]
    plain, stopped = (run("explain", *words, asked).stdout.decode().splitlines() for words in ([], named))
    assert plain[1] == "  PERMIT  [6.10]"
    assert stopped[1] == "  DENY  [contract:oryx-energy/6.5]"
    assert stopped[-1] == "  overlays    contract:oryx-energy"
    assert not any("overlays" in line for line in plain)


def test_explain_reads_a_request_as_decide_does() -> None:
    given = json.dumps({"actor": "member", "company": "CH", "action": "view", "data": ["name"], "purpose": "billing"})
    done = run("explain", given=given.encode())
    assert done.returncode == 0
    assert "DENY" in done.stdout.decode()


@pytest.mark.parametrize("words", [("explain", "member views nothing"), ("explain", "member", "view", "nmae")])
def test_explain_says_what_it_did_not_understand(words: tuple[str, ...]) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith("amanat: ")
