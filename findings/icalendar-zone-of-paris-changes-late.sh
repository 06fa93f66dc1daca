#!/usr/bin/env bash
# icalendar writes a Europe/Paris of its own in which summer begins an hour late, and which has no summer from 2038 on.
#
# Version:   icalendar 7.3.2; read back by python-dateutil 4.0.0, beside Python's own zoneinfo.
# Input:     the VTIMEZONE that Timezone.from_tzid("Europe/Paris") makes, as Calendar.add_missing_timezones() adds it.
# Behaviour: RFC 5545 counts the onset of summer in the hour before it: 02:00 (TZOFFSETFROM +0100). DTSTART says so
#            (T020000), every RDATE says T030000. A reader that follows the file is an hour behind from 01:00 to 02:00 UTC
#            on the day of the change. The dates end in 2037: in summers from 2038 on, every time is an hour behind.
# Seen:      the lines at the end of this script. A zone with RRULE, written by hand, has neither fault.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv; venv/bin/pip install --quiet icalendar==7.3.2 python-dateutil==4.0.0 tzdata==2026.6
cat > try.py <<'PY'
from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

from dateutil.tz import tzical
from icalendar import Timezone

paris = ZoneInfo("Europe/Paris")
written = Timezone.from_tzid("Europe/Paris").to_ical().decode()
read = tzical(StringIO(written)).get("Europe/Paris")


def differ(begin: datetime, end: datetime, step: timedelta) -> list[str]:
    found = []
    while begin < end:
        if begin.astimezone(paris).utcoffset() != begin.astimezone(read).utcoffset():
            found.append(f"{begin:%Y-%m-%d %H:%M}Z")
        begin += step
    return found


hours = differ(datetime(2027, 3, 27, 12, tzinfo=UTC), datetime(2027, 3, 29, tzinfo=UTC), timedelta(minutes=30))
print("spring of 2027:", ", ".join(hours))
days = differ(datetime(2036, 1, 1, 12, tzinfo=UTC), datetime(2041, 1, 1, tzinfo=UTC), timedelta(days=1))
print("first day wrong at noon:", days[0], "to", days[-1])
PY
venv/bin/python try.py | tee answers
diff - answers <<'SEEN'
spring of 2027: 2027-03-28 01:00Z, 2027-03-28 01:30Z
first day wrong at noon: 2038-03-28 12:00Z to 2040-10-27 12:00Z
SEEN
