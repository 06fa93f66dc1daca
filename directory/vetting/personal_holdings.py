"""What sanctions and documents keep of people (portal/privacy/register.py)."""

from directory.vetting.documents.models import Document
from directory.vetting.sanctions.models import Appeal, Observation
from directory.vetting.termination.models import Termination
from portal.privacy.register import Basis, Fate, Holding, Whose, hold, rows_of

hold(
    Holding(
        name="procédures et sanctions",
        does="tenez la fiche d’un commerce que la Région avertit, masque, suspend ou clôt",
        what="les faits, les griefs, votre réponse, la décision et ses motifs, votre réclamation, qui a signé",
        whose=(Whose.MERCHANTS, Whose.STAFF),
        why="entendre le commerçant, motiver la décision, répondre aux recours (CRPA, art. L121-1 et L211-2)",
        basis=Basis.LAW,
        seen_by="les responsables de la fiche, la Région",
        kept="cinq ans après la décision",
        columns={
            "directory_sanction": "merchant_title facts grievance urgency_proof minutes reasons lift_reasons opener "
            "opened_by_id opened_on decider decided_by_id decided_at lifter lifted_at heard_on before",
            "directory_observation": "text author made_by_id made_at",
            "directory_appeal": "text author filed_by_id filed_at answer decider decided_by_id decided_at",
        },
        fate=Fate.KEPT_A_WHILE,
        fate_told="Ce que vous avez répondu à la Région dans une procédure, et ses décisions : cinq ans",
        purges=("sanctions",),
        queries=lambda person: (
            [Observation.objects.filter(made_by=person.user), Appeal.objects.filter(filed_by=person.user)]
            if person.user
            else []
        ),
        watched=("directory_observation.text",),
    )
)
hold(
    Holding(
        name="fermetures demandées",
        does="fermez la page de votre commerce",
        what="qui l’a demandé, quand, pour quel jour",
        whose=(Whose.MERCHANTS,),
        why="faire ce que le commerce demande, et pouvoir le prouver (code civil, art. 2224)",
        basis=Basis.CONTRACT,
        seen_by="les responsables de la fiche, la Région",
        kept="cinq ans après la demande",
        columns={"directory_termination": "merchant_title asked_by_id asker asked_at before"},
        fate=Fate.KEPT_A_WHILE,
        fate_told="Votre demande de fermer la page d’un commerce : cinq ans",
        purges=("terminations",),
        queries=rows_of(Termination, "asked_by"),
    )
)
hold(
    Holding(
        name="pièces justificatives",
        does="envoyez une pièce à la Région",
        what="pièce d’identité, relevé bancaire, justificatifs, chiffrés ; qui les a envoyés et quand",
        whose=(Whose.MERCHANTS,),
        why="vérifier qui vend (règlement (UE) 2022/2065, art. 30)",
        basis=Basis.LAW,
        seen_by="les personnes de la Région qui décident ; chaque consultation est notée",
        kept="six mois après la fin du contrat, le refus ou le retrait du dossier",
        columns={"directory_document": "sealed sender sent_by_id sent_at"},
        fate=Fate.KEPT_A_WHILE,
        fate_told="Vos pièces justificatives : six mois après la fin du contrat",
        purges=("documents",),
        queries=rows_of(Document, "sent_by"),
        secret=("sealed",),
        watched=("directory_document.sealed",),
    )
)
