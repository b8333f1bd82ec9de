# What the set-up scripts share; sourced, not run.
# shellcheck shell=bash

readonly CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/dls-pbx"

say() { printf '\033[1m[setup]\033[0m %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; return; fi
  command -v sudo >/dev/null || die "This needs root, once: $*"
  sudo "$@"
}

ensure_packages() {
  command -v apt-get >/dev/null || die "Install $*, then run this again."
  say "Installing Debian packages: $*…"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y "$@" >/dev/null
}

# The machine's own source of packages: no address is written down in this project.
debian_mirror() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
    awk '$1 == "URIs:" || $1 == "deb" {for (i = 2; i <= NF; i++) if ($i ~ /\/debian\/?$/) {print $i; exit}}' || true
}
