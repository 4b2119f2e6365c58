# Reads the options that every baseline takes. Sourced, not run.

host=127.0.0.1 port=5432 user=postgres database=postgres
while [ $# -gt 0 ]; do
  case $1 in
    --connection-host) host=$2 ;;
    --connection-port) port=$2 ;;
    --user) user=$2 ;;
    --database) database=$2 ;;
    --port) ;;
    *) echo "Unknown option $1." >&2; exit 2 ;;
  esac
  shift 2
done

# sql ARGUMENT...: psql on that database.
sql() {
  local psql
  psql=$(command -v psql || compgen -G '/usr/lib/postgresql/*/bin/psql' | tail -n 1)
  "$psql" --no-psqlrc --quiet --set ON_ERROR_STOP=1 --host "$host" --port "$port" --username "$user" --dbname "$database" "$@"
}

# Makes the service's own tables, indexes included, of the very files that it makes them of.
make_tables() {
  { echo 'create schema conversations;'; cat "$(dirname "${BASH_SOURCE[0]}")"/../../deploy/postgres/*.sql; } | sql --single-transaction --output /dev/null --file -
}
