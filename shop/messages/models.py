"""Messages about one order: rows that nobody rewrites, deleted after a year (home/purges.py)."""

import pgtrigger
from django.conf import settings
from django.db import models

LONGEST = 2000  # characters


class Message(models.Model):
    """What one side wrote. reported_at: when somebody let the Region's editors read this order's messages."""

    class Author(models.TextChoices):
        BUYER = "acheteur", "l’acheteur"
        MERCHANT = "commercant", "le commerçant"

    merchant_order = models.ForeignKey("shop.MerchantOrder", models.CASCADE, related_name="messages")
    at = models.DateTimeField("quand")
    author = models.CharField("qui", max_length=10, choices=Author)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField("message", max_length=LONGEST)
    reported_at = models.DateTimeField("signalé le", null=True)

    class Meta:
        app_label = "shop"
        verbose_name = "message sur une commande"
        verbose_name_plural = "messages sur les commandes"
        ordering = ("pk",)
        indexes = [models.Index(fields=["at"], name="message_by_moment")]
        triggers = [
            pgtrigger.Trigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    if (new.by_id is null or new.by_id = old.by_id)
                        and (old.reported_at is null or new.reported_at = old.reported_at)
                        and to_jsonb(new) - array['by_id', 'reported_at']
                          = to_jsonb(old) - array['by_id', 'reported_at']
                    then return new; end if;
                    raise exception 'What was written is never rewritten.'
                        using errcode = 'check_violation', constraint = 'messages_are_kept';
                """,
            )
        ]
