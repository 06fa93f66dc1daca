#!/usr/bin/env bash
# Two readers of OpenStreetMap's opening_hours disagree on "Tu, Th" and on "PH Su", and neither raises an error.
#
# Versions:  opening-hours-py 2.1.4 (Python) and opening_hours 3.15.0 (npm, what OpenStreetMap's own tools use).
# Input:     hours as shops write them, for France, in the year 2026.
# Behaviour: "Tu, Th 14:00-18:00", on Tuesday 6 October at 10:00
#              npm reads a list of days: closed. Python reads "Tu" as a rule of its own: open all Tuesday.
#            "Mo-Sa 09:00-19:00; PH Su off", on Saturday 15 August, a public holiday, at 10:00
#              npm closes on holidays that are Sundays: open. Python closes on holidays and on Sundays: closed.
#            Written "Tu,Th" both agree.
# Seen:      npm false true false / Python true false false
# Fails when one of these answers changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv; venv/bin/pip install --quiet opening-hours-py==2.1.4
npm init --yes >/dev/null; npm install --silent --no-audit --no-fund opening_hours@3.15.0 >/dev/null
cat > ask.js <<'JS'
const OpeningHours = require("opening_hours");
const france = { lat: 45.76, lon: 4.84, address: { country_code: "fr", state: "Auvergne-Rhône-Alpes" } };
const open = (value, month, day) => new OpeningHours(value, france).getState(new Date(2026, month - 1, day, 10, 0));
console.log("npm", open("Tu, Th 14:00-18:00", 10, 6), open("Mo-Sa 09:00-19:00; PH Su off", 8, 15), open("Tu,Th 14:00-18:00", 10, 6));
JS
cat > ask.py <<'PY'
from datetime import datetime
from opening_hours import OpeningHours
def is_open(value, month, day):
    return str(OpeningHours(value, country="FR").is_open(datetime(2026, month, day, 10))).lower()
print("Python", is_open("Tu, Th 14:00-18:00", 10, 6), is_open("Mo-Sa 09:00-19:00; PH Su off", 8, 15), is_open("Tu,Th 14:00-18:00", 10, 6))
PY
TZ=Europe/Paris node ask.js | tee answers; venv/bin/python ask.py | tee -a answers
printf 'npm false true false\nPython true false false\n' | diff - answers
