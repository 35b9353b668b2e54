#!/usr/bin/env bash
# The one step of action.yml: find a Python, install bumper beside the checkout, run a verb, write outputs.
# Nothing of the checkout is imported: Python starts with -I, and the ambient one is never installed into.
set -uo pipefail

source_path="${BUMPER_ACTION_PATH%/}"
[ -n "${BUMPER_CONFIG:-}" ] || unset BUMPER_CONFIG
[ -n "${BUMPER_ONLY:-}" ] || unset BUMPER_ONLY
[ -n "${BUMPER_FAIL_ON:-}" ] || unset BUMPER_FAIL_ON
[ -n "${BUMPER_FORGE:-}" ] || unset BUMPER_FORGE
[ -n "${BUMPER_FORGE_URL:-}" ] || unset BUMPER_FORGE_URL

# Later steps read outputs whatever happened, so they are written where nothing can be started too.
stop() {
  echo "::error title=bumper::$1"
  printf '%s\n' changed=false 'updates={}' 'prs=[]' outdated=0 exit-code=3 >>"${GITHUB_OUTPUT:-/dev/null}"
  exit 3
}

python=""
for candidate in "${BUMPER_PYTHON:-}" python3.13 python3.12 python3.11 python3 python; do
  [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
  if "$candidate" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python="$candidate"
    break
  fi
done
[ -n "$python" ] || stop "no Python 3.11 or newer; put actions/setup-python before this step"

key="$("$python" -I "$source_path/bumper/cli/action_key.py" "$source_path")"
extras="${BUMPER_ACTION_EXTRAS:-}"
[[ "$extras" =~ ^[a-z,]*$ ]] || stop "extras: names with commas between, as aws,notify"
home="${RUNNER_TOOL_CACHE:-${RUNNER_TEMP:-${TMPDIR:-/tmp}}}/bumper/$key${extras:+-$extras}"
what="$source_path${extras:+[$extras]}"
if [ ! -x "$home/bin/bumper" ]; then
  # Beside its place first: another job may be at it, and half of one must not count.
  new="$home.$$"
  if command -v uv >/dev/null 2>&1; then
    uv venv --quiet --python "$python" "$new" && uv pip install --quiet --python "$new/bin/python" "$what"
  elif "$python" -I -c 'import ensurepip' 2>/dev/null; then
    "$python" -I -m venv "$new" && "$new/bin/python" -I -m pip install --quiet --disable-pip-version-check "$what"
  else
    # Debian without python3-venv: the ambient pip installs into ours, never into its own.
    "$python" -I -m venv --without-pip "$new" &&
      "$python" -I -m pip --python "$new/bin/python" install --quiet --disable-pip-version-check "$what"
  fi >&2 || { rm -rf "$new"; stop "the installation failed, see the log above"; }
  if [ -e "$home" ]; then rm -rf "$new"; else mv "$new" "$home"; fi
fi

read -r -a extra <<<"${BUMPER_ACTION_ARGS:-}"
dry=()
case "${BUMPER_DRY_RUN:-false}" in
  [Tt]rue|TRUE|1|[Yy]es|[Oo]n)
    case "${BUMPER_ACTION_COMMAND:-run}" in
      run|apply|set) dry=(dry) && extra+=(--dry-run) ;;
    esac ;;
  [Ff]alse|FALSE|0|[Nn]o|[Oo]ff) ;;
  *) stop "dry-run: true or false" ;; # A word that was meant to be true must not write.
esac
unset BUMPER_DRY_RUN
# Without a checkout before us: a shallow clone of our own. The token is in no argument and no file.
if ! git rev-parse --git-dir >/dev/null 2>&1 && [ -n "${GITHUB_REPOSITORY:-}" ] && [ -n "${BUMPER_TOKEN:-}" ]; then
  server="${GITHUB_SERVER_URL:-https://github.com}"
  server="${server%/}"
  clone="$(mktemp -d)/repository"
  branch=()
  [[ "${GITHUB_REF:-}" != refs/heads/* ]] || branch=(--branch "${GITHUB_REF#refs/heads/}")
  GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$server/.extraHeader" GIT_TERMINAL_PROMPT=0 \
    GIT_CONFIG_VALUE_0="Authorization: Basic $(printf 'x-access-token:%s' "$BUMPER_TOKEN" | base64 | tr -d '\n')" \
    git clone --quiet --depth 1 ${branch[@]+"${branch[@]}"} -- "$server/$GITHUB_REPOSITORY.git" "$clone" >&2 ||
    stop "the repository cannot be cloned; put actions/checkout before this step, see the log above"
  extra+=(--directory "$clone")
fi

report="$(mktemp)"
annotations="$(mktemp)"
case "${BUMPER_ACTION_COMMAND:-run}" in
  run|plan)
    [ -z "${BUMPER_ACTION_REPORT:-}" ] || extra+=(--write "html=$BUMPER_ACTION_REPORT")
    [ -z "${BUMPER_ACTION_SARIF:-}" ] || extra+=(--write "sarif=$BUMPER_ACTION_SARIF")
    # Only GitHub shows annotations; the other runners print them as the text they are.
    [ -n "${GITEA_ACTIONS:-}${FORGEJO_ACTIONS:-}" ] || extra+=(--write "github=$annotations") ;;
esac
command="${BUMPER_ACTION_COMMAND:-run}"
# A report that goes to a file is the page, or what the arguments ask for.
[ "$command" != report ] || case " ${BUMPER_ACTION_ARGS:-}" in
  *" -o"*|*" --output"*) command=page ;;
esac
case "$command" in
  run|plan|scan|apply|set|report)
    "$home/bin/python" -I -m bumper "$command" --format json ${extra[@]+"${extra[@]}"} >"$report" ;;
  *) # What gives no report, as doctor, is for the log.
    "$home/bin/python" -I -m bumper "$BUMPER_ACTION_COMMAND" ${extra[@]+"${extra[@]}"} ;;
esac
code=$?
grep '^::' "$annotations"
exec "$python" -I "$source_path/bumper/cli/action_outputs.py" "$report" "$code" ${dry[@]+"${dry[@]}"}
