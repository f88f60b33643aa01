#!/usr/bin/env bash
# Makes sure that the two public base images we build on are in the local engine: the one layers/tesseract/Dockerfile names,
# and the one `sam local` runs zip functions in. Present: nothing to do. A registry answers: pulled. Neither: a stand-in of
# the same name is made from Debian trixie by debootstrap (needs root), good for tests, never for deployment: it is labelled,
# and the real image replaces it as soon as a registry answers.
# Honours DOCKER_HOST.
set -euo pipefail
cd "$(dirname "$0")/../.."

BASE=$(sed -n 's/^FROM //p' layers/tesseract/Dockerfile)
RUNTIME=public.ecr.aws/lambda/python:3.13-x86_64
MIRROR=$(sed -n 's/^URIs: //p' /etc/apt/sources.list.d/*.sources 2>/dev/null | head -1 || true)   # else debootstrap's own
STAND_IN=paydraft.stand-in             # the label

say() { printf '[images] %s\n' "$*"; }

state() {                              # real, stand-in or missing
    docker image inspect "$1" >/dev/null 2>&1 || { echo missing; return; }
    case "$(docker image inspect --format "{{index .Config.Labels \"$STAND_IN\"}}" "$1")" in
        true) echo stand-in ;;
        *) echo real ;;
    esac
}

pull() { timeout 300 docker pull --quiet "$1" >/dev/null 2>&1 && say "$1: pulled"; }

make_sure_of() {                       # image, and the function that makes its stand-in
    local state
    state=$(state "$1")
    [ "$state" = real ] || pull "$1" || [ "$state" = stand-in ] || "$2"
}

debian_python() {                      # a root file system that feels like the official python image
    local root=$1
    command -v debootstrap >/dev/null || apt-get install -y -qq --no-install-recommends debootstrap >/dev/null
    debootstrap --variant=minbase --include=ca-certificates,python3,python3-pip trixie "$root" \
        ${MIRROR:+"$MIRROR"} >"$root.log" 2>&1 || { tail -5 "$root.log" >&2; return 1; }
    umount "$root/proc" "$root/sys" 2>/dev/null || true
    rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/archives/*.deb
    rm -f "$root"/usr/lib/python3*/EXTERNALLY-MANAGED          # the official image lets pip install system-wide
    ln -sf /usr/bin/python3 "$root/usr/local/bin/python"
    # A closed network may end TLS itself: containers must then trust what this machine trusts.
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
    printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' >"$root/etc/pip.conf"
}

stand_in_base() {
    say "$BASE: no registry answers; building a stand-in from Debian trixie (about a minute)"
    debian_python "$WORK/root"
    tar -C "$WORK/root" --one-file-system -c . |
        docker import -c 'ENV LANG=C.UTF-8' -c "LABEL $STAND_IN=true" -c 'CMD ["python3"]' - "$BASE" >/dev/null
}

stand_in_runtime() {                   # what AWS's image gives a zip function: boto3, awslambdaric, /opt/python on the path
    say "$RUNTIME: no registry answers; building a stand-in"
    local tree=$WORK/runtime
    mkdir -p "$tree/var/runtime" "$tree/var/task"
    .tools/uv/bin/uv pip install --quiet --target "$tree/var/runtime" --python-version 3.13 \
        --python-platform x86_64-manylinux_2_28 --constraint layers/tesseract/requirements.txt awslambdaric boto3
    printf '#!/bin/sh\nexec python3 -m awslambdaric "${_HANDLER:-$1}"\n' >"$tree/var/runtime/bootstrap"
    chmod 755 "$tree/var/runtime/bootstrap"
    cp "$tree/var/runtime/bootstrap" "$tree/lambda-entrypoint.sh"
    printf '%s\n' "FROM $BASE" "COPY . /" "WORKDIR /var/task" "LABEL $STAND_IN=true" \
        "ENV LAMBDA_TASK_ROOT=/var/task LAMBDA_RUNTIME_DIR=/var/runtime PYTHONPATH=/opt/python:/var/runtime" \
        'ENTRYPOINT ["/lambda-entrypoint.sh"]' >"$WORK/Dockerfile"
    DOCKER_BUILDKIT=0 docker build --quiet --tag "$RUNTIME" --file "$WORK/Dockerfile" "$tree" >/dev/null
}

WORK=$(mktemp -d)
trap 'rm -rf --one-file-system "$WORK"' EXIT
make_sure_of "$BASE" stand_in_base
make_sure_of "$RUNTIME" stand_in_runtime
