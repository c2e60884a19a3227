"""Programmes, licences, courses, sessions, nominations, enrolments and the register."""
