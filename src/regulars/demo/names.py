"""Names and places of the made-up people: one row per country, all rows equally long."""

import unicodedata

import numpy as np
from numpy.typing import NDArray

COUNTRIES = ("DE", "FR", "NL", "IT", "ES", "PL", "SE", "CZ")
COUNTRY_SHARES = (0.34, 0.15, 0.12, 0.11, 0.10, 0.08, 0.05, 0.05)
CALLING_CODES = ("49", "33", "31", "39", "34", "48", "46", "420")

# .example is reserved (RFC 2606): nobody real can ever be written to
EMAIL_DOMAINS = ("mail.example", "post.example", "inbox.example", "letters.example")

_FIRST_NAMES = (
    "Anna Jonas Lena Felix Katrin Jürgen Sabine Lukas Mia Stefan Ursula Björn Heike Emil Greta",
    "Camille Hugo Élodie Théo Chloé Mathieu Inès Julien Manon Rémi Aurélie Louis Zoé Paul Léa",
    "Sanne Daan Fleur Bram Lotte Sem Eva Thijs Anouk Ruben Femke Joris Maud Luuk Iris",
    "Giulia Marco Chiara Luca Sofia Matteo Elena Paolo Bianca Dario Noemi Enzo Ilaria Ugo Nicolò",
    "Lucía Mateo Carmen Íñigo Sofía Álvaro Marta Javier Noa Andrés Irene Rubén Óscar Sara Jon",
    "Zofia Jakub Maja Kacper Łucja Piotr Alicja Tomasz Hanna Michał Ewa Paweł Iga Adam Róża",
    "Elsa Oskar Maja Nils Saga Åke Freja Lars Ebba Göran Linnéa Axel Tuva Hugo Siri",
    "Tereza Jan Eliška Petr Adéla Tomáš Lucie Ondřej Klára Vojtěch Barbora Jiří Filip Ema Šimon",
)
_LAST_NAMES = (
    "Müller Schmidt Weber Fischer Becker Koch Schäfer Vogel Krüger Lange Weiß Brandt Jung",
    "Martin Bernard Dubois Moreau Lefèvre Girard Mercier Blanc Guérin Faure Roussel Noël Roy",
    "Jansen Visser Bakker Smit Mulder Bos Vos Peters Hendriks Dekker Brouwer Kok Prins",
    "Rossi Ferrari Russo Bianchi Romano Gallo Costa Fontana Greco Conti Bruno Rizzi Moretti",
    "García López Martín Sánchez Gómez Díaz Muñoz Romero Navarro Torres Ruiz Gil Serrano",
    "Nowak Wiśniewski Wójcik Kamiński Lis Zając Mazur Krawczyk Dudek Pawlak Wróbel Baran Król",
    "Andersson Johansson Nilsson Larsson Olsson Svensson Öberg Lindqvist Åberg Berg Holm Ek Ström",
    "Novák Svoboda Dvořák Černý Procházka Kučera Veselý Horák Němec Marek Pokorný Král Růžička",
)
# Families beyond the common ones: every beginning with every ending.
_LAST_NAME_PARTS = (
    ("Stein Rosen Wald Berg Ober Nieder Linden Kirch Grün Eichen Sommer Winter Hohen Born Feld",
     "mann bach berg feld haus meier hofer brink stedt wald"),
    ("Beau Bel Mont Grand Clair Haut Roche Cham Lan Mar Vau Char Dela Bois Fon",
     "champ mont ville court pré fort bert lier voisin tier"),
    ("Van-der-Meer Van-Dijk Zuider Ooster Wester Noord Hoek Groen Water Berg Veld Kuiper Zand",
     " stra ma man huis kamp sema veld inga ink"),
    ("Bel Mon Cas Ross Bert Mart Pell Fabb Cap Gran Sal Vent Ferr Zan Lomb",
     "ini etti oni ucci elli ano ardi esi aro otti"),
    ("Álv Fern Rodr Gonz Dom Herr Cab Quint Mor Vill Sal Cast Val Ort Zam",
     "arez ández íguez ales ínguez era ello ana illa edo"),
    ("Kowal Jabł Dąbr Wiśn Zieliń Szym Koz Woj Lew Król Gór Piotr Adam Jan Mał",
     "ski oński owski iewicz czyk ak ek ik arz uch"),
    ("Berg Lind Ström Sand Gran Hed Sjö Norr Söder Öster Väster Björk Ek Hag Dal",
     "ström gren berg lund kvist man dahl holm mark stedt"),
    ("Kol Mal Hol Pol Dol Hav Krej Bene Zim Šim Vond Mach Kub Bart Ned",
     "ář ek ík áček čí an ota da ška ouš"),
)  # fmt: skip
_CITIES = (
    "Berlin|Hamburg|München|Leipzig|Köln|Freiburg",
    "Paris|Lyon|Nantes|Lille|Toulouse|Besançon",
    "Amsterdam|Utrecht|Rotterdam|Groningen|Breda|Den Haag",
    "Milano|Torino|Bologna|Napoli|Verona|Forlì",
    "Madrid|Barcelona|Valencia|Sevilla|Bilbao|A Coruña",
    "Warszawa|Kraków|Gdańsk|Poznań|Wrocław|Łódź",
    "Stockholm|Göteborg|Malmö|Uppsala|Umeå|Lund",
    "Praha|Brno|Olomouc|Plzeň|Liberec|Tábor",
)
_STREETS = (
    "Lindenweg|Gartenstraße|Schillerstraße|Am Markt|Mühlgasse|Bahnhofstraße",
    "Rue des Lilas|Rue du Moulin|Avenue de la Gare|Rue Pasteur|Quai Nord|Allée des Tilleuls",
    "Dorpsstraat|Kerkstraat|Molenweg|Parklaan|Havenkade|Beukenlaan",
    "Via Garibaldi|Via Roma|Viale dei Pini|Via Verdi|Piazza Nuova|Via del Mulino",
    "Calle Mayor|Calle del Sol|Avenida del Río|Calle Nueva|Paseo Marítimo|Calle Olmo",
    "ul. Polna|ul. Lipowa|ul. Leśna|ul. Słoneczna|ul. Ogrodowa|ul. Szkolna",
    "Storgatan|Björkvägen|Skolgatan|Ängsvägen|Kyrkogatan|Strandvägen",
    "Lipová|Zahradní|Nádražní|Školní|Polní|Na Kopci",
)
# letters that don't fall apart into a base letter and an accent
_PLAIN = str.maketrans({"ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "æ": "ae"})

Texts = NDArray[np.str_]


def _rows(lines: tuple[str, ...], separator: str | None = None) -> Texts:
    return np.array([line.split(separator) for line in lines])


def plain(text: str) -> str:
    """A name as it would stand in an e-mail address: lower case, no accents, no blanks."""
    apart = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(letter for letter in apart.lower() if letter.isascii() and letter.isalpha())


def _last_names() -> Texts:
    made = [
        [begin.replace("-", " ") + end for begin in begins.split() for end in ends.split()]
        for begins, ends in _LAST_NAME_PARTS
    ]
    shortest = min(len(names) for names in made)
    pairs = zip(_LAST_NAMES, made, strict=True)
    return np.array([common.split() + names[:shortest] for common, names in pairs])


def draw_name(names: Texts, country: NDArray[np.int64], chance: NDArray[np.float64]) -> Texts:
    """A name of each country's list: the first ones are common, the last ones are rare.

    Args:
        names: (countries, names).
        country: of each person.
        chance: from 0 to 1 for each person.
    """
    drawn: Texts = names[country, (names.shape[1] * chance**1.7).astype(np.int64)]
    return drawn


FIRST_NAMES: Texts = _rows(_FIRST_NAMES)  # (countries, 15)
LAST_NAMES: Texts = _last_names()  # (countries, common and made-up ones)
CITIES: Texts = _rows(_CITIES, "|")  # (countries, 6)
STREETS: Texts = _rows(_STREETS, "|")  # (countries, 6)
