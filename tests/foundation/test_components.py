"""The components of a page: what each writes, and what it refuses."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.template import Context, Template, TemplateSyntaxError

COURSE = UUID("0c1449ac-79ee-4674-bc5c-734c91f89d50")
NAME = "Zoë O’Neill & <Sons>"
ESCAPED = "Zoë O’Neill &amp; &lt;Sons&gt;"


def shown(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("{% notice %}<p>{{ name }}</p>{% endnotice %}", f'<div class="notice"><p>{ESCAPED}</p></div>'),
        (
            '{% notice tone="warning" title=name role="alert" %}<p>It is.</p>{% endnotice %}',
            f'<div class="notice notice-warning" role="alert"><p class="notice-title">{ESCAPED}</p>'
            "<p>It is.</p></div>",
        ),
        ("{% inset %}<p>{{ name }}</p>{% endinset %}", f'<div class="inset"><p>{ESCAPED}</p></div>'),
        (
            "{% details name %}<p>It is.</p>{% enddetails %}",
            f'<details class="details"><summary>{ESCAPED}</summary>'
            '<div class="details-body"><p>It is.</p></div></details>',
        ),
        (
            '{% details "Why" is_open=name kind="confirm" %}{{ name }}{% enddetails %}',
            '<details class="details confirm" open><summary>Why</summary>'
            f'<div class="details-body">{ESCAPED}</div></details>',
        ),
        (
            "{% summary_row name %}{{ name }}{% endsummary_row %}",
            f'<div class="summary-row"><dt>{ESCAPED}</dt><dd>{ESCAPED}</dd></div>',
        ),
        ("{% tag name %}", f'<strong class="tag tag-neutral">{ESCAPED}</strong>'),
        ('{% tag "Competent" tone="good" %}', '<strong class="tag tag-good">Competent</strong>'),
        (
            "{% page_heading name %}",
            f'<div class="page-heading"><h1>{ESCAPED}</h1></div>',
        ),
        (
            '{% page_heading "Register" caption=name lead=name %}',
            f'<div class="page-heading"><h1><span class="caption">{ESCAPED}</span> Register</h1>'
            f'<p class="lead">{ESCAPED}</p></div>',
        ),
        (
            "{% empty_state name %}{% endempty_state %}",
            f'<div class="empty"><p>{ESCAPED}</p></div>',
        ),
        (
            '{% empty_state "Nobody yet." url="/add/" action=name %}{{ name }}{% endempty_state %}',
            f'<div class="empty"><p>Nobody yet.</p><p class="quiet">{ESCAPED}</p>'
            f'<p><a class="btn btn-secondary" href="/add/">{ESCAPED}</a></p></div>',
        ),
    ],
)
def test_component_is_written_with_everything_escaped(source: str, written: str) -> None:
    assert shown(source, name=NAME) == written


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ('{% back_link name "home" %}', "/"),
        ('{% back_link name "courses:detail" course %}', f"/courses/{COURSE}/"),
        ("{% back_link name came_from %}", "/account/?a=1&amp;b=2"),
    ],
)
def test_back_link_leads_to_a_route_or_an_address(source: str, address: str) -> None:
    assert shown(source, name=NAME, course=COURSE, came_from="/account/?a=1&b=2") == (
        f'<nav class="back" aria-label="Back"><a class="back-link" href="{address}">{ESCAPED}</a></nav>'
    )


@pytest.mark.parametrize(
    "source",
    [
        '{% notice colour="red" %}{% endnotice %}',
        '{% tag "Competent" "good" %}',
        '{% inset kind="wide" %}{% endinset %}',
        "{% details %}{% enddetails %}",
        '{% page_heading "Register" hint="Two" %}',
    ],
)
def test_component_refuses_an_argument_that_it_does_not_know(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Template(source)
