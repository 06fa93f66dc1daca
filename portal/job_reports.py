"""How the jobs fare: which are late, what failed for good, and how to have it done after all."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from portal import jobs
from portal.jobs import LATE, Job
from portal.models import JobFailure, JobReport

FAILED = "failed"
KEPT = timedelta(days=30)  # of a job that ended badly; one that went well is deleted at once


@dataclass(frozen=True)
class Kind:
    """One kind of job, for editors. when: its hours, "" when other code asks for it. next_at: None then."""

    label: str
    when: str
    done_at: datetime | None
    failed_at: datetime | None
    failure: str
    next_at: datetime | None
    is_late: bool
    waiting: int


@dataclass(frozen=True)
class FailedJob:
    """One job that failed for good."""

    id: int
    label: str
    failed_at: datetime | None
    tries: int
    failure: str


def late(now: datetime) -> list[str]:
    """Return the names of the jobs that were due by the clock and have not been done since; one query."""
    reports = {report.job: report for report in JobReport.objects.all()}
    return [name for name, job in jobs.known().items() if _is_late(job, reports.get(name), now)]


def _is_late(job: Job, report: JobReport | None, now: datetime) -> bool:
    if not job.cron or report is None:  # no worker has run yet: that is told apart
        return False
    return max(report.done_at or report.known_since, report.known_since) < job.last_due(now - LATE[job.is_minutely])


def kinds(now: datetime) -> list[Kind]:
    """Return all kinds, those of the clock first; three queries."""
    reports = {report.job: report for report in JobReport.objects.all()}
    at_hand = waiting()
    found = sorted(jobs.known().values(), key=lambda job: (not job.cron, job.is_minutely, job.label))
    return [
        _kind(job, reports.get(job.name) or JobReport(known_since=now), at_hand.get(job.name, 0), now) for job in found
    ]


def waiting() -> dict[str, int]:
    """Return how many jobs of a kind wait or run; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select task_name, count(*) from procrastinate_jobs where status in ('todo', 'doing') group by task_name"
        )
        return dict(cursor.fetchall())


def _kind(job: Job, report: JobReport, waiting: int, now: datetime) -> Kind:
    return Kind(
        label=job.label,
        when=hours(job.cron),
        done_at=report.done_at,
        failed_at=report.failed_at,
        failure=report.failure,
        next_at=job.next_due(now) if job.cron else None,
        is_late=_is_late(job, report, now),
        waiting=waiting,
    )


def hours(cron: str) -> str:
    """Return in French when a job is due: "40 3 * * *" is « chaque jour à 3 h 40 »."""
    if not cron:
        return ""
    minute, hour, *_ = cron.split()
    if minute == "*":
        return "chaque minute"
    if hour == "*":
        return f"chaque heure, à la minute {minute}"
    return f"chaque jour à {hour}\u00a0h\u00a0{int(minute):02}"


def failed(limit: int = 200) -> list[FailedJob]:
    """Return the jobs that failed for good, the latest first; three queries."""
    found = list(ProcrastinateJob.objects.filter(status=FAILED).order_by("-pk")[:limit])
    ids = [one.pk for one in found]
    reasons = dict(JobFailure.objects.filter(pk__in=ids).values_list("job_id", "failure"))
    moments = dict(
        ProcrastinateEvent.objects.filter(job__in=ids, type=FAILED).order_by("at").values_list("job_id", "at")
    )
    known = jobs.known()
    return [
        FailedJob(
            id=one.pk,
            label=known[one.task_name].label if one.task_name in known else one.task_name,
            failed_at=moments.get(one.pk),
            tries=one.attempts,
            failure=reasons.get(
                one.pk, "" if one.task_name in known else "Cette version du portail ne la connaît pas."
            ),
        )
        for one in found
    ]


def run_again(job_id: int) -> bool:
    """Have a job that failed done again; return whether there was one."""
    if not _failed(job_id).exists():
        return False
    app.job_manager.retry_job_by_id(job_id, retry_at=timezone.now())
    JobFailure.objects.filter(pk=job_id).delete()
    return True


def forget(job_id: int) -> bool:
    """Delete a job that failed; return whether there was one."""
    return delete(_failed(job_id)) > 0


def ended(before: datetime) -> QuerySet[ProcrastinateJob]:
    """Return the jobs that failed for good, or were stopped, before that moment."""
    lately = ProcrastinateEvent.objects.filter(job=OuterRef("pk"), at__gte=before)
    return ProcrastinateJob.objects.filter(~Exists(lately), status__in=(FAILED, "aborted", "cancelled", "succeeded"))


def delete(ended_jobs: QuerySet[ProcrastinateJob]) -> int:
    """Delete jobs, and why they failed; return how many there were."""
    ids = list(ended_jobs.values_list("pk", flat=True))
    JobFailure.objects.filter(pk__in=ids).delete()
    ended_jobs.delete()
    return len(ids)


def _failed(job_id: int) -> QuerySet[ProcrastinateJob]:
    return ProcrastinateJob.objects.filter(pk=job_id, status=FAILED)
