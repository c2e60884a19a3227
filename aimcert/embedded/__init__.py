"""PostgreSQL and Redis out of their wheels, for the demo and the tests, where no URL is given.

    python -m aimcert.embedded postgres --run DIR    runs PostgreSQL in the foreground
    python -m aimcert.embedded redis --run DIR       runs Redis in the foreground
    python -m aimcert.embedded forget --run DIR      deletes their data

Both listen on unix sockets in private folders, never on the network. `start_servers` runs both as
children of the calling process. It knows nothing of Django, since it runs before the settings load.
"""

from aimcert.embedded.folders import SOCKET_PATH_BYTES, NotStarted, kept_secret
from aimcert.embedded.postgres import APP, OWNER, database_url, postgres_answers, prepare_postgres
from aimcert.embedded.redis import redis_answers, redis_socket, redis_url
from aimcert.embedded.servers import Server, Servers, die_with_parent, forget, redis_server, start_servers

__all__ = [
    "APP",
    "OWNER",
    "SOCKET_PATH_BYTES",
    "NotStarted",
    "Server",
    "Servers",
    "database_url",
    "die_with_parent",
    "forget",
    "kept_secret",
    "postgres_answers",
    "prepare_postgres",
    "redis_answers",
    "redis_server",
    "redis_socket",
    "redis_url",
    "start_servers",
]
