"""What gunicorn serves as the floor, under the settings that its environment names."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
