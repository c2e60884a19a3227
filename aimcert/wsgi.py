"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aimcert.settings")

application = get_wsgi_application()
# Every page's code is loaded now, before a worker takes requests, not while the first person waits.
get_resolver().url_patterns  # noqa: B018
