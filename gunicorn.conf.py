"""What gunicorn does beside its command line: it logs as everything else here does."""

import logging.config
import os

from gunicorn.glogging import Logger

from aimcert.foundation.logs import configuration


class JsonLogger(Logger):
    """gunicorn's logger, whose lines go to the one handler that writes all of them."""

    def setup(self, cfg):
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.handlers.clear()
            log.propagate = True
        logging.config.dictConfig(configuration(os.environ.get("LOG_LEVEL") or "INFO"))


logger_class = JsonLogger
