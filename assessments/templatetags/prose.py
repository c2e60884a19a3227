"""`{% load prose %}{{ text|prose }}`: a version's text as paragraphs and lists."""

from django import template

from assessments.prose import prose

register = template.Library()
register.filter("prose", prose)
