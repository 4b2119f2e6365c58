# What deploy/up and deploy/test share. Sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

# Build servers would outlive the command; the logo and the telemetry are noise.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

die() {
  echo "$*" >&2
  exit 1
}

# Runs a command so that SIGTERM ends it, too: a shell that waits in the foreground would leave it running.
in_front() {
  local child status=0
  "$@" &
  child=$!
  trap 'kill "$child" 2>/dev/null; wait "$child"; exit 130' INT TERM HUP
  wait "$child" || status=$?
  trap - INT TERM HUP
  return "$status"
}

# build PROJECT_OR_SOLUTION: Release, silent unless it fails.
build() {
  local log status=0
  log=$(mktemp)
  in_front dotnet build "$1" --configuration Release --verbosity quiet --nologo >"$log" 2>&1 || status=$?
  [ "$status" = 0 ] || cat "$log"
  rm -f "$log"
  return "$status"
}

require_dotnet() {
  command -v dotnet >/dev/null || die "The .NET 10 SDK is missing: see https://dotnet.microsoft.com/download, then run this again."
  (cd "$root" && dotnet --version >/dev/null 2>&1) ||
    die "This needs the .NET SDK that global.json names ($(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$root/global.json") or a later patch): see https://dotnet.microsoft.com/download, then run this again."
}

has_postgres() {
  local directory
  for directory in /usr/lib/postgresql/*/bin "$(pg_config --bindir 2>/dev/null)"; do
    [ -x "$directory/initdb" ] && [ -x "$directory/postgres" ] && return 0
  done
  return 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# may_install PACKAGE...: ends the script with the line to run if we can not install them ourselves, without being asked for a password.
may_install() {
  command -v apt-get >/dev/null || die "Missing: $*. Install it with this system's package manager, then run this again."
  [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; } ||
    die "Missing: $*. Run: sudo apt-get update && sudo apt-get install --yes $*"
}

install_packages() {
  may_install "$@"
  echo "Installing $* …"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends -qq "$@" >/dev/null ||
    die "Installing failed. Run: sudo apt-get update && sudo apt-get install --yes $*"
}

# Debian's package makes and starts a cluster of its own on port 5432; we want its programs only. Its configuration is put back.
require_postgres() {
  local settings=/etc/postgresql-common/createcluster.conf saved status=0
  has_postgres && return
  may_install postgresql
  [ -e "$settings" ] || install_packages postgresql-common
  saved=$(mktemp)
  cat "$settings" >"$saved"
  as_root sed -i -e '/^[# ]*create_main_cluster/d' -e '$a create_main_cluster = false' "$settings"
  (install_packages postgresql) || status=$?
  as_root tee "$settings" <"$saved" >/dev/null
  rm -f "$saved"
  [ "$status" = 0 ] || exit 1
  has_postgres || die "PostgreSQL was installed, but its programs are not in /usr/lib/postgresql."
}

# Dropping packets and setting a clock wrong need these; without them, or not as root, those faults are reported as not run.
require_chaos() {
  [ "$(id -u)" = 0 ] || return 0
  command -v iptables >/dev/null || install_packages iptables
  command -v cc >/dev/null || install_packages gcc libc6-dev
}

require_node() {
  command -v node >/dev/null && command -v npm >/dev/null || install_packages nodejs npm
}

# For tests. Debian's package redis-server would start a server of its own; redis-tools has the program, too, and starts nothing.
require_redis() {
  [ -x /usr/bin/redis-server ] || [ -x /usr/bin/redis-check-rdb ] || install_packages redis-tools
}
