"""Names made from syllables, so that no real person or band is named."""

from random import Random

from pipelines.demo.world.chance import pick

STARTS = "Bel Cor Dra Eld Fen Gri Hol Ist Jun Kel Lor Mab Nev Ost Pel Quo Rhu Sel Tam Ulv Vel Wex Yar Zel".split()
MIDDLES = "a e i o u ar en il or un ave ori ele una ita".split()
ENDS = "bin dan fel gard hart jin kint lan mor nesh pry quin ric sund tov vane wick xen yle zar".split()
ALIKES = ("æ", "ø", "å", "é", "ü", "ñ", "ł", "š", "ğ", "ő")
KATAKANA = "アイカキサシタチナニハマミムヤユラリルレロヴ"
GREEK = "αβγδεζηθικλμνξοπρστυφχω"
HEBREW = "אבגדהוזחטיכלמנסעפצקרשת"
THINGS = (
    "Harbour Lantern Orchard Window River Paper Winter Copper Garden Signal Mirror Ladder Meadow Engine Feather "
    "Tunnel Island Thunder Cellar Compass Velvet Marble Ember Satellite Kettle Bridge Curtain Willow Anchor Static"
).split()
DEEDS = "Leaving Finding Calling Losing Painting Counting Crossing Chasing Folding Waking Mending Naming".split()
ENSEMBLES = ("The {}s", "{} Quartet", "{} & {}", "{}", "{} {}", "{} {}", "DJ {}", "{} Ensemble")
TOPICS = "Rivers Bread Maps Machines Moss Arithmetic Sleep Stations Weather Stones Markets Cooking".split()
GENRES = (
    "slow electro",
    "harbour folk",
    "tape ambient",
    "northern soul revival",
    "garage chanson",
    "night jazz",
    "brass pop",
    "cloud techno",
    "kitchen rock",
    "choral drone",
)


def word(draw: Random) -> str:
    """One name in ASCII."""
    return pick(draw, STARTS) + pick(draw, MIDDLES) + pick(draw, ENDS)


def unusual(draw: Random) -> str:
    """A name with accents, combining marks, another script, right-to-left letters or an emoji."""
    style = int(6 * draw.random())
    if style == 0:
        return word(draw) + pick(draw, ALIKES) + pick(draw, ENDS)
    if style == 1:
        return word(draw).replace("e", "e\u0301").replace("o", "o\u0308") + "e\u0301"
    if style == 2:
        return "".join(draw.choices(KATAKANA, k=5))
    if style == 3:
        return "".join(draw.choices(GREEK, k=6)).capitalize()
    if style == 4:
        return "".join(draw.choices(HEBREW, k=5))
    return f"{word(draw)} \N{HERB}"


def person(draw: Random) -> str:
    return f"{word(draw)} {word(draw)}"


def artist(draw: Random) -> str:
    """The name of a band or a soloist."""
    if draw.random() < 0.12:
        return unusual(draw)
    pattern = pick(draw, ENSEMBLES)
    return pattern.format(*(word(draw) for _ in range(2)))


def title(draw: Random) -> str:
    """The title of a song or an album."""
    if draw.random() < 0.06:
        return unusual(draw)
    pattern = pick(draw, ("{thing} of {name}", "{deed} {name}", "{name}", "{name}'s {thing}"))
    return pattern.format(name=word(draw), thing=pick(draw, THINGS), deed=pick(draw, DEEDS))


def show(draw: Random) -> str:
    return f"{word(draw)} on {pick(draw, TOPICS)}"
