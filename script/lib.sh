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

# Debian's programs in a folder of their own, where the machine has none: `unpack FOLDER WHAT PACKAGES`, for root on Debian.
unpack() {
  local mirror root="$1" what="$2" packages="$3" folder
  mirror=$(debian_mirror)
  [ -n "$mirror" ] || die "Install $what: this machine has no Debian mirror to take it from."
  [ "$(id -u)" = 0 ] || die "Install $what, or run this as root: the private one runs in a folder of its own."
  command -v mmdebstrap >/dev/null || ensure_packages mmdebstrap
  say "Unpacking Debian's $what into $root (a minute)…"
  rm -rf "$root"
  mkdir -p "$CACHE"
  mmdebstrap --quiet --variant=extract --aptopt='Acquire::Check-Valid-Until "false"' \
    --include="$packages" forky "$root" "$mirror" >&2
  # What an unpacked system lacks, and every program expects.
  for folder in lib lib64 bin sbin; do [ -e "$root/$folder" ] || ln -s "usr/$folder" "$root/$folder"; done
  [ -e "$root/dev/null" ] || mknod -m 666 "$root/dev/null" c 1 3
  [ -e "$root/dev/random" ] || mknod -m 666 "$root/dev/random" c 1 8
  [ -e "$root/dev/urandom" ] || mknod -m 666 "$root/dev/urandom" c 1 9
  # Without it some ask the network for this machine's name, for seconds.
  printf '127.0.0.1 localhost %s\n' "$(hostname)" >"$root/etc/hosts"
}
