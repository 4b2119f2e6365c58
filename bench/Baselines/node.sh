# node_program FILE ARGUMENT...: becomes that program of this folder, its packages installed. Sourced, not run.

. "$(dirname "${BASH_SOURCE[0]}")/../../deploy/lib.sh"

node_program() {
  local here=$root/bench/Baselines
  # What npm writes last: an install that was broken off is done again.
  [ -e "$here/node_modules/.package-lock.json" ] ||
    in_front npm ci --prefix "$here" --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error >&2 || die "npm ci failed."
  exec node "$here/$1" "${@:2}"
}
