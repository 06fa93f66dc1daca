"""Detects words that may identify a person, so that they are not logged."""

from collections.abc import Callable
from itertools import pairwise

from search.understanding.normalize import SMALL_WORDS, words_of

MOST_DIGITS = 5  # a postal code; six begin a telephone number, a date of birth, an account

_TITLES = frozenset(["docteur", "dr", "m", "madame", "mademoiselle", "maitre", "me", "mlle", "mme", "monsieur", "mr"])
# The commonest in France (INSEE, fichier des prénoms), without those that shops sell: rose, olive, marguerite…
_FIRST_NAMES = frozenset(
    words_of(
        """
        Adam Adrien Agathe Agnès Alain Albert Alexandre Alexis Alice Aline Alix Amandine Amélie Ana Anaïs André Andrée
        Angèle Anne Annie Anthony Antoine Antonin Arnaud Arthur Audrey Augustin Aurélie Aurélien Axel Baptiste Bastien
        Béatrice Benjamin Benoît Bernadette Bernard Bertrand Brigitte Bruno Camille Caroline Catherine Cécile Cédric
        Céline Chantal Charles Charlotte Chloé Christelle Christian Christiane Christine Christophe Claire Claude
        Claudine Clément Colette Corinne Cyril Damien Daniel Danielle David Delphine Denis Denise Didier Dominique
        Dorian Édouard Éliane Élisabeth Élise Éloïse Elsa Emma Emmanuel Éric Estelle Ethan Étienne Eva Évelyne Fabien
        Fabrice Fanny Fatima Florence Florent Florian Francis Franck François Françoise Frédéric Gabriel Gaëtan
        Geneviève Geoffrey Georges Gérard Germain Ghislaine Gilbert Gilles Ginette Guillaume Gustave Guy Hélène Henri
        Hervé Hugo Inès Isabelle Ismaël Jacqueline Jacques Jade Janine Jean Jeanne Jeannine Jérémie Jérémy Jérôme
        Joëlle Johan Jonathan Jordan Joseph Josette Josiane Jules Julia Julie Julien Juliette Justine Karim Karine Kevin
        Laetitia Laura Laure Laurence Laurent Léa Léo Léon Lina Lionel Louis Louise Lucas Lucie Lucien Ludovic Madeleine
        Maël Marc Marcel Marcelle Margaux Maria Marie Marine Marion Martine Mathieu Mathilde Mathis Matthieu Maurice
        Maxime Mélanie Michel Michèle Micheline Mickaël Mohamed Monique Morgane Muriel Mustapha Nadia Nadine Nathalie
        Nicolas Nicole Noah Noémie Odette Olivier Pascal Pascale Patrice Patricia Patrick Paul Paulette Pauline Philippe
        Pierre Quentin Rachid Raphaël Raymond Raymonde Régine Rémi Renée Richard Robert Robin Roger Roland Romain Roxane
        Sabrina Samuel Sandra Sandrine Sarah Sébastien Serge Séverine Simon Simone Solange Sonia Sophie Stéphane
        Stéphanie Suzanne Sylvain Sylvie Théo Thérèse Thibault Thierry Thomas Tristan Ugo Valentin Valérie Vanessa
        Véronique Victor Vincent Virginie William Xavier Yann Yannick Yasmine Yves Yvette Yvonne Zoé
        """
    )
)


def is_personal(text: str, is_known: Callable[[str], bool]) -> bool:
    """Return whether a text may hold somebody's name, e-mail or number; in doubt it does.

    is_known: tells whether a folded word is of the trades and towns. A title or a first name beside a word that is
    not, or two such words with capitals, is taken for somebody: « Dr Faure », « marc faure », « Faure Vernet ».
    """
    if "@" in text or sum(letter.isdigit() for letter in text) > MOST_DIGITS:
        return True
    pieces = [(word, piece[:1].isupper()) for piece in text.split() for word in words_of(piece)]
    return any(
        (_is_foreign(b, is_known) and (a in _TITLES | _FIRST_NAMES or (_is_foreign(a, is_known) and big_a and big_b)))
        or (_is_foreign(a, is_known) and b in _FIRST_NAMES)
        for (a, big_a), (b, big_b) in pairwise(pieces)
    )


def _is_foreign(word: str, is_known: Callable[[str], bool]) -> bool:
    return len(word) > 1 and word not in SMALL_WORDS and word not in _TITLES and not is_known(word)
