#!/usr/bin/env bash
# pip 23.2.1 leaves out a requirement whose extra is spelt with another separator, and still succeeds.
#
# Versions: pip 23.2.1 (which Python 3.11.7 brings), 23.3 and 26.1; justext 3.0.2; lxml 6.1.3 and 5.2.2; seen 2026-11-29.
#
# Guessed: names of extras are normalised as names of packages are (PEP 685, 2022), so that `lxml[html_clean]`, which
# justext 3.0.2 asks for, installs what lxml offers as `html-clean`, whichever of the two spellings a release has used.
# Seen: lxml 6.1.3 writes `Provides-Extra: html-clean` (5.2.2 wrote `html_clean`). pip 23.2.1 compares the spellings as
# they are, prints one warning, leaves lxml_html_clean out and exits 0; nothing that imports justext can start then,
# trafilatura among it. `pip check` finds no fault. pip 23.3 and later install it. So a release of lxml that changed
# no requirement breaks, on an older pip, packages that did not change either.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Arguments: version of pip, version of lxml. Prints "imports" or "cannot be imported".
try() {
    local here="$folder/$1-$2"
    python3 -m venv "$here"
    "$here/bin/python" -m pip install --quiet --disable-pip-version-check "pip==$1"
    "$here/bin/python" -m pip install --quiet --disable-pip-version-check "justext==3.0.2" "lxml==$2" 2>"$here/said"
    grep 'does not provide the extra' "$here/said" >&2 || true
    "$here/bin/python" -m pip check >&2
    if "$here/bin/python" -c 'import justext' 2>/dev/null; then echo "imports"; else echo "cannot be imported"; fi
}

seen=$(for pair in "23.2.1 5.2.2" "23.2.1 6.1.3" "23.3 6.1.3" "26.1 6.1.3"; do
    # shellcheck disable=SC2086
    echo "pip ${pair% *}, lxml ${pair#* }: justext $(try $pair)"
done)
echo "$seen"
expected="pip 23.2.1, lxml 5.2.2: justext imports
pip 23.2.1, lxml 6.1.3: justext cannot be imported
pip 23.3, lxml 6.1.3: justext imports
pip 26.1, lxml 6.1.3: justext imports"
[ "$seen" = "$expected" ] || { echo "This has changed." >&2; exit 1; }
