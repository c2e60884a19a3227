"""A request as views get it: the middleware let only people who are signed in through."""

from django.http import HttpRequest

from accounts.models import Person


class SignedInRequest(HttpRequest):
    """For type checks only: `user` is a Person, since nobody else gets to a view that is not public."""

    user: Person
