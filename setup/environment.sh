#!/bin/sh
# Make .venv from a hash-pinned lock file, and for tests install what the system lacks.
#
#   setup/environment.sh server    what `make run` needs
#   setup/environment.sh test      that, the test and check tools, a browser and fonts
#
# It does nothing, in a fraction of a second, while the stamp in .venv carries the lock's checksum. As root it installs
# missing Debian packages; as anybody else it stops with the one line to run.
set -eu

kind=${1:-server}
cd "$(dirname "$0")/.."
case $kind in
    server) lock=requirements.lock ;;
    test) lock=requirements-test.lock ;;
    *) echo "usage: setup/environment.sh server|test" >&2; exit 2 ;;
esac

say() { echo "setup: $*" >&2; }

checksum() { cat "$1" pyproject.toml | cksum | tr -d ' \t'; }

# --- the system's packages --------------------------------------------------------------------------------------------

install_packages() {
    [ $# -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        say "this machine lacks: $*"
        say "install it, then run make again:"
        echo "    sudo apt-get install -y --no-install-recommends $*" >&2
        exit 1
    fi
    say "installing $*"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null || say "the package lists could not be renewed; going on with those at hand"
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

has_browser() {
    [ -n "${AMANAT_CHROMIUM:-}" ] && return 0
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null && return 0
    done
    return 1
}

# The scripts that the demo world is written in; a page without their fonts shows boxes.
has_font() { command -v fc-list >/dev/null && [ -n "$(fc-list ":lang=$1" family)" ]; }

missing_for_tests() {
    has_browser || echo chromium
    command -v softhsm2-util >/dev/null || echo softhsm2
    for language in ar hi th; do
        has_font "$language" || { echo fonts-noto-core fontconfig; break; }
    done
    for language in zh ja ko; do
        has_font "$language" || { echo fonts-noto-cjk; break; }
    done
}

if [ "$kind" = test ]; then
    # shellcheck disable=SC2046  # one word a package
    install_packages $(missing_for_tests)
fi

# --- Python and its packages ------------------------------------------------------------------------------------------

stamped() {
    for known in .venv/stamp-server .venv/stamp-test; do
        [ -f "$known" ] || continue
        [ "$kind" = server ] || [ "$known" = .venv/stamp-test ] || continue
        of=requirements.lock
        [ "$known" = .venv/stamp-server ] || of=requirements-test.lock
        [ "$(cat "$known")" = "$(checksum "$of")" ] && return 0
    done
    return 1
}

find_python() {
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            command -v "$name"
            return 0
        fi
    done
    say "Python 3.11 or newer is needed and not found; install it, or name it: make PYTHON=/path/to/python3.12 run"
    exit 1
}

with_uv() {
    command -v uv >/dev/null || return 1
    # Old packages of an earlier lock are removed, and a lock that uv cannot reach is left to pip's own configuration.
    { [ -x .venv/bin/python ] || uv venv -q --python "$1" .venv; } &&
        uv pip sync -q --python .venv/bin/python --require-hashes "$lock" &&
        uv pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .
}

with_pip() {
    "$1" -c 'import venv, ensurepip' 2>/dev/null || install_packages python3-venv
    [ -x .venv/bin/pip ] || "$1" -m venv .venv
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$lock"
    .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
}

if ! stamped; then
    python=$(find_python)
    say "making .venv from $lock with $("$python" --version)"
    with_uv "$python" || with_pip "$python"
    checksum "$lock" > ".venv/stamp-$kind"
fi
.venv/bin/python -m amanat.portals.translations.compile
