#!/bin/sh
# The main job on samples of our own: what `make demo` shows. The statuses are part of the show.
ingest=$1
here=$(dirname "$0")
# A state of its own: the demo is published to a fresh local tenant each time, and leaves nothing behind.
INGEST_HOME=$(mktemp -d) && export INGEST_HOME
trap 'rm -rf "$INGEST_HOME"' EXIT
run() {
    echo
    printf '$ ingest'; printf ' %s' "$@"; echo
    "$ingest" "$@"
    echo "status $?"
}
run --adapter lc --to none "$here"/lc.table/sample-table/input.csv
run --adapter lc --to none "$here"/lc.labsolutions/two-detectors/input.txt
run detect "$here"/lc.chromeleon/trace-7/input.txt "$here"/lc.masshunter/wide/input.csv
echo
echo "The records, one JSON object a line:"
run read --quiet "$here"/lc.table/sample-table/input.csv
echo
echo "Publishing: first what would happen, then the real thing, then the same command again:"
run --adapter lc --dry-run "$here"/lc.chemstation/two-signals/input.D
run --adapter lc "$here"/lc.chemstation/two-signals/input.D
run --adapter lc --json "$here"/lc.chemstation/two-signals/input.D >"$INGEST_HOME"/again
cat "$INGEST_HOME"/again
id=$(sed -n 's/.*"runs":\[{"id":"\([^"]*\)".*/\1/p' "$INGEST_HOME"/again)
[ -n "$id" ] || { echo "the run was not published" >&2; exit 1; }
run history "$here"/lc.chemstation/two-signals/input.D

echo
echo "Dose-response curves: from a table to IC50s and a page; from a Benchling Analysis and back to it, once:"
run ic50 "$here"/plate.long/screen/input.csv -o "$INGEST_HOME"/ic50
echo
echo "A plate that was read and the doses dispensed into it, from two files to published IC50s:"
run ic50 "$here"/xml.tecan/plate-of-doses/input.xml "$here"/xml.d300/plate-of-doses/input.xml -o "$INGEST_HOME"/plate
run publish "$INGEST_HOME"/plate/ic50.jsonl
echo
echo "A vendor's XML report, and one that asks for a file of this computer:"
run --adapter xml "$here"/xml.tapestation/rna/input.xml
printf '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>' >"$INGEST_HOME"/evil.xml
run --adapter xml --to none "$INGEST_HOME"/evil.xml
echo
run ic50 --analysis
run ic50 --analysis --quiet

# The page that shows it, asked for as a browser would.
"$ingest" sandbox --quiet >"$INGEST_HOME"/listening &
sandbox=$!
while [ ! -s "$INGEST_HOME"/listening ] && kill -0 $sandbox 2>/dev/null; do sleep 0.1; done
url=$(sed 's/.*"url":"\([^"]*\)".*/\1/' "$INGEST_HOME"/listening)
page=$(python3 -c 'import re, sys, urllib.request
page = urllib.request.urlopen(sys.argv[1], timeout=10).read().decode()
print(" ".join(re.sub("<[^>]*>", " ", re.sub("(?s)<style.*?</style>", "", page)).split()))' "$url/runs/$id") || exit 1
kill $sandbox
wait $sandbox
echo
echo "ingest sandbox shows it in a browser, at $url/runs/$id:"
echo "$page" | cut -c1-500
echo "the page of the curves: $(wc -c <"$INGEST_HOME"/ic50/ic50.html) bytes, no network"
run undo "$id" --reason "it was a demonstration"
