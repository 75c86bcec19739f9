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
run --adapter lc "$here"/lc.chemstation/two-signals/input.D
run --adapter lc "$here"/lc.labsolutions/two-detectors/input.txt
run detect "$here"/lc.chromeleon/trace-7/input.txt "$here"/lc.masshunter/wide/input.csv
echo
echo "The records, one JSON object a line:"
run read --quiet "$here"/lc.table/sample-table/input.csv
