"""The flow engine of one command: an embedded Prefect server, or the operator's own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from analytics.home import Home
from pipelines.output import progress
from pipelines.settings import Settings, set_prefect_environment


def engine(home: Home, settings: Settings) -> Callable[[], AbstractContextManager[None]]:
    """Settle Prefect's environment and return what starts this command's engine.

    Called before anything imports Prefect.
    """
    set_prefect_environment(home.prefect, own_server=settings.own_server)

    @contextmanager
    def start() -> Iterator[None]:
        if settings.own_server:
            yield
            return
        from pipelines.embedded import embedded_server  # noqa: PLC0415 -- Prefect reads its environment now

        progress("Starting the flow engine (about 8 seconds; the first start of a home takes longer) ...")
        with embedded_server(home):
            progress("Working ...")
            yield

    return start
