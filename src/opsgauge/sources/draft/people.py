"""Whether values name people: by the at sign of mail, by first names, by the look of a log-in.

Floor 3. What names people must never reach the disk as it is, so one column too many is better
than one too few.
"""

import re
from collections.abc import Callable, Mapping

from opsgauge.sources.draft.names import folded

MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[A-Za-z]{2,}")
TWO_WORDS = re.compile(r"[^\W\d_][\w'’.-]+(,? [^\W\d_][\w'’.-]*){1,3}")
PHONE = re.compile(r"\+?[\d\s()/.-]{8,20}")
FEWEST_NAMES = 0.2  # of different values whose first or last word is a first name
# Frequent ones of several countries; enough of any staff bears one of them.
NAMES = """
aaron abdul adam adrian ahmed aisha alan alba alejandro aleksandra alex alexander alexandra
ali alice alicia amanda amelia amir amy ana anders andrea andreas andrew andy angela anita
anja anna anne annette antonio arjun arthur astrid barbara bart beatriz ben benjamin bernd
bert bianca bob bram brandon brian bruno camille carla carlos carmen carol caroline
catherine cecile charles charlotte chen chloe chris christian christina christine christoph
christopher claire clara claudia claus colin cristina daan dan daniel daniela david deborah
denis dennis diana diego dieter dirk dominik donna dorothy doug edward eduardo elena elisa
elisabeth elizabeth ella ellen emily emma eric erik ernst esther eva evelyn fabian fatima
felix fernando finn florian francesca francisco francois frank franz fred frederic friedrich
gabriel gabriela gary georg george gerard gerhard giovanni giulia gonzalo grace greg
guillaume gunter hannah hans harald hassan heather heike heinz helen helena helga hendrik
henri henry holger hugo ian ibrahim ines ingrid irene isabel isabelle ivan jack jacob
jacques james jan jana jane janet jason javier jean jeff jennifer jens jeremy jeroen jessica
jesus jim joan joao joe johan johanna johannes john jonas jonathan joost jorge jose joseph
joshua juan judith julia julian julie julien jun jurgen justin karen karin karl katarzyna
kate katharina katherine kathrin katja keith kelly kenneth kevin kim klaus kristina kurt
lars laura lauren laurent lea lee lena leo leon leonie liam lina linda lisa louis luca lucas
lucia lucie luis luisa lukas magdalena manfred manon manuel marc marcel marco marcus
margaret maria marian marie marina mario marion mark markus marlies marta martin martina
mary mateo mathias matthew matthias maximilian mei melanie michael michel michelle miguel
mike mohamed mohammed monica monika nadia nadine nancy natalia natalie nathalie nathan neil
nicholas nick nicolas nicole niels nikolai nina noah nora norbert olaf oliver olivia olivier
omar oscar otto pablo pamela pascal patricia patrick paul paula pauline pawel pedro peter
petra philip philipp philippe pierre pieter piotr priya rachel rafael rahul rainer ralf
ralph raul ravi rebecca renate rene ricardo richard rob robert roberto robin roger roland
rolf roman ron rosa ross ruben ruth ryan sabine sally sam samantha samuel sandra sanjay sara
sarah scott sean sebastian sergio sharon silke silvia simon simone sofia sonja sophie stefan
stefanie stephan stephanie stephen steve steven stuart sunil susan susanne suzanne svenja
sven sylvia sylvie tamara tanja tara teresa theo theresa thomas thorsten tim timothy tina
tobias tom tomas tony torsten tracy ulrich ursula ute valerie vanessa vera veronica victor
victoria vincent viktor virginie walter wei wendy werner willem william wim wolfgang xavier
yan yannick yolanda yusuf yvonne zoe
"""
FIRST_NAMES = frozenset(NAMES.split())


def are_mails(words: Mapping[str, int]) -> bool:
    """Say whether most values are mail addresses."""
    return _most(words, lambda word: bool(MAIL.search(word)))


def are_phones(words: Mapping[str, int]) -> bool:
    """Say whether most values look like telephone numbers, which hold blanks or a plus."""
    return _most(
        words, lambda word: bool(PHONE.fullmatch(word)) and bool(re.search(r"^\+|\d[\s/]\d", word))
    )


def are_names(words: Mapping[str, int]) -> bool:
    """Say whether values look like people's names: two words, often a first name among them.

    Examples
    --------
    >>> are_names({"Anna Schmidt": 3, "Lopez, Juan": 2}), are_names({"Service Desk": 9})
    (True, False)
    """
    if not words:
        return False
    shaped = [word for word in words if TWO_WORDS.fullmatch(word)]
    named = sum(bool(FIRST_NAMES & set(folded(word).split())) for word in shaped)
    few = min(2, len(words))  # one first name among many values is chance
    return len(shaped) >= 0.5 * len(words) and named >= max(FEWEST_NAMES * len(words), few)


def _most(words: Mapping[str, int], holds: Callable[[str], bool]) -> bool:
    total = sum(words.values())
    return bool(total) and sum(n for word, n in words.items() if holds(word)) >= 0.5 * total
