"""Certificates per second in one process, ours and bare WeasyPrint's, and what they leave in memory.

Run as a process of its own for each figure: `python -m bench.pdf ours|bare COUNT`, which prints JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path


def resident_mb() -> float:
    """This process's resident memory, in megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main(kind: str, count: int) -> dict[str, float]:
    """Write `count` certificates after ten to warm up.

    Returns:
        per_second, and rss_mb_100 and rss_mb_1000 as far as they were reached.
    """
    import django

    django.setup()
    import weasyprint
    from django.template.loader import render_to_string
    from weasyprint.text.fonts import FontConfiguration

    from aimcert.foundation import pdf
    from certification import documents
    from certification.codes import new_code
    from certification.designs import DESIGNS, newest
    from certification.models import Certificate

    def certificate(number: int) -> Certificate:
        return Certificate(
            number=number,
            code=new_code(),
            name=f"Zoë O’Neill {number}",
            programme_name="AIM3",
            course_title="AIM3, Leeds",
            course_reference="C00001",
            course_ended_on=date(2026, 11, 22),
            associates=["Ruth Calder", "Sam Whitlock"],
            issued_on=date(2026, 11, 24),
            issued_at=datetime(2026, 11, 24, 12, tzinfo=UTC),
        )

    if kind == "ours":

        def write(number: int) -> bytes:
            return documents.certificate_pdf(certificate(number), design=newest())

    else:
        # The same HTML, handed to WeasyPrint with a shared font configuration and stylesheet.
        written: list[str] = []
        real = pdf.render_pdf
        documents.render_pdf = lambda html, **_: written.append(html) or b""  # type: ignore[assignment, func-returns-value]
        for number in range(count + 10):
            documents.certificate_pdf(certificate(number), design=newest())
        documents.render_pdf = real
        fonts = FontConfiguration()
        css = weasyprint.CSS(
            string=render_to_string(DESIGNS[newest()].stylesheet),
            font_config=fonts,
            url_fetcher=pdf._BundledFonts(),
        )

        def write(number: int) -> bytes:
            html = weasyprint.HTML(string=written[number])
            return html.write_pdf(stylesheets=[css], font_config=fonts, pdf_variant="pdf/ua-1")  # type: ignore[no-any-return]

    for number in range(10):
        write(number)
    found: dict[str, float] = {}
    began = time.process_time()
    for number in range(10, count + 10):
        write(number)
        if number - 9 in (100, 1000):
            found[f"rss_mb_{number - 9}"] = round(resident_mb(), 1)
    found["per_second"] = round(count / (time.process_time() - began), 1)
    return found


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
