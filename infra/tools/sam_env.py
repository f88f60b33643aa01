"""Lets functions under `sam local` work on the stack served here: its names, and a way to it from containers.

usage, with `make serve` in another terminal:  python -m infra.tools.sam_env
It writes .paydraft/sam_env.json, which samconfig.toml hands to `sam local`, and relays until ctrl-C.
"""

import json
import os
import signal
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import boto3

from infra.cli import target
from infra.local.opening import STACK

FILE = target.STATE_DIR / "sam_env.json"
_CHUNK = 65536  # bytes


def variables(aws_endpoint: str) -> dict[str, dict[str, str]]:
    """Per function, by logical id, the variables the deployed stack gave it, and the endpoint as a container sees it.

    The process's AWS clients must point at the stack (`target.use_local`).
    """
    resources = boto3.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
    functions = [one for one in resources if one["ResourceType"] == "AWS::Lambda::Function"]
    configuration = boto3.client("lambda").get_function_configuration
    return {
        one["LogicalResourceId"]: configuration(FunctionName=one["PhysicalResourceId"])["Environment"]["Variables"]
        | {"AWS_ENDPOINT_URL": aws_endpoint}
        for one in functions
    }


@contextmanager
def relay(address: str, environment: Mapping[str, str]) -> Iterator[str]:
    """A way from containers to `address` on this machine's loopback while the block runs; yields the way's address.

    Docker Desktop brings one of its own. Elsewhere we listen on the bridge, which only containers reach.
    """
    here = urlsplit(address)
    if sys.platform == "darwin":
        yield f"http://host.docker.internal:{here.port}"
        return
    inspect = ["docker", "network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}"]
    bridge = subprocess.run(inspect, env=environment, check=True, capture_output=True, text=True).stdout.strip()
    with _Relay((bridge, 0), (str(here.hostname), int(here.port or 80))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{bridge}:{server.server_address[1]}"
        server.shutdown()


class _Relay(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, listen: tuple[str, int], onward: tuple[str, int]) -> None:
        self.onward = onward
        super().__init__(listen, _Connection)


class _Connection(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, _Relay)
        with socket.create_connection(self.server.onward) as onward:
            back = threading.Thread(target=_pump, args=(onward, self.request), daemon=True)
            back.start()
            _pump(self.request, onward)
            back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(_CHUNK):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def main() -> int:
    """Write the file and relay until ctrl-C."""
    try:
        target.find(None)
    except target.TargetError as problem:
        print(f"sam_env: {problem}", file=sys.stderr)
        return 2
    with relay(os.environ["AWS_ENDPOINT_URL"], os.environ) as aws_endpoint:
        FILE.write_text(json.dumps(variables(aws_endpoint), indent=2) + "\n")
        print(f"{FILE} is written; containers reach the stack at {aws_endpoint} until ctrl-C")
        with suppress(KeyboardInterrupt):
            signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(main())
