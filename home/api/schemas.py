"""What the API answers. Its words are those of the open data (home/open_data/datasets.py), its days ISO 8601."""

from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from ninja import Field, Schema

Item = TypeVar("Item")


class Merchant(Schema):
    id: int = Field(description="Identifiant sur le portail ; il ne change jamais.")
    siret: str = Field(description="SIRET ; vide pour un commerce fictif.")
    nom: str = Field(description="Nom ou enseigne.")
    categorie: str = Field(description="Code de la catégorie.")
    commune_insee: str = Field(description="Code INSEE de la commune, ou de l’arrondissement municipal.")
    commune: str = Field(description="Nom de la commune.")
    adresse: str = Field(description="Numéro et rue.")
    code_postal: str = Field(description="Code postal.")
    latitude: float | None = Field(description="Degrés, WGS 84.")
    longitude: float | None = Field(description="Degrés, WGS 84.")
    site_internet: str = Field(description="Site du commerce.")
    livre: bool = Field(description="Déclare livrer à domicile par ses propres moyens.")
    plain_pied: bool = Field(description="Déclare un accès de plain-pied ; faux veut aussi dire « non déclaré ».")
    vend_en_ligne: bool = Field(description="Prend aujourd’hui des commandes sur le portail.")
    local_verifie: bool = Field(description="Porte aujourd’hui le signe « Local vérifié ».")
    fictif: bool = Field(description="Commerce inventé pour une démonstration.")
    url: str = Field(description="Adresse de sa page.")
    en_ligne_depuis: date | None = Field(description="Jour de la première publication.")
    date_maj: date | None = Field(description="Jour de la dernière publication de sa page.")
    horaires: str = Field(description="Horaires au format opening_hours d’OpenStreetMap, heure de Paris.")
    horaires_confirmes_le: date | None = Field(description="Dernier jour où le commerce a dit qu’ils sont justes.")
    labels: list[str] = Field(description="Codes des labels.")


class Product(Schema):
    id: int = Field(description="Identifiant de l’article.")
    nom: str = Field(description="Nom de l’article.")
    commercant_id: int = Field(description="Identifiant du commerçant qui le vend.")
    prix: Decimal = Field(description="Euros, TVA comprise, en texte : « 3.20 ». D’un article pesé, une estimation.")
    conditionnement: str = Field(description="Ce que le prix achète, et le prix au kilo ou au litre.")
    disponible: bool = Field(description="Reste-t-il de quoi en commander un.")
    vendu_en_ligne: bool = Field(description="Faux : on le trouve à la boutique, sans commande.")
    url: str = Field(description="Adresse de sa page.")


class Town(Schema):
    insee: str = Field(description="Code INSEE.")
    nom: str = Field(description="Nom.")
    commune_mere: str = Field(description="D’un arrondissement, le code INSEE de sa commune.")
    departement: str = Field(description="Code du département.")
    departement_nom: str = Field(description="Nom du département.")
    codes_postaux: list[str] = Field(description="Codes postaux.")
    population: int = Field(description="Population municipale.")
    intercommunalite: str = Field(description="SIREN de l’intercommunalité.")
    latitude: float = Field(description="Degrés, WGS 84.")
    longitude: float = Field(description="Degrés, WGS 84.")
    commercants: int = Field(description="Combien de commerçants y sont.")
    url: str = Field(description="Adresse de sa page.")


class Category(Schema):
    code: str = Field(description="Code de la catégorie.")
    nom: str = Field(description="Nom.")
    rayon: str = Field(description="Code du rayon où elle est rangée ; vide pour un rayon.")
    codes_naf: list[str] = Field(description="Codes NAF qui y mènent.")
    commercants: int = Field(description="Combien de commerçants sont dans cette catégorie même.")
    url: str = Field(description="Adresse de sa page.")


class Market(Schema):
    id: int = Field(description="Identifiant du marché.")
    commune_insee: str = Field(description="Code INSEE de la commune.")
    commune: str = Field(description="Nom de la commune.")
    jour: int = Field(description="Jour de la semaine : 1, lundi, à 7, dimanche (ISO 8601).")
    debut: str = Field(description="Heure de Paris, « 08:00 ».")
    fin: str = Field(description="Heure de Paris, « 12:30 ».")
    lieu: str = Field(description="Où dans la commune.")
    note: str = Field(description="Ce qu’on y trouve, et la saison s’il y en a une.")
    source: str = Field(description="Qui le dit, et quand.")


class Paged(Schema, Generic[Item]):
    resultats: list[Item] = Field(description="Les résultats de cette page.")
    suivant: str | None = Field(description="Adresse de la page suivante, null à la fin.")


class ErrorTold(Schema):
    code: str = Field(description="Ce qui ne va pas, en un mot qui ne change pas.")
    message: str = Field(description="En français.")
    message_en: str = Field(description="In English.")


class Fault(Schema):
    erreur: ErrorTold
