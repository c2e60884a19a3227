"""What gunicorn does beside its command line: it logs as everything else here does, and serves metrics."""

import logging.config
import os
from typing import Any

from gunicorn.glogging import Logger

from aimcert.foundation.logs import configuration
from aimcert.foundation.metrics_server import serve_metrics


class JsonLogger(Logger):
    """gunicorn's logger, whose lines go to the one handler that writes all of them."""

    def setup(self, cfg):
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.handlers.clear()
            log.propagate = True
        logging.config.dictConfig(configuration(os.environ.get("LOG_LEVEL") or "INFO"))


logger_class = JsonLogger


def on_starting(server: Any) -> None:
    """Before the first worker, all of which count in one folder."""
    serve_metrics("web")
