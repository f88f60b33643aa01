"""The `paydraft` command: serve, demo, extract, tokens, counterparties."""

import argparse
import signal
import sys
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infra.cli import extract, suppliers, target, tokens


def main() -> int:
    """Run one command; errors are one line on stderr that says what to do next."""
    parser = argparse.ArgumentParser(prog="paydraft", description="An invoice document in, a draft transfer out.")
    commands = parser.add_subparsers(required=True, metavar="command")
    _add_serve(commands)
    demo = commands.add_parser("demo", help="sample documents through a throw-away stack, and what came out")
    demo.set_defaults(run=_demo)
    extract.add_command(commands)
    tokens.add_commands(commands)
    suppliers.add_commands(commands)
    arguments = parser.parse_args()
    try:
        return int(arguments.run(arguments))
    except target.TargetError as problem:
        print(f"paydraft: {problem}", file=sys.stderr)
        return 2
    except (BotoCoreError, ClientError) as problem:
        print(f"paydraft: {target.explain(problem)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _add_serve(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    serve = commands.add_parser("serve", help="the whole product on this machine")
    serve.add_argument("--state-dir", type=Path, default=target.STATE_DIR, help="where its data is kept")
    serve.add_argument("--port", type=int, default=8000, help="the next free port is taken if this one is in use")
    serve.add_argument("--docker", action="store_true", help="run ExtractDocument as its container image")
    serve.add_argument("--quiet", action="store_true", help="do not show the functions' logs")
    serve.set_defaults(run=_serve)


def _serve(arguments: argparse.Namespace) -> int:
    from infra.local.serve import serve

    return serve(state_dir=arguments.state_dir, port=arguments.port, docker=arguments.docker, quiet=arguments.quiet)


def _demo(_: argparse.Namespace) -> int:
    from infra.cli.demo import demo

    # As ctrl-C does: an exception, so that the stack is stopped and its folder removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    return demo()


if __name__ == "__main__":
    sys.exit(main())
