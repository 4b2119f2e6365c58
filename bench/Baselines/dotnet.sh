# dotnet_server FOLDER PROJECT OPTION...: builds that project in Release and becomes its program. Sourced, not run.

. "$(dirname "${BASH_SOURCE[0]}")/../../deploy/lib.sh"

dotnet_server() {
  build "$root/bench/Baselines/$1/$2.csproj" >&2 || die "The build failed."
  exec dotnet "$root/artifacts/bin/$2/release/Conversations.$2.dll" "${@:3}"
}
