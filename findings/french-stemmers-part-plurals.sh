#!/usr/bin/env bash
# Snowball's French stemmer parts everyday plurals from their singulars and joins goods that have nothing in common.
#
# Version:   snowballstemmer 3.0.1, algorithm "french" (search engines offer the same algorithm for French text).
# Input:     nouns of shop windows, singular and plural, and pairs of different goods.
# Behaviour: vélo / vélos, tissu / tissus, fromager / fromagers have different stems, while fraises / frais,
#            saucisse / sauce, réglisse / règle, cassis / casse share one: strawberries are found for « frais ».
# Seen:      the two lines at the end of this script. Fails when a pair moves from one to the other.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv; venv/bin/pip install --quiet snowballstemmer==3.0.1
cat > try.py <<'PY'
import snowballstemmer
stem = snowballstemmer.stemmer("french").stemWord
pairs = ("vélo vélos", "bijou bijoux", "tissu tissus", "fromager fromagers", "boulangerie boulangeries",
         "fraises frais", "saucisse sauce", "réglisse règle", "cassis casse")
together = {pair: len({stem(word) for word in pair.split()}) == 1 for pair in pairs}
print("parted:", ", ".join(pair for pair in pairs if not together[pair]))
print("joined:", ", ".join(pair for pair in pairs if together[pair]))
PY
venv/bin/python try.py | tee answers
diff - answers <<'SEEN'
parted: vélo vélos, tissu tissus, fromager fromagers
joined: bijou bijoux, boulangerie boulangeries, fraises frais, saucisse sauce, réglisse règle, cassis casse
SEEN
