"""MiniStack, corrected, behind two ports: all AWS services on one, the HTTP API with plain paths on the other."""

import asyncio
import socket
from pathlib import Path

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app as ministack
from ministack.services import lambda_svc, stepfunctions

from infra.local import corrections, environments, objects
from infra.local.execution_environment import OnLine
from infra.local.front import Application, Message, Receive, Scope, Send, front
from infra.local.function_pool import FunctionPool
from infra.local.saver import Saver

# What a document in reading takes; a long poll is cut, and what is longer is taken up again at the next start.
_DRAIN_SECONDS = 5


class Gateway:
    """Owns the pool and both servers; everything runs in one event loop and ends with the process."""

    def __init__(
        self, state_dir: Path, gateway_socket: socket.socket, front_socket: socket.socket, on_line: OnLine
    ) -> None:
        self.aws_endpoint = _url(gateway_socket)
        self.url = _url(front_socket)
        self.api_id: str | None = None
        self._sockets = (gateway_socket, front_socket)
        self._pool = FunctionPool(on_line)
        self._started = asyncio.Event()
        self._saver = Saver(state_dir)
        objects.watch()
        corrections.run_functions_in(self._pool, environments.runtime_python(), self.aws_endpoint)
        corrections.import_http_api_bodies()
        corrections.answer_preflights_as_the_gateway_does()
        corrections.read_concurrency_as_number()
        corrections.poll_queues_in(asyncio.get_running_loop())

    async def start(self) -> None:
        """Serve from now on; returns when the services answer."""
        gateway_socket, front_socket = self._sockets
        self._servers = [
            asyncio.create_task(_serve(self._saver.keeping(self._application), gateway_socket)),
            asyncio.create_task(_serve(front(ministack.app, lambda: self.api_id), front_socket)),
        ]
        await self._started.wait()
        self._keeper = asyncio.create_task(self._saver.keep_on())

    async def keep(self) -> None:
        """Returns when the state, definitions included, is on disk."""
        await self._saver.keep(defining=True)

    async def stop(self) -> None:
        """Take nothing new, let what runs come to an end for a moment, keep what there is, and end the functions."""
        self.api_id = None
        lambda_svc._poll_sqs = lambda: False
        for _ in range(_DRAIN_SECONDS * 20):
            if not _is_busy():
                break
            await asyncio.sleep(0.05)
        await self.keep()
        self._pool.close()

    async def _application(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def tell(message: Message) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                self._started.set()

        await ministack.app(scope, receive, tell if scope["type"] == "lifespan" else send)


def _is_busy() -> bool:
    running = any(execution["status"] == "RUNNING" for execution in stepfunctions._executions.all_values())
    return running or lambda_svc.executions_in_flight()[0] > 0


async def _serve(application: Application, listening: socket.socket) -> None:
    """Until the process ends: without a trigger of its own, hypercorn would take the process's signals."""
    await serve(application, _config(listening), shutdown_trigger=asyncio.Event().wait)


def _config(listening: socket.socket) -> Config:
    config = Config()
    config.bind = [f"fd://{listening.detach()}"]
    config.keep_alive_timeout = 75
    config.errorlog = None
    return config


def _url(listening: socket.socket) -> str:
    return f"http://127.0.0.1:{listening.getsockname()[1]}"
