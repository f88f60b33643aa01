#!/usr/bin/env bash
# Makes this checkout ready to run: system packages, uv, Python 3.13, the locked packages. Says each thing it installs,
# skips what is there, needs no Docker and no AWS account. Debian 12 is proven; macOS is written for and unproven.
set -euo pipefail
cd "$(dirname "$0")/../.."

UV_VERSION=0.13.8
LANGUAGES=$(sed -n 's/^ARG LANGUAGES="\(.*\)"$/\1/p' layers/tesseract/Dockerfile)   # what the image has

say() { printf '\033[2m[setup]\033[0m %s\n' "$*"; }
die() { printf '[setup] %s\n' "$*" >&2; exit 1; }

install_debian() {                     # apt packages that are missing, in one call
    local missing=()
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "needs these packages: ${missing[*]}. Install them as root, then run this again."
        as_root=(sudo)
    fi
    say "installing Debian packages: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

install_macos() {
    command -v brew >/dev/null || die "needs Homebrew (https://brew.sh) to install tesseract. Install it, then run this again."
    for formula in tesseract tesseract-lang; do
        brew list --formula "$formula" >/dev/null 2>&1 || { say "installing with Homebrew: $formula"; brew install --quiet "$formula"; }
    done
}

system_packages() {
    case "$(uname -s)" in
        Linux)
            command -v apt-get >/dev/null || die "knows Debian and Ubuntu only. Install python3-venv, tesseract and its data ($LANGUAGES) by hand, then set PAYDRAFT_SKIP_SYSTEM=1."
            local packages=(ca-certificates procps python3-venv tesseract-ocr)  # procps: tests look at processes
            for language in $LANGUAGES; do packages+=("tesseract-ocr-$language"); done
            install_debian "${packages[@]}" ;;
        Darwin) install_macos ;;
        *) die "runs on Debian and macOS, not on $(uname -s)." ;;
    esac
}

any_python() {                         # a pyenv shim answers only if pyenv has the version of .python-version
    if python3 -c '' 2>/dev/null; then python3 "$@"; else /usr/bin/python3 "$@"; fi
}

own_uv() {                             # our own copy, so that everybody resolves with the same version
    if [ "$(.tools/uv/bin/uv --version 2>/dev/null | cut -d' ' -f2)" = "$UV_VERSION" ]; then return; fi
    say "installing uv $UV_VERSION into .tools/uv"
    rm -rf .tools/uv
    any_python -m venv .tools/uv
    .tools/uv/bin/pip install --quiet --quiet --disable-pip-version-check "uv==$UV_VERSION"
}

python_313() {
    .tools/uv/bin/uv python find --quiet 3.13 >/dev/null 2>&1 && return
    say "installing Python 3.13 (uv's build, for this user)"
    .tools/uv/bin/uv python install 3.13
}

[ -n "${PAYDRAFT_SKIP_SYSTEM:-}" ] || system_packages
own_uv
python_313
[ -d .venv ] || say "installing the locked packages into .venv"
.tools/uv/bin/uv sync --locked --quiet
