"""The answer of a FHIR Consent's provisions to population statistics: yes, no, or nothing clear (docs/consent.md).

R4: a base rule at the root (`provision.type`, or `policyRule`), and nested rules that are exceptions to it. R5: the
base rule is `decision`, and every `provision` of the list is an exception to it. A base rule of `deny` with exceptions
is a form's way to say "nothing but the following": it is a no only where it has none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from analytics.contracts.source import ConsentWords
from analytics.vault.readers.shared.documents import Repeated
from analytics.vault.readers.shared.fhir_parts import nested

Answer = Literal["yes", "no", "unclear"]
Relation = Literal["ours", "other", "open"]
"""Whether something speaks of population statistics, of something else, or of what cannot be said."""
Tokens = frozenset[str]

NOTHING: tuple[Any, ...] = (None, [], {})
_POLICIES = {"optin": "permit", "optout": "deny", "optinr": "limited", "optoute": "deny_but"}
_NARROWING = ("actor", "action", "securityLabel", "class", "documentType", "resourceType", "data", "expression")
"""Members that make a rule one for some recipients, actions or records only."""
_TYPES = frozenset({"permit", "deny"})
_OPPOSITE = {"permit": "deny", "deny": "permit"}
_KIND = {"limited": "permit", "deny_but": "deny"}
"""Base rules that announce exceptions, and what they are without them: neither is an answer by itself."""


@dataclass(frozen=True)
class Content:
    """What the provisions say."""

    answer: Answer
    about: Relation
    named: bool
    """Whether a code of the declaration is there exactly, of its system: a yes must have one."""
    permits: tuple[dict[str, Any], ...] = ()
    """The nested provisions that say yes; their periods bound it."""


def content_of(body: dict[str, Any], words: ConsentWords) -> Content:
    """Return what a Consent says, whatever its status."""
    topics = _Topics(words)
    is_r5 = body.get("decision") not in NOTHING or (isinstance(body.get("provision"), list) and bool(body["provision"]))
    root: Any = {} if is_r5 or body.get("provision") in NOTHING else body["provision"]
    if not isinstance(root, dict):
        return Content("unclear", topics.of_places([body.get("category")]), named=False)
    places = [body.get("category"), *_without_policies(body.get("policyRule")), root.get("purpose")]
    votes = list(_votes(body, root, topics, is_r5=is_r5))
    permits = tuple(rule for vote, rule in votes if vote == "yes")
    named = bool(permits) or any(topics.names(place) for place in places)
    about = "ours" if {"yes", "no"} & {vote for vote, _ in votes} else topics.of_places(places)
    answer: Answer = "unclear"
    if not _is_odd(body, root):
        base = _r5_base(body) if is_r5 else _r4_base(body, root)
        to_others = (
            any(root.get(name) not in NOTHING for name in ("purpose", "code")) and topics.of_rule(root) != "ours"
        )
        narrowed = to_others or any(root.get(name) not in NOTHING for name in _NARROWING)
        answer = _answer(base, {vote for vote, _ in votes}, has_exceptions=_has_rules(body, root), narrowed=narrowed)
    return Content(answer, about, named, permits)


def _answer(base: str, votes: set[str], *, has_exceptions: bool, narrowed: bool) -> Answer:
    if base == "unclear" or "unclear" in votes or {"yes", "no"} <= votes:
        return "unclear"
    if votes & {"yes", "no"}:
        return "yes" if "yes" in votes else "no"
    if base == "permit":
        return "yes"
    return "no" if base == "deny" and not has_exceptions and not narrowed else "unclear"


def _votes(
    body: dict[str, Any], root: dict[str, Any], topics: "_Topics", *, is_r5: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what each rule below the base says to ours, and the rule; what speaks of other things says nothing."""
    base = _r5_base(body) if is_r5 else _r4_base(body, root)
    waiting = [(rule, _OPPOSITE.get(base, "")) for rule in _rules(body if is_r5 else root)]
    while waiting:
        rule, expected = waiting.pop()
        if not isinstance(rule, dict) or isinstance(rule, Repeated):
            yield "unclear", {}
            continue
        written = rule.get("type")
        # In R5 a rule has no type, it is the opposite of what it is an exception to; in R4 each nested one has its own.
        kind = expected if is_r5 and written is None else _word(rule, "type")
        relation = topics.of_rule(rule, exactly=kind == "permit")
        if relation == "other":
            continue  # and so do the exceptions to it
        if kind not in _TYPES or (is_r5 and kind != expected):
            yield "unclear", rule
        elif relation == "ours":
            yield ("yes" if kind == "permit" else "no"), rule
        elif kind != _KIND.get(base, base):
            yield "unclear", rule  # an exception that may be to ours
        waiting += [(inner, _OPPOSITE.get(kind, "")) for inner in _rules(rule)]


def _r4_base(body: dict[str, Any], root: dict[str, Any]) -> str:
    """Return permit, deny, one of `_KIND`, none, or unclear: of two kinds, or of an unknown one."""
    policies = {_POLICIES[code] for code in _policy(body)}
    written = root.get("type")
    if written is None:
        return "none" if not policies else policies.pop() if len(policies) == 1 else "unclear"
    kind = _word(root, "type")
    if kind not in _TYPES or any(_KIND.get(policy, policy) != kind for policy in policies):
        return "unclear"
    return next((policy for policy in policies if policy in _KIND), kind)


def _r5_base(body: dict[str, Any]) -> str:
    kind = _word(body, "decision")
    clash = isinstance(body.get("provision"), dict) and body["provision"] not in NOTHING
    return kind if kind in _TYPES and not clash and not _policy(body) else "unclear"


def _is_odd(body: dict[str, Any], root: dict[str, Any]) -> bool:
    """Say whether a member is there twice, or an extension may reverse the meaning."""
    rules = list(nested([body.get("provision")], "provision"))
    turned = any(each.get(name) for each in (body, *rules) for name in ("modifierExtension", "implicitRules"))
    return turned or any(isinstance(each, Repeated) for each in (body, root, *rules))


def _rules(rule: dict[str, Any]) -> list[Any]:
    found = rule.get("provision")
    if found in NOTHING:
        return []
    return found if isinstance(found, list) else [found]


def _has_rules(body: dict[str, Any], root: dict[str, Any]) -> bool:
    return bool(_rules(root) or (isinstance(body.get("provision"), list) and body["provision"]))


def _policy(body: dict[str, Any]) -> list[str]:
    return [code.casefold() for _, code in codes_at(body.get("policyRule")) if code.casefold() in _POLICIES]


def _without_policies(rule: Any) -> list[Any]:  # noqa: ANN401 -- JSON is anything
    """Return a policy rule as a place that names a topic; opting in or out names none."""
    found = codes_at(rule)
    return [] if rule in NOTHING or (found and all(code.casefold() in _POLICIES for _, code in found)) else [rule]


def _word(record: dict[str, Any], name: str) -> str:
    found = record.get(name)
    return str(found).strip().casefold() if isinstance(found, str) else ""


def codes_at(place: Any) -> list[tuple[str, str]]:  # noqa: ANN401 -- JSON is anything
    """Return system and code of what can be read at a place, of whatever shape it is."""
    found = [
        (str(each.get("system") or "").strip(), each["code"].strip())
        for each in nested([place], "coding")
        if isinstance(each.get("code"), str)
    ]
    return [(system, code) for system, code in found if code]


class _Topics:
    """Which codes mean population statistics; a yes must match them exactly, for a no the code alone is enough."""

    def __init__(self, words: ConsentWords) -> None:
        self._codes = frozenset(words.codes)
        self._purposes = self._codes | frozenset(words.purposes)
        self._permits = frozenset(words.permit_codes)

    def names(self, place: Any) -> bool:  # noqa: ANN401 -- JSON is anything
        """Say whether a place names ours exactly."""
        return any(_is(token, self._codes, exactly=True) for token in codes_at(place))

    def of_places(self, places: list[Any]) -> Relation:
        """Return whether a consent speaks of ours, by all places that say what it is about."""
        given = [codes_at(place) for place in places if place not in NOTHING]
        if any(_is(token, self._codes, exactly=False) for codes in given for token in codes):
            return "ours"
        return "other" if given and all(given) else "open"

    def of_rule(self, rule: dict[str, Any], *, exactly: bool = False) -> Relation:
        """Return whether a nested rule speaks of ours: by its purposes, and by its codes where some are declared."""
        purposes = self._named(rule.get("purpose"), self._purposes, exactly=exactly)
        codes = self._named(rule.get("code"), self._permits, exactly=exactly)
        if rule.get("code") not in NOTHING and not self._permits:
            codes = "open"  # no declaration says which codes are ours
        if purposes is None:
            return codes or "open"
        return purposes if codes in {None, purposes} else "open"

    def _named(self, place: Any, tokens: Tokens, *, exactly: bool) -> Relation | None:  # noqa: ANN401 -- JSON is anything
        if place in NOTHING:
            return None
        found = codes_at(place)
        if any(_is(token, tokens, exactly=exactly) for token in found):
            return "ours"
        if any(_is(token, tokens, exactly=False) for token in found) or not found:
            return "open"  # nearly ours, or unreadable
        return "other"


def _is(token: tuple[str, str], wanted: Tokens, *, exactly: bool) -> bool:
    system, code = token
    if exactly:
        return code in wanted or f"{system}|{code}" in wanted
    return code.casefold() in {each.rpartition("|")[2].casefold() for each in wanted}
