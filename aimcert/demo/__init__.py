"""The demo: everything on one machine, with sample people and a mailbox instead of real letters."""
