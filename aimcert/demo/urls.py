"""Where the demo's mailbox is; aimcert/urls.py includes this in the demo alone."""

from django.urls import path

from aimcert.demo import views

urlpatterns = [
    path("", views.mailbox, name="demo_mailbox"),
    path("<slug:name>/", views.message, name="demo_message"),
]
