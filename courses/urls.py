"""Addresses under /courses/."""

from django.urls import path

from courses import views

app_name = "courses"

urlpatterns = [
    path("", views.course_list, name="list"),
    path("new/", views.create, name="create"),
    path("licences/", views.licences, name="licences"),
    path("licences/new/", views.grant, name="licence_grant"),
    path("licences/<uuid:licence>/", views.renew, name="licence_renew"),
    path("licences/<uuid:licence>/withdraw/", views.withdraw_a_licence, name="licence_withdraw"),
    path("made-up/<uuid:make_up>/", views.made_up, name="made_up"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("<uuid:course>/", views.detail, name="detail"),
    path("<uuid:course>/about/", views.public, name="public"),
    path("<uuid:course>/sessions.ics", views.calendar, name="calendar"),
    path("<uuid:course>/another/", views.another, name="another"),
    path("<uuid:course>/edit/", views.edit, name="edit"),
    path("<uuid:course>/sessions/", views.sessions, name="sessions"),
    path("<uuid:course>/associates/", views.associates, name="associates"),
    path(
        "<uuid:course>/associates/<uuid:associate>/remove/", views.remove_associate, name="associate_remove"
    ),
    path("<uuid:course>/cancel/", views.cancel_course, name="cancel"),
    path("<uuid:course>/nominations/", views.nominations, name="nominations"),
    path("<uuid:course>/nominations/new/", views.nominate_somebody, name="nominate"),
    path("<uuid:course>/nominations/several/", views.nominate_several_people, name="nominate_several"),
    path("<uuid:course>/nominations/several/example.xlsx", views.nominees_example, name="nominees_example"),
    path(
        "<uuid:course>/nominations/<uuid:nomination>/withdraw/",
        views.withdraw_a_nomination,
        name="nomination_withdraw",
    ),
    path("<uuid:course>/nominations/<uuid:nomination>/resend/", views.resend, name="nomination_resend"),
    path(
        "<uuid:course>/nominations/<uuid:nomination>/confirm/",
        views.confirm_a_sponsor,
        name="confirm_sponsor",
    ),
    path(
        "<uuid:course>/nominations/<uuid:nomination>/not-ours/",
        views.refuse_a_sponsor,
        name="refuse_sponsor",
    ),
    path(
        "<uuid:course>/nominations/<uuid:nomination>/sponsor/",
        views.name_a_sponsor,
        name="name_sponsor",
    ),
    path(
        "<uuid:course>/enrolments/<uuid:enrolment>/withdraw/",
        views.withdraw_a_place,
        name="enrolment_withdraw",
    ),
    path(
        "<uuid:course>/enrolments/<uuid:enrolment>/accepted/",
        views.confirm_own_acceptance,
        name="confirm_acceptance",
    ),
    path("<uuid:course>/enrolments/<uuid:enrolment>/name/", views.certificate_name, name="certificate_name"),
    path("<uuid:course>/register/", views.register, name="register"),
    path("<uuid:course>/register/sign-in.pdf", views.sheets, name="sign_in_sheets"),
    path("<uuid:course>/register/<int:number>/", views.register_session, name="register_session"),
    path(
        "<uuid:course>/register/<int:number>/<uuid:enrolment>/", views.register_entry, name="register_entry"
    ),
    path(
        "<uuid:course>/register/<int:number>/<uuid:enrolment>/choose/",
        views.register_choose,
        name="register_choose",
    ),
    path("<uuid:course>/register/identity/<uuid:enrolment>/", views.identity, name="identity"),
    path("<uuid:course>/walk-in/", views.walk_in, name="walk_in"),
    path("<uuid:course>/walk-in/<uuid:nomination>/", views.walk_in_code, name="walk_in_code"),
    path("<uuid:course>/walk-in/<uuid:nomination>/again/", views.walk_in_again, name="walk_in_again"),
]
