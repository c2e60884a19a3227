"""`make bench`: our stack on data of its own, page by page against the floor's.

BENCH_ONLY=approval_queue,verify measures these names alone; BENCH_ASKS=48 sends fewer asks in each run.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aimcert import embedded
from bench.load import Ask, Measured, run
from bench.serving import environment, make_tables, serve_both

if TYPE_CHECKING:
    from bench.data import Data, Marked
    from courses.models import Course

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var" / "bench"
CONNECTIONS = (1, 8, 32)
ROUNDS = 5
ASKS = int(os.environ.get("BENCH_ASKS", "160"))
# The names to measure, split at commas; all where empty.
ONLY = frozenset(filter(None, os.environ.get("BENCH_ONLY", "").split(",")))


@dataclass
class Page:
    """One measured page, and the asks that a run of it sends, made anew for each run."""

    name: str
    rows: int
    target: float
    asks: Callable[[int], Iterable[Ask]]
    most_queries: int
    count: int = ASKS
    ratios: list[float] = field(default_factory=list)


def say(line: str) -> None:
    print(line, flush=True)


def statements(ask: Ask) -> int:
    """How many SQL statements our page takes for `ask`, without those of the transaction."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="127.0.0.1")
    client.cookies.load(ask.cookies)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(ask.path) if ask.form is None else client.post(ask.path, ask.form)
    assert answer.status_code == ask.expected, (ask.path, answer.status_code)
    frame = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
    return sum(not query["sql"].startswith(frame) for query in captured.captured_queries)


def pages(data: Data) -> list[Page]:
    """Everything that is measured, on `data`."""
    marking = {count: data.outcomes(f"Marking {count}", count) for count in (30, 300)}
    queues = {3: data.outcomes("Queue 3", 3), 300: marking[300]}
    people = data.answering(max(CONNECTIONS))

    def rotating(make: Callable[[Any], Ask]) -> Callable[[int], Iterable[Ask]]:
        return lambda count: (make(people[number % len(people)]) for number in range(count))

    def same(ask: Ask) -> Callable[[int], Iterable[Ask]]:
        return lambda count: (ask for _ in range(count))

    def marking_of(course: Course) -> Ask:
        return Ask(f"/courses/{course.uuid}/marking/", data.trainer_cookies)

    def queue_of(course: Course) -> Ask:
        return Ask(f"/approvals/{course.uuid}/", data.admin_cookies)

    def asks_for(rows: int) -> int:
        return ASKS if rows < 100 else ASKS // 4

    def saving(count: int) -> Iterable[Ask]:
        # As many people as connections at most, each on one: their own saves follow one another.
        return (people[number % len(people)].save() for number in range(count))

    marked = {count: data.marked(f"Being marked {count}", count) for count in (30, 300)}

    def among(rows: int, make: Callable[[Marked], Ask]) -> Callable[[int], Iterable[Ask]]:
        found = marked[rows]
        return lambda count: (make(found[number % len(found)]) for number in range(count))

    def judging(count: int) -> Iterable[Ask]:
        # As with answers: as many scripts as connections at most, whose judgements follow one another.
        found = marked[300][: max(CONNECTIONS)]
        return (found[number % len(found)].judge() for number in range(count))

    def questions_of(rows: int) -> Ask:
        return Ask(
            f"/courses/{marked[rows][0].enrolment.course.uuid}/marking/questions/", data.trainer_cookies
        )

    def submitting(count: int) -> Iterable[Ask]:
        return (person.submit() for person in data.answering(count))

    # A run of half a second swings by a tenth: what is quick is asked for more often.
    quick = ASKS * 3
    return [
        Page("question_page", 1, 0.9, rotating(lambda one: one.page()), 12, quick),
        Page("save_answer", 1, 1.0, saving, 4, quick),
        Page("submit", 1, 0.85, submitting, 12, quick),
        *(
            Page("marking_page", rows, 0.75, same(marking_of(course)), 12, asks_for(rows))
            for rows, course in marking.items()
        ),
        *(Page("open_script", rows, 0.7, among(rows, lambda one: one.script()), 12) for rows in marked),
        *(Page("open_answer", rows, 0.7, among(rows, lambda one: one.answer()), 12) for rows in marked),
        Page("save_judgement", 300, 0.8, judging, 5, quick),
        Page("questions_page", 300, 0.7, same(questions_of(300)), 12),
        *(
            Page("approval_queue", rows, 0.75, same(queue_of(course)), 12, asks_for(rows))
            for rows, course in queues.items()
        ),
        Page("verify", 1, 0.85, same(Ask(f"/verify/{data.certificate.code}/")), 2, ASKS * 8),
    ]


def measure(page: Page, ours: int, floor: int) -> dict[str, Any]:
    """Ours and the floor's in turn; at eight connections in `ROUNDS` pairs, of which the median counts."""
    found: dict[str, Any] = {
        "name": page.name,
        "rows": page.rows,
        "queries": statements(next(iter(page.asks(1)))),
    }
    figures: dict[str, dict[int, float]] = {name: {} for name in ("rps", "p50_ms", "p95_ms", "floor_rps")}
    for connections in CONNECTIONS:
        pairs: list[tuple[Measured, Measured]] = []
        for number in range(ROUNDS if connections == 8 else 1):
            order = (ours, floor) if number % 2 == 0 else (floor, ours)
            got = {port: run(port, list(page.asks(page.count)), connections) for port in order}
            pairs.append((got[ours], got[floor]))
        figures["rps"][connections] = round(statistics.median(mine.rps for mine, _ in pairs), 1)
        figures["p50_ms"][connections] = round(statistics.median(mine.p50_ms for mine, _ in pairs), 2)
        figures["p95_ms"][connections] = round(statistics.median(mine.p95_ms for mine, _ in pairs), 2)
        figures["floor_rps"][connections] = round(statistics.median(bare.rps for _, bare in pairs), 1)
        if connections == 8:
            page.ratios = [mine.rps / bare.rps for mine, bare in pairs]
    ratio = round(statistics.median(page.ratios), 2)
    return found | figures | {"ratio": ratio, "target": page.target, "most_queries": page.most_queries}


def measure_pdf(env: dict[str, str]) -> dict[str, Any]:
    """Certificates per second of processor time, against bare WeasyPrint; memory from 100 to 1,000."""

    def once(kind: str, count: int) -> dict[str, float]:
        command = [sys.executable, "-m", "bench.pdf", kind, str(count)]
        told = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout
        return json.loads(told.splitlines()[-1])  # type: ignore[no-any-return]

    pairs = [(once("ours", 100)["per_second"], once("bare", 100)["per_second"]) for _ in range(3)]
    long = once("ours", 1000)
    return {
        "name": "certificate_pdf",
        "rows": 1,
        "queries": 0,
        "rps": {"1": round(statistics.median(ours for ours, _ in pairs), 1)},
        "floor_rps": {"1": round(statistics.median(bare for _, bare in pairs), 1)},
        "rss_mb": {"100": long["rss_mb_100"], "1000": long["rss_mb_1000"]},
        "ratio": round(statistics.median(ours / bare for ours, bare in pairs), 2),
        "target": 0.9,
    }


def table(found: list[dict[str, Any]]) -> str:
    """The figures that a person compares."""
    lines = ["name               rows  queries  rps at 8  floor at 8  p95 ms  ratio  target"]
    for one in found:
        rps, floor = one["rps"], one["floor_rps"]
        at = 8 if 8 in rps else "1"
        p95 = one.get("p95_ms", {}).get(8, "")
        lines.append(
            f"{one['name']:<18} {one['rows']:>4}  {one['queries']:>7}  {rps[at]:>8}  {floor[at]:>10}"
            f"  {p95:>6}  {one['ratio']:>5}  {one['target']:>6}{'' if met(one) else '  below target'}"
        )
    for one in found:
        if memory := one.get("rss_mb"):
            lines.append(f"{one['name']}: {memory['100']} MB after 100, {memory['1000']} MB after 1,000")
    return "\n".join(lines)


def met(one: dict[str, Any]) -> bool:
    """Whether one line reaches its target."""
    if one["ratio"] < one["target"] or one["queries"] > one.get("most_queries", 0):
        return False
    memory = one.get("rss_mb")
    return memory is None or memory["1000"] - memory["100"] < 5


def main() -> None:
    shutil.rmtree(VAR / "files", ignore_errors=True)
    VAR.mkdir(parents=True, exist_ok=True)
    say("PostgreSQL and Redis …")
    servers = embedded.start_servers(VAR / "servers", durable=False)
    env = environment(servers, VAR)
    children: list[subprocess.Popen[bytes]] = []
    try:
        make_tables(env, servers, fresh=True)
        os.environ |= env
        import django

        django.setup()
        from bench.data import Data

        say("Data …")
        data = Data()
        measured = pages(data)
        children, ours, floor = serve_both(env, VAR)
        found = []
        for page in measured:
            if ONLY and page.name not in ONLY:
                continue
            say(f"{page.name}, {page.rows} …")
            for port in (ours, floor):  # warm
                run(port, list(page.asks(16)), 4)
            found.append(measure(page, ours, floor))
        if not ONLY or "certificate_pdf" in ONLY:
            say("certificate_pdf …")
            found.append(measure_pdf(env))
    finally:
        for child in children:
            child.terminate()
            child.wait(10)
        servers.stop()
    (ROOT / "var" / "bench.json").write_text(json.dumps(found, indent=1))
    say(table(found))
    sys.exit(0 if all(met(one) for one in found) else 1)


if __name__ == "__main__":
    main()
