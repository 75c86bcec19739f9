#!/bin/sh
# The main job on samples of our own: what `make demo` shows. The statuses are part of the show.
ingest=$1
here=$(dirname "$0")
run() {
    echo
    printf '$ ingest'; printf ' %s' "$@"; echo
    "$ingest" "$@"
    echo "status $?"
}
run --adapter lc "$here"/lc.table/sample-table/input.csv
for format in chemstation labsolutions chromeleon; do
    for input in "$here"/lc.$format/*/input*; do
        [ -e "$input" ] && run --adapter lc "$input" && break
    done
done
run detect "$here"/*/*/input*
echo
echo "The records, one JSON object a line:"
run read --quiet "$here"/lc.table/sample-table/input.csv
exit 0
