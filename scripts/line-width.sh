#!/usr/bin/env bash
# Holds lines to 100 characters where no formatter does: in comments, documents, shell and settings.
#
# A line may be longer where it cannot be broken: in tables and addresses of documents, and in files
# that hold data.
set -euo pipefail
cd "$(dirname "$0")/.."

data=(':!*.lock' ':!*-lock.json' ':!*.svg' ':!LICENSE-*' ':!locales' ':!docs/grafana.json'
    ':!src/demo/talk.txt' ':!src/ui/chat/emoji.txt' ':!tests/dumps')
# A line of `git grep` is FILE:NUMBER:TEXT.
if LC_ALL=C.UTF-8 git grep --untracked -nIE '^.{101,}' -- . "${data[@]}" |
    grep -vE '\.md:[0-9]+:( *\||.*https?://)'; then
    echo "These lines have more than 100 characters." >&2
    exit 1
fi
