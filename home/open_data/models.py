"""The files of the open data as they are served; one edition at a time, in the database that all servers share."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class OpenDataEdition(models.Model):
    """All files of one making. merchants: ids of the pages that are in it; digest: of what it says of them."""

    made_at = models.DateTimeField()
    merchants = ArrayField(models.BigIntegerField())
    digest = models.CharField(max_length=32)

    class Meta:
        app_label = "home"

    def files_by_name(self) -> "dict[str, OpenDataFile]":
        """Return its files without their content; one query."""
        return {file.name: file for file in self.files.defer("content")}


class OpenDataFile(models.Model):
    """One file. content: compressed by gzip; size (bytes) and sha256 (hexadecimal): of the file as it is taken away."""

    edition = models.ForeignKey(OpenDataEdition, models.CASCADE, related_name="files")
    name = models.CharField(max_length=60)
    content = models.BinaryField()
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()

    class Meta:
        app_label = "home"
        constraints = [models.UniqueConstraint(fields=["edition", "name"], name="one_file_a_name")]
