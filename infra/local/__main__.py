"""`python -m infra.local serve`."""

import argparse
import sys
from pathlib import Path

from infra.local.serve import serve


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.local")
    command = parser.add_subparsers(required=True, metavar="command").add_parser("serve", help="serve this repository")
    command.add_argument("--state-dir", type=Path, default=argparse.SUPPRESS, help="where its data is kept")
    command.add_argument("--port", type=int, default=argparse.SUPPRESS, help="0 for any; the next one if it is taken")
    command.add_argument("--docker", action="store_true", help="run image functions as containers")
    command.add_argument("--quiet", action="store_true", help="do not show the functions' logs")
    command.add_argument("--template", type=Path, default=argparse.SUPPRESS, help="another template than template.yaml")
    command.add_argument(
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter of the template, before those of samconfig.toml",
    )
    arguments = vars(parser.parse_args())
    parameters = dict(one.split("=", 1) for one in arguments.pop("parameter") if "=" in one)
    return serve(**arguments, parameters=parameters)


if __name__ == "__main__":
    sys.exit(main())
