"""What tests share where two people change one thing: a page as it would be sent, what it says of both."""

from __future__ import annotations

import re

from django.http import HttpResponse

from tests.bad_input.pages import read

REFUSED = "This was changed while you had it open"


def filled_in(response: HttpResponse) -> dict[str, str]:
    """What a browser sends of the page as it came, without a press of anything."""
    return {name: values[0] for name, values in read(response).values.items()}


def over(response: HttpResponse) -> dict[str, str]:
    """What the button sends that saves what was typed over what stands."""
    button = re.search(r'name="over" value="([^"]+)"', response.content.decode())
    assert button, "no button saves over what stands"
    return {"over": button[1]}


def both(response: HttpResponse) -> list[tuple[str, str]]:
    """Where the two differ: what is saved now, and what was typed and is not saved."""
    page = response.content.decode()
    saved, mine = (
        re.findall(f'data-label="{label}">([^<]*)<', page) for label in ("Saved now", "Yours, not saved")
    )
    return list(zip(saved, mine, strict=True))
