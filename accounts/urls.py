"""Where the pages of accounts are; of allauth's own, only those that are used."""

from allauth.account.views import password_change, password_set
from django.urls import path

from accounts import rules  # noqa: F401  (registers who may do what)
from accounts.views import organisations, own, signing_in, staff

account_urls = [
    path("", own.account, name="account"),
    path("sign-in/", signing_in.sign_in, name="account_login"),
    # The name by which allauth asks for another code: the same page.
    path("sign-in/", signing_in.sign_in, name="account_request_login_code"),
    path("sign-in/code/", signing_in.sign_in_code, name="account_confirm_login_code"),
    path("sign-in/password/", signing_in.password_sign_in, name="account_password_sign_in"),
    # The name by which allauth's letter to an unknown address leads to signing up.
    path("how-to-get-one/", signing_in.how_to_get_an_account, name="account_signup"),
    path("sign-in-again/", own.sign_in_again, name="account_sign_in_again"),
    path("sign-out/", signing_in.sign_out, name="account_logout"),
    path("sign-out/everywhere/", own.sign_out_everywhere, name="account_sign_out_everywhere"),
    path("name/", own.change_name, name="account_change_name"),
    path("email/", own.change_email, name="account_change_email"),
    path("email/confirm/", own.confirm_email_change, name="account_confirm_email_change"),
    path("password/", own.freshly_signed_in(password_set), name="account_set_password"),
    path("password/change/", own.freshly_signed_in(password_change), name="account_change_password"),
]

organisation_urls = [
    path("", organisations.organisations, name="organisations"),
    path("new/", organisations.create_organisation, name="create_organisation"),
    path("<uuid:uuid>/", organisations.organisation, name="organisation"),
    path("<uuid:uuid>/invite/", organisations.invite_commissioner, name="invite_commissioner"),
    path(
        "<uuid:uuid>/commissioners/<uuid:membership>/end/",
        organisations.end_membership,
        name="end_membership",
    ),
]

staff_urls = [
    path("", staff.staff, name="staff"),
    path("appoint/", staff.appoint_staff, name="appoint_staff"),
    path("<uuid:uuid>/end/", staff.end_staff_appointment, name="end_staff_appointment"),
    path("emails/", staff.unsent_emails, name="unsent_emails"),
    path("emails/<uuid:uuid>/retry/", staff.retry_email, name="retry_email"),
]
