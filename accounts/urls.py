"""Where the pages of accounts are; of allauth's own, only those that are used."""

from allauth.account.views import password_change, password_set
from django.urls import path

from accounts.views import exporting, legal, organisations, own, people, second_step, signing_in, staff
from accounts.views.proving import asks_anew

account_urls = [
    path("", own.account, name="account"),
    path("sign-in/", signing_in.sign_in, name="account_login"),
    # The name by which allauth asks for another code: the same page.
    path("sign-in/", signing_in.sign_in, name="account_request_login_code"),
    path("sign-in/code/", signing_in.sign_in_code, name="account_confirm_login_code"),
    path("sign-in/password/", signing_in.password_sign_in, name="account_password_sign_in"),
    # The name by which allauth's letter to an unknown address leads to signing up.
    path("how-to-get-one/", signing_in.how_to_get_an_account, name="account_signup"),
    # The name by which allauth leads to the second step.
    path("sign-in/second-step/", signing_in.second_step, name="mfa_authenticate"),
    path("sign-out/", signing_in.sign_out, name="account_logout"),
    path("sign-out/everywhere/", own.sign_out_everywhere, name="account_sign_out_everywhere"),
    path("sessions/end-others/", own.end_other_sessions, name="account_end_other_sessions"),
    path("sessions/<slug:handle>/end/", own.end_session, name="account_end_session"),
    path("second-step/", second_step.second_step, name="account_second_step"),
    path("second-step/app/", second_step.add_app, name="account_add_app"),
    path("second-step/passkey/", second_step.add_passkey, name="account_add_passkey"),
    path("second-step/recovery-codes/", second_step.recovery_codes, name="account_recovery_codes"),
    path("second-step/<slug:handle>/remove/", second_step.remove_factor, name="account_remove_factor"),
    path("name/", own.change_name, name="account_change_name"),
    path("email/", own.change_email, name="account_change_email"),
    path("email/confirm/", own.confirm_email_change, name="account_confirm_email_change"),
    path("data/", exporting.account_data, name="account_data"),
    path("data/ask/", exporting.ask_for_data, name="account_data_ask"),
    path("data/<uuid:export>/", exporting.download_data, name="account_data_download"),
    path("password/", asks_anew("GET", "POST")(password_set), name="account_set_password"),
    path("password/change/", asks_anew("GET", "POST")(password_change), name="account_change_password"),
]

organisation_urls = [
    path("", organisations.organisations, name="organisations"),
    path("new/", organisations.create_organisation, name="create_organisation"),
    path("<uuid:uuid>/", organisations.organisation, name="organisation"),
    path("<uuid:uuid>/edit/", organisations.edit_organisation, name="edit_organisation"),
    path("<uuid:uuid>/invite/", organisations.invite_commissioner, name="invite_commissioner"),
    path(
        "<uuid:uuid>/commissioners/<uuid:membership>/end/",
        organisations.end_membership,
        name="end_membership",
    ),
]

legal_urls = [
    path("<slug:page>/", legal.legal_page, name="legal_page"),
    path("<slug:page>/versions/<int:number>/", legal.legal_version, name="legal_version"),
]

staff_urls = [
    path("", staff.staff, name="staff"),
    path("appoint/", staff.appoint_staff, name="appoint_staff"),
    path("<uuid:uuid>/end/", staff.end_staff_appointment, name="end_staff_appointment"),
    path("people/<uuid:uuid>/", people.person, name="person"),
    path("people/<uuid:uuid>/sign-out/", people.sign_out_for, name="sign_out_for"),
    path("people/<uuid:uuid>/reset-second-step/", people.reset_second_step, name="reset_second_step"),
    path("people/<uuid:uuid>/data/", exporting.ask_for_somebodys_data, name="ask_for_somebodys_data"),
    path("legal-pages/", legal.legal_pages, name="legal_pages"),
    path("legal-pages/<slug:page>/", legal.edit_legal_page, name="edit_legal_page"),
    path("emails/", staff.unsent_emails, name="unsent_emails"),
    path("emails/<uuid:uuid>/retry/", staff.retry_email, name="retry_email"),
]
