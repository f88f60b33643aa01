"""The process that is the stack: MiniStack, the functions' environments and the front. Runs in MiniStack's environment.

infra/local/serve.py starts it in its own place, with its options as JSON; `kill -9` on it takes everything with it.
"""

import asyncio
import contextlib
import fcntl
import logging
import os
import random
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.local.execution_environment import OnLine
from infra.local.objects import drop_half_written
from infra.local.opening import EXPECTED_FAILURES, TENANT, Opening, api_id, write
from infra.local.stack_options import Options

if TYPE_CHECKING:
    from infra.local.gateway import Gateway

REGION = "eu-west-1"
_METRIC = '{"_aws":'  # embedded metric format: for CloudWatch, not for people
# MiniStack writes its port into names it stores, such as queue URLs. It is told one that never changes; where it really
# listens is free to differ from start to start, because it reads of those names only what follows the port.
_NOMINAL_PORT = 4566
_SAMPLE = "tests/golden/documents/de_freelancer.pdf"
_GATEWAY_PORTS = (20000, 30000)  # below the range the system takes outgoing ports from


class AlreadyServedError(Exception):
    """Another process serves this state directory."""


def lock(state_dir: Path) -> Any:
    """The open lock file: held until the process ends, however it ends (AlreadyServedError if somebody holds it)."""
    state_dir.mkdir(parents=True, exist_ok=True)
    state_dir.chmod(0o700)  # tokens and documents lie here
    file = (state_dir / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        raise AlreadyServedError(
            f"{state_dir} is served already, by process {file.read().strip() or 'unknown'}. "
            "Stop that one, or name another folder with --state-dir."
        ) from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def listen(ports: "range | list[int]") -> socket.socket:
    """A socket on the first free one of the ports."""
    for port in ports:
        candidate = socket.socket()
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            candidate.bind(("127.0.0.1", port))
            candidate.listen(128)
            return candidate
        candidate.close()
    raise OSError(f"none of the ports {ports[0]} to {ports[-1]} is free")


def _settle_ministack(state_dir: Path) -> None:
    """MiniStack reads its settings from the environment when its modules are imported; the caller's AWS has no say."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(
        GATEWAY_PORT=str(_NOMINAL_PORT),
        MINISTACK_REGION=REGION,
        AWS_REGION=REGION,
        AWS_DEFAULT_REGION=REGION,
        AWS_ACCESS_KEY_ID="local",  # the key that functions and clients have: what they sign for others is verified
        AWS_SECRET_ACCESS_KEY="local",
        PERSIST_STATE="1",
        STATE_DIR=str(state_dir / "services"),
        S3_PERSIST="1",
        S3_DATA_DIR=str(state_dir / "objects"),
        IOT_MTLS_ENABLED="0",
        SFTP_ENABLED="0",
        LOG_LEVEL="WARNING",
    )


def main(arguments: list[str]) -> int:
    """Serve until SIGINT or SIGTERM."""
    options = Options.from_json(arguments[0])
    try:
        held = lock(options.state_dir)
    except AlreadyServedError as refusal:
        print(f"paydraft: {refusal}", file=sys.stderr)
        return 2
    (options.state_dir / "serve.json").unlink(missing_ok=True)  # left by a stack that was killed
    _settle_ministack(options.state_dir)
    front_socket = listen([options.port, *range(options.port + 1, options.port + 100)] if options.port else [0])
    gateway_socket = listen(random.sample(range(*_GATEWAY_PORTS), 50))
    with held:
        return asyncio.run(_run(options, gateway_socket, front_socket))


async def _run(options: Options, gateway_socket: socket.socket, front_socket: socket.socket) -> int:
    drop_half_written(options.state_dir / "objects")
    logging.getLogger("kms").setLevel(logging.ERROR)  # imported, it asks for cryptography, which nothing needs
    from infra.local.gateway import Gateway  # imports MiniStack, which reads the environment settled above

    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    gateway = Gateway(options.state_dir, gateway_socket, front_socket, _shower(options))
    await gateway.start()
    loop = asyncio.get_running_loop()

    def keep() -> None:
        asyncio.run_coroutine_threadsafe(gateway.keep(), loop).result()

    opening = asyncio.create_task(asyncio.to_thread(_open, options, gateway, keep))
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait((opening, stop), return_when=asyncio.FIRST_COMPLETED)
    failure = opening.exception() if opening.done() else None
    if failure is None:
        await stop
    else:
        _tell(failure)
    (options.state_dir / "serve.json").unlink(missing_ok=True)
    await gateway.stop()
    sys.stdout.flush()
    os._exit(1 if failure else 0)  # threads of MiniStack would hold the process up


def _tell(failure: BaseException) -> None:
    if isinstance(failure, EXPECTED_FAILURES):
        print(f"paydraft: {failure}", file=sys.stderr)
    else:
        traceback.print_exception(failure)


def _open(options: Options, gateway: "Gateway", keep: Callable[[], None]) -> None:
    opening = Opening(
        options.state_dir,
        options.template,
        options.docker,
        options.parameters,
        REGION,
        gateway.aws_endpoint,
        keep,
    )
    outputs = opening.deployed()
    gateway.api_id = api_id(outputs)
    token = opening.token(outputs)
    opening.look_at_open_jobs(outputs)
    served = {
        "url": gateway.url,
        "aws_endpoint": gateway.aws_endpoint,
        "region": REGION,
        "token": token,
        "tenant_id": TENANT,
        "pid": os.getpid(),
        "outputs": outputs | {"ApiUrl": gateway.url},
    }
    write(options.state_dir / "serve.json", served)
    _announce(served)


def _announce(served: dict[str, Any]) -> None:
    invoices = f"{served['url']}/v2/invoices/ocr"
    print(
        f"""
paydraft answers on {served["url"]}   (AWS services: {served["aws_endpoint"]}; ctrl-C stops it)

  token='{served["token"]}'   # tenant {served["tenant_id"]}
  (printf '{{"base64_file":"'; base64 < {_SAMPLE} | tr -d '\\n'; printf '"}}') |
    curl -s {invoices} -H "Authorization: Bearer $token" -H 'Content-Type: application/json' --data-binary @-
  curl -s {invoices}/JOB_ID -H "Authorization: Bearer $token" -H 'Prefer: wait=20'
""",
        flush=True,
    )


def _shower(options: Options) -> OnLine:
    """Shows the functions' log lines but for their metrics, or in quiet keeps those of this run in a file."""
    stream = (options.state_dir / "functions.log").open("w", buffering=1) if options.quiet else sys.stdout

    def show(function: str, line: str) -> None:
        if line.startswith(_METRIC):
            return
        stream.write(f"{function} | {line}\n")
        stream.flush()

    return show


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
