"""What hindered a letter or a file, in words for somebody who knows nothing of computers."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NO_SPACE, NOT_WRITABLE, NO_SERVER = (
    gettext_lazy("The disk is full. Whoever runs AIMcert has to make room."),
    gettext_lazy("The folder of files cannot be written. Whoever runs AIMcert has to look at it."),
    gettext_lazy("The mail server does not answer. Whoever runs AIMcert has to look at it."),
)
PLAIN: dict[str, Promise] = {
    "ENOSPC": NO_SPACE,
    "EDQUOT": NO_SPACE,
    **dict.fromkeys(("EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "EIO"), NOT_WRITABLE),
    **dict.fromkeys(("ECONNREFUSED", "ECONNRESET", "EHOSTUNREACH", "ETIMEDOUT"), NO_SERVER),
    "TimeoutError": NO_SERVER,
    "gaierror": gettext_lazy("The mail server’s name is not known. Whoever runs AIMcert has to look at it."),
    "SMTPAuthenticationError": gettext_lazy("The mail server does not take our password."),
    "SMTPDataError": gettext_lazy("The mail server refuses the email as it is written."),
    "SMTPRecipientsRefused": gettext_lazy(
        "The reader’s own mail server refuses the address: it may be wrong."
    ),
    "SMTPServerDisconnected": NO_SERVER,
    "SMTPSenderRefused": gettext_lazy("The mail server does not let us send from our address."),
}


def plain(code: str) -> str:
    """What the error `code` means, for somebody who knows nothing of computers; else the code itself."""
    for part in reversed(re.findall(r"\w+", code)):
        if part in PLAIN:
            return str(PLAIN[part])
    return _("It went wrong in a way that whoever runs AIMcert has to look up: %(code)s.") % {"code": code}
