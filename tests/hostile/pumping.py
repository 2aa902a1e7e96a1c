"""Strings made to be slow for a pattern, out of the pattern itself; and how work grows with them.

A backtracking engine is slow where a repetition is entered again and again: from every place of
the text (`<[^>]*>` on "<<<<"), or in several ways at one place (`\\S+@\\S+` on "a@a@a@"). So what a
pattern repeats, what stands before that, and every pair of its signs are pumped up.
"""

import gc
import itertools
import math
import re
import time
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

FLOOR = 0.0015
"""Seconds of one run below which nothing is compared: the clock is too coarse."""
TIMES = 8
"""How many times as long the long text is as the short one that it is compared with."""
MOST_GROWTH = 3.0
"""Twice the text is twice the work; with backtracking from every place it is four times."""
LEAST_OF_HALF = 2.4
"""And so many times as much as half the text, at the least, when it goes on growing like that."""
TURNS, PATIENCE = 24, 1.0
"""How often what seems slow is measured: a busy machine can disturb many in a row. Four times are
enough of what takes longer than so many seconds: that is slow."""
_REPEATS = {c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT}
_CATEGORIES = {
    c.CATEGORY_DIGIT: "1", c.CATEGORY_NOT_DIGIT: "a", c.CATEGORY_SPACE: " \n",
    c.CATEGORY_NOT_SPACE: "a.", c.CATEGORY_WORD: "a1", c.CATEGORY_NOT_WORD: " -",
}  # fmt: skip
_COMMON = "a1 \n<>\"'-@.\x00"


def work(run, text):
    """The processor time of `run` with the text, in seconds; without the search for garbage, which
    is as long as all that lives and comes when it comes."""
    gc.disable()
    try:
        start = time.process_time()
        run(text)
        return time.process_time() - start
    finally:
        gc.enable()


def growth(run, make, sizes=(24, 250, 4000), floor=FLOOR):
    """How much more work `run(make(size))` is than with half the size, at the first size at which
    there is work to speak of; 0 where there is none.

    Measured with an eighth of the size, where a slow one stands out, and then with half: from some
    length on it may be read in another way, and a slow one grows on from there. What disturbs a
    machine only ever adds: each of the times is the least of several. No text is used twice, since
    what is kept from the first time would hide the work.
    """
    waiting = list(sizes)
    while waiting:
        size = waiting.pop(0)
        whole = work(run, make(size))
        if whole < floor:
            # What works at all by now may take minutes at a size that is much larger.
            between = math.isqrt(size * waiting[0]) if waiting else 0
            if whole > floor / 30 and between > 2 * size:
                waiting.insert(0, between)
            continue
        part = half = math.inf
        begun = time.process_time()
        for turn in range(TURNS):
            if turn > 3 and time.process_time() - begun > PATIENCE:
                break
            part = _least(run, make, size // TIMES + 3 * turn, part)
            found = _growth(whole, part, TIMES)
            if found > MOST_GROWTH:
                half = _least(run, make, size // 2 + 3 * turn, half)
            if found <= MOST_GROWTH or whole < half * LEAST_OF_HALF:
                found = min(found, MOST_GROWTH)
                break
            whole = min(whole, work(run, make(size - 1 - turn)))
        if found > MOST_GROWTH or size == sizes[-1]:
            return found
    return 0.0


def _least(run, make, size, so_far):
    """The least time of three texts of about that size, and of the times before."""
    return min(so_far, *(work(run, make(size + more)) for more in range(3)))


def _growth(whole, part, times):
    """How much more work twice a text is, by what `times` a text is more than the text."""
    return (whole / max(part, 1e-6)) ** (1 / math.log2(times))


def signs(node):
    """A few characters that a set of a pattern matches."""
    op, value = node
    if op is c.LITERAL:
        return chr(value)
    if op is c.NOT_LITERAL:
        return "".join(sign for sign in _COMMON if ord(sign) != value)[:2]
    if op is c.ANY:
        return "a"
    if op is c.RANGE:
        return chr(value[0])
    if op is c.CATEGORY:
        return _CATEGORIES.get(value, "a")
    if op is c.IN:
        inner = "".join(signs(part) for part in value if part[0] is not c.NEGATE)
        if value[0][0] is c.NEGATE:
            tested = parser_set(value)
            return "".join(sign for sign in _COMMON if tested(sign))[:3]
        return inner[:8]
    return ""


def parser_set(value):
    """A test whether a character is in a negated set."""

    def holds(sign):
        for op, part in value[1:]:
            if op is c.LITERAL and ord(sign) == part:
                return False
            if op is c.RANGE and part[0] <= ord(sign) <= part[1]:
                return False
            if op is c.CATEGORY and re.match(_SETS[part], sign):
                return False
        return True

    return holds


_SETS = {
    c.CATEGORY_DIGIT: r"\d", c.CATEGORY_NOT_DIGIT: r"\D", c.CATEGORY_SPACE: r"\s",
    c.CATEGORY_NOT_SPACE: r"\S", c.CATEGORY_WORD: r"\w", c.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


class Anatomy:
    """What a pattern is made of: `pumps` that could make it work, and its `alphabet`."""

    def __init__(self, pattern):
        source = pattern.pattern
        self.is_bytes = isinstance(source, bytes)
        source = source.decode("latin-1") if self.is_bytes else source
        tree = parser.parse(source, pattern.flags & ~re.UNICODE if self.is_bytes else pattern.flags)
        self.groups, self.pumps, self.alphabet = {}, {}, {}
        self._sequence(tree, "")

    def _sequence(self, sequence, before):
        """A text that the sequence matches, after `before`; its beginnings are pumps."""
        text = ""
        nodes = list(sequence)
        for number, node in enumerate(nodes):
            text += self._node(node, before + text)
            if (
                node[0] is c.LITERAL
                and nodes[number + 1 : number + 2][:1]
                and (nodes[number + 1][0] is c.LITERAL)
            ):
                continue  # In the middle of a word.
            for pump in (text, before + text):
                if 0 < len(pump) <= 60:
                    self.pumps[pump] = True
        return text

    def _node(self, node, before):
        op, value = node
        if op in (c.LITERAL, c.NOT_LITERAL, c.ANY, c.IN, c.RANGE, c.CATEGORY):
            found = signs(node)
            self.alphabet.update(dict.fromkeys(found))
            return found[:1]
        if op is c.BRANCH:
            texts = [self._sequence(one, before) for one in value[1]]
            return texts[0]
        if op is c.SUBPATTERN:
            text = self._sequence(value[3], before)
            self.groups[value[0]] = text
            return text
        if op in _REPEATS:
            least, _most, inner = value
            text = self._sequence(inner, before)
            return text * max(least, 1)
        if op is c.ATOMIC_GROUP:
            return self._sequence(value, before)
        if op in (c.ASSERT, c.ASSERT_NOT):
            self._sequence(value[1], before)
            return ""
        if op is c.GROUPREF:
            return self.groups.get(value, "")
        if op is c.GROUPREF_EXISTS:
            return self._sequence(value[1], before)
        assert op is c.AT, op
        return ""

    def texts(self):
        """Functions of a size that make a hostile text of about that many characters."""
        alphabet = list(self.alphabet)[:12]
        alphabet += [sign for sign in _COMMON if sign not in alphabet][: max(12 - len(alphabet), 3)]
        pumps = sorted(self.pumps, key=len, reverse=True)[:60]
        for pump in dict.fromkeys([*alphabet, *pumps]):
            yield self._maker("", pump, "")
            yield self._maker("", pump, "\x00")
        for pair in itertools.permutations(alphabet[:9], 2):
            yield self._maker("", "".join(pair), "")
        for start in pumps[:12]:
            for pump in alphabet[:8]:
                yield self._maker(start, pump, "\x00")

    def _maker(self, start, pump, end):
        def make(size):
            text = start + pump * max((size - len(start)) // len(pump), 1) + end
            return text.encode("latin-1", "replace") if self.is_bytes else text

        make.shape = (start, pump, end)
        return make


def slowest(pattern, uses, most=4000):
    """(growth, shape) of the worst text for a pattern as it is used, in texts of up to `most`
    characters; `uses` are names of its methods."""
    sizes = [size for size in (24, 250) if size < most] + [most]
    calls = {
        {"match": "match", "fullmatch": "fullmatch"}.get(use, "finditer")
        for use in uses or ("match", "fullmatch", "finditer")
    }

    def run(text):
        for call in calls:
            found = getattr(pattern, call)(text)
            if call == "finditer":
                for _found in found:
                    pass

    worst = (0.0, None)
    for make in Anatomy(pattern).texts():
        found = growth(run, make, sizes)
        if found > worst[0]:
            worst = (found, make.shape)
            if found > MOST_GROWTH:
                break
    return worst
