"""The app's name, for Django."""

from django.apps import AppConfig


class CertificationConfig(AppConfig):
    name = "certification"
