#!/usr/bin/env bash
# Fails on lines of more than 100 characters in all text files. Exempt are data files, and in
# Markdown the rows of tables and lines with an address.
set -euo pipefail
cd "$(dirname "$0")/.."

data=(':!*.lock' ':!*-lock.json' ':!*.svg' ':!LICENSE-*' ':!locales' ':!docs/grafana.json'
    ':!src/demo/talk.txt' ':!src/ui/chat/emoji.txt' ':!tests/dumps')
# A line of `git grep` is FILE:NUMBER:TEXT. Its status is 1 without such a line, and more after an
# error.
status=0
long=$(LC_ALL=C.UTF-8 git grep --untracked -nIE '^.{101,}' -- . "${data[@]}") || status=$?
if [ "$status" -gt 1 ]; then
    echo "git grep failed with status $status." >&2
    exit "$status"
fi
if printf '%s' "$long" | grep -vE '\.md:[0-9]+:( *\||.*https?://)'; then
    echo "These lines have more than 100 characters." >&2
    exit 1
fi
