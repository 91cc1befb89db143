#!/usr/bin/env bash
# Runs the tests against throw-away servers and sums them up in one last line.
#
#   scripts/with-tools scripts/test.sh debug|tested [rust] [e2e] [torture] [dump]
#
# The first word says which build is tested (see build.sh). No test is tried twice. A build that
# fails counts as one failure.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

OUT=$PWD/target/tests
PASSED=0 FAILED=0 SKIPPED=0
POSTGRES='' CLUSTER=''
mkdir -p "$OUT"

clean_up() {
    if [ -n "$POSTGRES" ]; then
        kill -INT "$POSTGRES" 2>/dev/null
        wait "$POSTGRES" 2>/dev/null
    fi
    [ -z "$CLUSTER" ] || rm -rf "$CLUSTER"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# PostgreSQL refuses to run as root.
as_user() {
    if [ "$(id -u)" != 0 ]; then
        exec "$@"
    fi
    local user
    user=$(unprivileged)
    exec setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups "$@"
}

free_port() {
    node -e 'const server = require("net").createServer().listen(0, "127.0.0.1", () => {
        console.log(server.address().port);
        server.close();
    });'
}

# The user that PostgreSQL runs as when root starts it.
unprivileged() { getent passwd postgres >/dev/null && echo postgres || echo nobody; }

start_postgres() {
    local bin port
    bin=$(compgen -G "/usr/lib/postgresql/*/bin" | sort -V | tail -n 1)
    [ -n "$bin" ] || bin=$(dirname "$(command -v initdb)") || return 1
    port=$(free_port)
    CLUSTER=$(mktemp -d "${TMPDIR:-/tmp}/kith-postgres.XXXXXX")
    [ "$(id -u)" != 0 ] || chown "$(unprivileged)" "$CLUSTER"
    (cd "$CLUSTER" && as_user "$bin/initdb" -D "$CLUSTER/data" -U kith --auth=trust \
        --encoding=UTF8 --locale=C --no-sync) >"$OUT/postgres.log" 2>&1 ||
        { cat "$OUT/postgres.log"; return 1; }
    (cd "$CLUSTER" && as_user "$bin/postgres" -D "$CLUSTER/data" -h 127.0.0.1 -p "$port" \
        -k "$CLUSTER" -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
        -c max_connections=300) >>"$OUT/postgres.log" 2>&1 &
    POSTGRES=$!
    for _ in $(seq 100); do
        if "$bin/pg_isready" -q -h 127.0.0.1 -p "$port" -U kith -d postgres; then
            export KITH_TEST_POSTGRES=postgres://kith@127.0.0.1:$port/postgres
            return
        fi
        sleep 0.1
    done
    cat "$OUT/postgres.log"
    return 1
}

fail() {
    echo "$1" >&2
    FAILED=$((FAILED + 1))
}

# Both parts use one build. Rust tests without the feature `embed` would have cargo compile Kith
# again for each part: the library's cdylib has one file name, whatever the features.
build() {
    scripts/build.sh "$PROFILE" || { fail "the build failed"; return 1; }
}

# Adds up cargo's closing lines, one for each test binary:
# "test result: ok. 3 passed; 0 failed; 1 ignored; …".
cargo_test() {
    local log=$OUT/$1.log status sums passed failed skipped
    shift
    start_postgres || { fail "PostgreSQL did not start"; return; }
    cargo test --locked --features ssr,embed --no-fail-fast "$@" 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    sums=$(awk '/^test result: / { gsub(";", ""); p += $4; f += $6; s += $8 }
        END { print p + 0, f + 0, s + 0 }' "$log")
    read -r passed failed skipped <<<"$sums"
    PASSED=$((PASSED + passed)) FAILED=$((FAILED + failed)) SKIPPED=$((SKIPPED + skipped))
    if [ "$status" != 0 ]; then
        [ "$failed" != 0 ] || fail "cargo test ended with $status"
    elif [ "$passed" = 0 ]; then
        fail "no Rust test ran"
    fi
}

test_rust() {
    cargo_test rust
}

# The long trials run one after the other, and what they print is shown.
test_torture() {
    export KITH_TORTURE_ROUNDS=${KITH_TORTURE_ROUNDS:-50}
    cargo_test torture --test all torture:: -- --nocapture --test-threads=1
}

test_e2e() {
    local status sums passed failed skipped json=$OUT/e2e.json
    rm -f "$json"
    (cd end2end && KITH_PROFILE=$PROFILE PLAYWRIGHT_JSON_OUTPUT_NAME=$json \
        npx playwright test --reporter=list,json)
    status=$?
    sums=$(node -e 'const report = require("fs").readFileSync(process.argv[1], "utf8");
        const { stats } = JSON.parse(report);
        console.log(stats.expected, stats.unexpected + stats.flaky, stats.skipped);' "$json") ||
        { fail "Playwright left no report"; return; }
    read -r passed failed skipped <<<"$sums"
    PASSED=$((PASSED + passed)) FAILED=$((FAILED + failed)) SKIPPED=$((SKIPPED + skipped))
    if [ "$status" != 0 ]; then
        [ "$failed" != 0 ] || fail "Playwright ended with $status"
    elif [ "$passed" = 0 ]; then
        fail "no browser test ran"
    fi
}

# Writes a dump of this version's database, on both engines.
test_dump() {
    cargo_test dump --test all database::dumps::write -- --ignored --exact
}

PROFILE=${1:?debug or tested}
shift
for part in build "$@"; do
    from=$SECONDS
    case $part in
        build) build || break ;;
        rust) test_rust ;;
        e2e) test_e2e ;;
        torture) test_torture ;;
        dump) test_dump ;;
        *) fail "no such part: $part (rust, e2e, torture, dump)" ;;
    esac
    echo "$part: $((SECONDS - from)) s"
done
echo "$PASSED passed, $FAILED failed, $SKIPPED skipped"
[ "$FAILED" = 0 ] && [ "$PASSED" != 0 ]
