"""The participant's notice: made from contracts and plan, plain to read, the same in each form."""

import math
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from analytics.contracts import Contract, Contracts, Plan, Service, read_contracts, shipped_contracts, unfilled
from analytics.disclosure.forms import as_html, as_markdown, as_text
from analytics.disclosure.notice import notice_of as notice
from analytics.disclosure.one_entry import entry_nano
from analytics.disclosure.parts import Notice, parsed
from analytics.disclosure.words import BESIDES, COLUMNS, COUNTED, HELD_DAYS, WORDS
from analytics.errors import ContractRefusedError, UnforeseenError
from analytics.odds import odds, promise_in_words, recognised_in_100, rounded_up
from analytics.vault.loading.held_records import HELD_FOR
from tests.support.people import CANARY
from tests.support.regenerate_dossier import PARTICIPANTS

ROOT = Path(__file__).parents[2]
OPERATOR = f"{CANARY} & <Sons> *of* [North] _x_"
BY_GUESSING = "By guessing alone they would be right about 5 in 100. With our figures it can be"


def shipped(plan: str = "standard") -> Contracts:
    """Return the contracts that the program brings."""
    return read_contracts(shipped_contracts(), plan)


def words(text: str) -> str:
    """Return a text with single blanks."""
    return " ".join(text.split())


def result(contracts: Contracts) -> str:
    """Return the notice as one line of plain text."""
    return words(as_text(notice(contracts)))


def in_plan(contracts: Contracts, **changes: object) -> Contracts:
    """Return the contracts under a changed plan."""
    return replace(contracts, plan=contracts.plan.model_copy(update=changes))


def of_service(contracts: Contracts, **changes: object) -> Contracts:
    """Return the contracts of a changed service."""
    return replace(contracts, service=Service(**{**contracts.service.model_dump(), **changes}))


def sentences(text: Notice) -> list[str]:
    """Return the notice's sentences, but for the promise, which is quoted as every page says it."""
    promise = promise_in_words(shipped().plan.cap_nano)
    blocks = [text.title, text.made_from]
    for section in text.sections:
        for block in section.blocks:
            blocks += [block] if isinstance(block, str) else list(block)
    plain = [block for block in blocks if block != promise]
    assert len(plain) == len(blocks) - 1
    return [sentence for block in plain for sentence in re.split(r"(?<=[.!?:])\s+", block)]


def test_the_page_is_the_notice_of_the_shipped_contracts() -> None:
    """`docs/participants.md` says what the shipped contracts and the standard plan say."""
    same = PARTICIPANTS.read_text("utf-8") == as_markdown(notice(shipped()))
    assert same, "run `make dossier` and read what changed"


@pytest.mark.parametrize("plan", ["standard", "small"])
def test_the_odds_are_those_of_the_plan(plan: str) -> None:
    """The notice has the promise in the words used everywhere, and the example has its numbers."""
    contracts = shipped(plan)
    text, cap = result(contracts), contracts.plan.cap_nano
    assert promise_in_words(cap) in text
    for years in (1, 3, 5):
        assert f"{rounded_up(recognised_in_100(cap, years=years)):.0f} in 100" in text
    one, three, five = (each.recognised_in_100_by_zcdp_alone for each in odds(cap))
    assert f"A more careful calculation does not use its shape. It gives {one}, {three} and {five} in 100." in text
    which = f"{rounded_up(recognised_in_100(math.ceil(furthest(contracts.plan) * cap))):.0f}"
    assert f"kinds of year you had. {BY_GUESSING} {which} in 100 at most." in text


@pytest.mark.parametrize("plan", ["standard", "small"])
def test_the_odds_of_others_are_those_of_the_plan(plan: str) -> None:
    """Households of two, three and four, and one entry of somebody who takes part, in plain words."""
    contracts = shipped(plan)
    text, cap = result(contracts), contracts.plan.cap_nano
    two, three, four = (math.ceil(recognised_in_100(many**2 * cap)) for many in (2, 3, 4))
    assert f"- {two} in 100, for two people - {three} in 100, for three people - {four} in 100, for four people" in text
    entry = math.ceil(recognised_in_100(entry_nano(contracts.plan)))
    assert f"or what it said. {BY_GUESSING} {entry} in 100 at most." in text


def test_the_notice_says_what_a_yes_is_to() -> None:
    """Its version and its limit, and that a higher limit needs another yes."""
    contracts = in_plan(shipped(), policy_version="4", cap_rho=Decimal("1.50"))
    assert "it is to version 4 of this promise." in result(contracts)
    assert "The limit is called rho, and it is 1.5 here." in result(contracts)
    assert "We then leave you out of all figures with the higher limit, until you say yes to it." in result(contracts)


def furthest(plan: Plan) -> float:
    """Return how far apart two records can lie, squared, in multiples of how far one lies from none: at corners."""
    apart = 2.0
    for measures in (plan.frozen or {}).values():
        for one in measures.values():
            basis = np.array(one.basis, dtype=np.float64)
            corners = basis.T[:, None] - basis.T[None, :]
            apart = max(apart, float((corners**2).sum(axis=2).max() / (basis**2).sum(axis=0).max()))
            rng = np.random.default_rng(1)
            for mine, other in rng.dirichlet(np.ones(basis.shape[1]) / 3, (500, 2)):
                assert ((basis @ (mine - other)) ** 2).sum() <= apart * (basis**2).sum(axis=0).max()
    return apart


def renamed_region(contracts: Contracts) -> Contracts:
    """Return contracts with another label for a cohort's key."""
    region = contracts.grid.dimensions["region"]
    keys = {**region.keys, "north": f"{CANARY} hills"}
    dimensions = {**contracts.grid.dimensions, "region": region.model_copy(update={"keys": keys})}
    return replace(contracts, grid=contracts.grid.model_copy(update={"dimensions": dimensions}))


def another_measure(contracts: Contracts) -> Contracts:
    """Return contracts with one more measure in the weekly product."""
    plan = contracts.plan
    measure = plan.measures["mood_bands"].model_copy(update={"label": f"{CANARY} sleep"})
    product = plan.products["weekly_mood"]
    product = product.model_copy(update={"tables": {**product.tables, "sleep": ((), ("age_band", "service"))}})
    return in_plan(contracts, measures={**plan.measures, "sleep": measure}, products={"weekly_mood": product})


def without_a_factor(contracts: Contracts) -> Contracts:
    """Return contracts that do not allow a factor any more."""
    entry = contracts.mood_entry
    allowed = (entry["factors"].allowed or frozenset()) - {"alcohol"}
    columns = {**entry.columns, "factors": replace(entry["factors"], allowed=allowed)}
    return replace(contracts, mood_entry=replace(entry, columns=columns))


@pytest.mark.parametrize(
    ("change", "gone", "there"),
    [
        (lambda it: in_plan(it, cap_rho=Decimal("0.5")), "at most 18 in 100 members", "at most 26 in 100 members"),
        (lambda it: in_plan(it, cap_rho=Decimal("0.5")), "It gives 22, 45 and 63", "It gives 34, 70 and 93"),
        (lambda it: in_plan(it, retention_days=90), "older than 400 days", "older than 90 days"),
        (lambda it: in_plan(it, policy_version="2"), "to version 1 of", "to version 2 of"),
        (renamed_region, "Region: North,", f"Region: {CANARY} hills,"),
        (another_measure, None, f"{CANARY} sleep. The figures are: People who logged, Low mood and Mean mood."),
        (another_measure, None, "everyone together and Age band with Service."),
        (without_a_factor, "- alcohol, caffeine,", "- caffeine,"),
        (lambda it: of_service(it, name=f"{CANARY} house"), "[your service]", f"run here by {CANARY} house."),
        (lambda it: of_service(it, contact=f"{CANARY} desk"), "[your e-mail", f"reach us: {CANARY} desk"),
        (lambda it: of_service(it, help_line=f"{CANARY} help"), "a crisis line", f"{CANARY} help"),
        (lambda it: of_service(it, withdrawal_days=1), "within 7 days", "within 1 day of"),
        (lambda it: of_service(it, backup_days=50), "after 35 days", "after 50 days"),
    ],
)
def test_a_changed_contract_changes_the_notice(
    change: Callable[[Contracts], Contracts], gone: str | None, there: str
) -> None:
    """The notice says what a contract says, and no longer what it said before."""
    before, after = result(shipped()), result(change(shipped()))
    assert there not in before
    assert there in after
    if gone is not None:
        assert gone in before
        assert gone not in after


def with_most(contracts: Contracts, most: int = 26) -> Contracts:
    """Return contracts with a first product that counts a person in so many releases of any 53 weeks."""
    name, product = next(iter(contracts.plan.products.items()))
    bounded = product.model_copy(update={"most_releases_per_person": most})
    return in_plan(contracts, products={**contracts.plan.products, name: bounded})


@pytest.mark.parametrize("plan", ["standard", "small"])
def test_where_a_person_s_releases_are_bounded_the_notice_says_so(plan: str) -> None:
    """That it is kept in which one counted, how often one counts, and how long who comes back waits; else nothing."""
    contracts = with_most(shipped(plan))
    label = next(iter(contracts.plan.products.values())).label
    for sentence in (
        "we keep which ones counted you:",
        "Until you leave, we also keep a list of the figures that counted you.",
        f"Under the name “{label}”, you count 26 times in any 53 weeks at most.",
        "So we leave you out of them until 53 weeks lie between them and those from before you left.",
    ):
        assert result(contracts).count(sentence) == 1
        assert sentence not in result(shipped(plan))
    assert "you count once in any 53 weeks at most" in result(with_most(shipped(plan), 1))
    assert [one for one in sentences(notice(contracts)) if len(one.split()) > 30] == []
    assert ease(sentences(notice(contracts))) >= 60


def test_the_small_plan_tells_of_four_weeks() -> None:
    """The notice has a plan's cadence and its groups."""
    text = result(shipped("small"))
    assert "Every four weeks" in text
    assert "Published for: everyone together and Age band." in text
    assert "Every week" not in text


def with_column(contract: Contract) -> Contract:
    """Return a contract that keeps one more thing."""
    column = replace(contract["person_id"], name="heart_rate")
    return replace(contract, columns={**contract.columns, "heart_rate": column})


@pytest.mark.parametrize("name", ["mood_entry", "participant", "consent_event", "questionnaire_total"])
def test_nothing_is_kept_that_the_notice_does_not_tell(name: str) -> None:
    """A column without a sentence stops the notice, in whichever contract it is."""
    contracts = shipped()
    more = Contracts(**{**vars(contracts), name: with_column(getattr(contracts, name))})
    with pytest.raises(ContractRefusedError, match=rf"{name}.*no sentence for the column 'heart_rate'"):
        notice(more)


def test_factors_without_a_list_stop_the_notice() -> None:
    """If any word could be kept as a factor, the notice could not say which."""
    contracts = shipped()
    entry = contracts.mood_entry
    columns = {**entry.columns, "factors": replace(entry["factors"], allowed=None)}
    with pytest.raises(ContractRefusedError, match="without a list of words"):
        notice(replace(contracts, mood_entry=replace(entry, columns=columns)))


def test_the_notice_names_every_column_that_the_vault_keeps_of_a_person() -> None:
    """The vault's own columns are in a contract, in the notice's second list, or made from one of those."""
    said_as = {
        "person_no": "person_id",
        "key_kind": "key_value",
        "local_date": "logged_at",
        "local_time": "logged_at",
        "sleep_thousandths": "sleep_hours",
        "keys": "valid_from",
    }
    schema = ROOT / "analytics" / "vault" / "sql" / "schema"
    for table in ("entry", "questionnaire_total", "register", "consent_event", "deleted_entry"):
        (path,) = schema.glob(f"[0-9][0-9]_{table}.sql")
        columns = set(re.findall(r"^ {4}([a-z_]+) [A-Z]", path.read_text("utf-8"), re.MULTILINE))
        assert "person_no" in columns
        assert {said_as.get(column, column) for column in columns} <= {*COLUMNS, *BESIDES}, table
    columns = set(
        re.findall(r"^ {4}([a-z_]+) [A-Z]", (schema / "19_participation.sql").read_text("utf-8"), re.MULTILINE)
    )
    assert columns == {"person_no", *COUNTED}


def test_every_sentence_of_the_lists_is_in_the_notice() -> None:
    """What is kept beside the contracts' columns, what is kept of releases, and what is never kept or done."""
    made = notice(with_most(shipped()))
    items = {
        item for section in made.sections for block in section.blocks if isinstance(block, tuple) for item in block
    }
    lists = [*BESIDES.values(), *COUNTED.values(), *WORDS["never_kept"], *WORDS["never_done"]]
    lists += [sentence for sentence in COLUMNS.values() if "{{" not in sentence]
    assert len(lists) >= 36
    assert [sentence for sentence in lists if sentence not in items] == []


def test_the_notice_and_the_program_keep_held_records_equally_long() -> None:
    """The days of the notice are those after which a held record is deleted."""
    assert HELD_FOR.days == HELD_DAYS
    assert result(shipped()).count(f"{HELD_DAYS} days") >= 3


class Parsed(HTMLParser):
    """What a browser would see of a page."""

    def __init__(self, page: str) -> None:
        """Read the page."""
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the tag."""
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """See that it closes what was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep the text of the page itself."""
        if "main" in self.open:
            self.text += data


@pytest.mark.parametrize("plan", ["standard", "small"])
def test_the_three_forms_say_the_same_words(plan: str) -> None:
    """Without their markup, text, Markdown and page are one text, also where an operator writes marks."""
    contracts = of_service(shipped(plan), name=OPERATOR, contact="1. # - `x` \\ <b>y</b> &amp; ~z~ | " + CANARY)
    made = notice(contracts)
    text = re.sub(r"^(=+|-+|- )", "", as_text(made), flags=re.MULTILINE)
    markdown = re.sub(r"^(#+ |- )", "", as_markdown(made), flags=re.MULTILINE)
    markdown = re.sub(r"\\(.)", r"\1", markdown)
    same = words(text) == words(markdown) == words(Parsed(as_html(made)).text)
    assert same, "the forms differ"


@pytest.mark.parametrize("line", ["- call us", "# Help", "## Help", "> help", "-", "#"])
def test_what_a_service_writes_is_a_paragraph_whatever_it_begins_with(line: str) -> None:
    """No list, heading or last line of the notice comes from a value, and nothing is lost of it."""
    before, after = notice(shipped()), notice(of_service(shipped(), help_line=line))
    assert [section.heading for section in after.sections] == [section.heading for section in before.sections]
    assert after.sections[0].blocks == (*before.sections[0].blocks[:-1], line)
    assert (after.title, after.made_from) == (before.title, before.made_from)


@pytest.mark.parametrize("text", ["lost\n# t\n## h\n> m\n", "## h\n> m\n", "# t\n## h\nx\n"])
def test_a_template_without_its_marks_is_refused(text: str) -> None:
    """Text before the first heading, no title, or no word on where the notice comes from."""
    with pytest.raises(UnforeseenError):
        parsed(text)


def test_plain_text_is_wrapped() -> None:
    """No line of the plain text is longer than 78 characters."""
    assert max(len(line) for line in as_text(notice(shipped())).splitlines()) <= 78


def test_the_page_is_whole_in_itself() -> None:
    """The HTML closes what it opens, has headings in order, and fetches, runs and links nothing."""
    made = notice(of_service(shipped(), name=OPERATOR))
    parsed = Parsed(as_html(made))
    assert parsed.open == []
    assert not set(parsed.tags) & {"script", "link", "img", "iframe", "a", "object", "embed", "base", "form"}
    assert {name for name, _ in parsed.attributes} == {"lang", "charset", "name", "content"}
    assert ("lang", "en") in parsed.attributes
    assert parsed.tags.count("main") == 1
    assert [tag for tag in parsed.tags if re.fullmatch(r"h\d", tag)] == ["h1", *["h2"] * len(made.sections)]
    assert not re.search(r"https?:|//|url\(|@import|@font-face", as_html(made))


def test_an_operators_marks_are_text_on_the_page() -> None:
    """A name with <, > and & is shown, not obeyed."""
    page = as_html(notice(of_service(shipped(), name=OPERATOR)))
    escaped = f"{CANARY} &amp; &lt;Sons&gt;"
    assert escaped in page
    assert OPERATOR not in page
    assert "<Sons>" not in page


@pytest.mark.parametrize("plan", ["standard", "small"])
def test_no_sentence_is_long(plan: str) -> None:
    """No sentence has more than 30 words, but for the quoted promise."""
    assert [one for one in sentences(notice(shipped(plan))) if len(one.split()) > 30] == []


def syllables(word: str) -> int:
    """Return about how many syllables an English word has: groups of vowels without most endings in a silent e."""
    bare = re.sub(r"[^a-z]", "", word.lower())
    ending = re.sub(r"(?<![aeiouyl])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyscxzgh])es$", "", bare)
    return max(1, len(re.findall(r"[aeiouy]+", ending)))


def ease(text: list[str]) -> float:
    """Return Flesch's reading ease of sentences: 60 to 70 is plain English, more is easier."""
    said = [word for sentence in text for word in re.findall(r"[^\W\d_][\w'-]*", sentence)]
    return 206.835 - 1.015 * len(said) / len(text) - 84.6 * sum(map(syllables, said)) / len(said)


@pytest.mark.parametrize("plan", ["standard", "small"])
def test_the_notice_reads_easily(plan: str) -> None:
    """Flesch's reading ease is at least 60 (plain English): of the whole, and of the paragraphs without the lists."""
    made = notice(shipped(plan))
    paragraphs = [
        replace(section, blocks=tuple(block for block in section.blocks if isinstance(block, str)))
        for section in made.sections
    ]
    assert ease(sentences(made)) >= 60
    assert ease(sentences(replace(made, sections=tuple(paragraphs)))) >= 60


@pytest.mark.parametrize("plan", ["standard", "small"])
def test_the_notice_promises_no_more_than_is_so(plan: str) -> None:
    """Words that would promise too much do not occur."""
    text = result(shipped(plan)).lower()
    for word in ("anonym", "guarantee", "100%", "100 %", "completely safe", "percent", "%", "—"):
        assert word not in text


def test_shipped_words_are_placeholders_until_they_are_filled_in() -> None:
    """The fields that still hold a square bracket are named; the help line needs no change."""
    service = shipped().service
    assert unfilled(service) == ["name", "contact"]
    assert unfilled(service.model_copy(update={"name": CANARY, "contact": CANARY})) == []


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("withdrawal_days: 7", 'withdrawal_days: "7"', "withdrawal_days"),
        ("withdrawal_days: 7", "withdrawal_days: 0", "withdrawal_days"),
        ("backup_days: 35", "backup_days: 3.5", "backup_days"),
        ("backup_days: 35", "backup_days: 35\nphone: 1", "phone"),
        ('name: "[your service]"', 'name: "  "', "name"),
        ('name: "[your service]"', r'name: "a\e[31mb"', "name"),
        ('name: "[your service]"', r'name: "a\nb"', "name"),
        ('name: "[your service]"\n', "", "name"),
    ],
)
def test_a_service_that_is_not_what_it_must_be_is_refused(tmp_path: Path, old: str, new: str, where: str) -> None:
    """`service.yaml` is read strictly, with the place of what is wrong."""
    folder = Path(shutil.copytree(shipped_contracts(), tmp_path / "contracts"))
    text = (folder / "service.yaml").read_text("utf-8")
    assert text.count(old) == 1
    (folder / "service.yaml").write_text(text.replace(old, new), "utf-8")
    with pytest.raises(ContractRefusedError, match=rf"service\.yaml: {where}"):
        read_contracts(folder, "standard")


def test_contracts_without_a_service_are_refused(tmp_path: Path) -> None:
    """A folder of contracts needs its `service.yaml`."""
    folder = Path(shutil.copytree(shipped_contracts(), tmp_path / "contracts"))
    (folder / "service.yaml").unlink()
    with pytest.raises(ContractRefusedError, match=r"service\.yaml: the file is missing"):
        read_contracts(folder, "standard")


def test_the_days_have_defaults(tmp_path: Path) -> None:
    """Seven days to run a withdrawal and 35 for backups hold where the file says nothing."""
    folder = Path(shutil.copytree(shipped_contracts(), tmp_path / "contracts"))
    kept = [line for line in (folder / "service.yaml").read_text("utf-8").splitlines() if "_days:" not in line]
    (folder / "service.yaml").write_text("\n".join(kept), "utf-8")
    service = read_contracts(folder, "standard").service
    assert (service.withdrawal_days, service.backup_days) == (7, 35)
