"""The faults: each is one way in which such systems have failed (docs/privacy/attack-model.md), planted in our code."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """One changed place in one file; the text occurs there exactly once."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Fault:
    """A named fault, and the tests that should find it."""

    name: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]
    """Files of tests, or one test of a long file; those that find it soonest come first."""


_SHARES = "analytics/vault/sql/shares/mood_bands.sql"
_WEEKDAYS = "analytics/vault/sql/shares/weekday_extremes.sql"
_FACTOR = "analytics/vault/sql/shares/clearest_factor.sql"
_SPREAD = "(2 * place * taken + votes) // (2 * votes) > (2 * (place - 1) * taken + votes) // (2 * votes)"
_CHANCE = "tests/vault/test_chance_levels.py"
_CASES = "tests/vault/test_pattern_cases.py"
_CELLS = "analytics/vault/sql/exact_cell.sql"
_NOISE = "analytics/release/noise.py"
_DRAW = "analytics/release/draw.py"
_CAPS = "analytics/release/caps.py"
_BUDGET = "analytics/release/budget.py"
_LEDGER = "analytics/store/ledger.py"
_STEPS = "pipelines/steps.py"
_REPLAY = "tests/promise/test_replay_sensitivity.py"
_FLOW = "tests/promise/test_replay_control_flow.py"
_AUDIT = "tests/audit/test_parts.py::test_the_noise_is_the_claimed_one_at_every_scale"
_STORIES = "tests/promise/test_sequences.py::test_what_moved_others_before_does_not"


def _fault(name: str, *edits: tuple[str, str, str], by: tuple[str, ...]) -> Fault:
    return Fault(name, tuple(Edit(*edit) for edit in edits), by)


FAULTS = (
    _fault(
        "bound_dropped",  # a participant counts once per day, and nobody looks
        (
            _SHARES,
            "1000000 * days_in_band // (sum(days_in_band) OVER (PARTITION BY person_no))::BIGINT",
            "1000000 * days_in_band",
        ),
        ("analytics/vault/shares.py", "!= [(0,)]", '== "never"'),
        by=(_REPLAY, "tests/vault/test_exact_cells.py"),
    ),
    _fault(
        "ties_each_a_whole_unit",  # a participant's worst weekdays get a unit each, and nobody looks
        (_WEEKDAYS, "1000000 // (count(*) OVER (PARTITION BY person_no))", "1000000"),
        ("analytics/vault/shares.py", "!= [(0,)]", '== "never"'),
        by=(_CASES, _REPLAY),
    ),
    _fault(
        "weekdays_of_unequal_numbers",  # the mean of all days: a weekday with few of them is the worst by chance
        (_WEEKDAYS, f"votes >= taken\n      AND {_SPREAD}", "TRUE"),
        (_WEEKDAYS, "sum(score)::BIGINT AS total", "avg(score) AS total"),
        by=(_CHANCE,),
    ),
    _fault(
        "latest_days_alone",  # of a weekday with many days only the latest: a fall in mood becomes a rhythm
        (_WEEKDAYS, _SPREAD, "place > votes - taken"),
        by=(_CASES,),
    ),
    _fault(
        "factor_days_of_unequal_numbers",  # all days without the factor: the rarer side is the more extreme one
        (_FACTOR, f"    WHERE {_SPREAD}\n", ""),
        (_FACTOR, "sum(score)::BIGINT AS difference", "(sum(score * taken / votes))::BIGINT AS difference"),
        by=(_CHANCE,),
    ),
    _fault(
        "bound_check_dropped",  # a measure that breaks the invariant is drawn all the same
        ("analytics/vault/shares.py", "!= [(0,)]", '== "never"'),
        by=(
            "tests/vault/test_shares.py",
            "tests/vault/test_error_boundary.py",
            "tests/promise/test_replay_new_measures.py",
        ),
    ),
    _fault(
        "counted_in_two_cohorts",  # each register row in force gives a place of its own
        (
            _CELLS,
            "    QUALIFY row_number() OVER (PARTITION BY person_no ORDER BY valid_from DESC, batch_no DESC) = 1\n",
            "",
        ),
        by=(_REPLAY, "tests/vault/test_exact_cells.py"),
    ),
    _fault(
        "wrong_sigma",  # noise a tenth smaller than is charged for
        (
            _NOISE,
            "    measurement = _measurement(size, sigma)\n    loss = _certified_nano(measurement.map, d_in)\n",
            "    measurement = _measurement(size, sigma * 9 // 10)\n    loss = _certified_nano(_measurement(size, sigma).map, d_in)\n",
        ),
        by=(_AUDIT,),
    ),
    _fault(
        "half_the_noise",  # what the black box must refute
        (
            _NOISE,
            "    measurement = _measurement(size, sigma)\n    loss = _certified_nano(measurement.map, d_in)\n",
            "    measurement = _measurement(size, sigma // 2)\n    loss = _certified_nano(_measurement(size, sigma).map, d_in)\n",
        ),
        by=(_AUDIT,),
    ),
    _fault(
        "d_in_without_the_basis",  # sensitivity of one unit, whatever the basis does to it
        (_BUDGET, "    square = MICRO**2 * longest\n", "    square = MICRO**2 * min(longest, 1)\n"),
        by=("tests/release/test_budget.py", _REPLAY),
    ),
    _fault(
        "keys_from_data",  # a cell that nobody is in is not released
        (_CELLS, "FROM table_cell\nLEFT JOIN summed", "FROM table_cell\nJOIN summed"),
        by=(_REPLAY, _FLOW, "tests/vault/test_exact_cells.py"),
    ),
    _fault(
        "due_periods_from_data",  # a period in which nobody logged is not drawn
        (
            _STEPS,
            "        to_draw, already = split_released(closed, ledger)\n",
            (
                "        to_draw, already = split_released(closed, ledger)\n"
                "        to_draw = [due for due in to_draw if any(map(any, counts.cells(\n"
                "            plan, grid, due.product, due.period, None, plan.cap_nano)._vectors.values()))]\n"
            ),
        ),
        by=(_FLOW,),
    ),
    _fault(
        "released_before_closed",  # the last days of a period are still to come
        ("analytics/periods.py", "return self.last_day + timedelta(days=grace_days)", "return self.first_day"),
        by=("tests/test_periods.py", "tests/pipelines/test_command_line.py"),
    ),
    _fault(
        "double_spend",  # a year's second draw does not know of its first
        (
            _CAPS,
            "    if lost([charge, *(charge_of(entry) for entry in entries if entry.charge_year == year)]) > cap:\n",
            "    if lost([charge]) > cap:\n",
        ),
        (_CAPS, "if lost([charge, *charges]) > promised:", "if lost([charge]) > promised:"),
        (
            _CAPS,
            "lost_within([trace, *before], first, last) > promised",
            "lost_within([trace], first, last) > promised",
        ),
        by=("tests/release/test_budget.py", "tests/store/test_ledger_machine.py"),
    ),
    _fault(
        "calendar_years_only",  # two years' losses within 53 weeks
        (_CAPS, "for first in range(last_week - WEEKS + 1, last_week + 1):", "for first in range(0):"),
        by=("tests/release/test_budget.py",),
    ),
    _fault(
        "refund",  # the last loss is given back
        (
            _CAPS,
            "    if lost([charge, *(charge_of(entry) for entry in entries if entry.charge_year == year)]) > cap:\n",
            "    if lost([charge, *(charge_of(entry) for entry in entries[:-1] if entry.charge_year == year)]) > cap:\n",
        ),
        (
            _CAPS,
            "            charges = [charge_of(entry) for entry in within if entry.cap_nano <= promised]\n",
            "            charges = [charge_of(entry) for entry in within[:-1] if entry.cap_nano <= promised]\n",
        ),
        (_CAPS, "    ended = [entry for entry in entries if", "    ended = [entry for entry in entries[:-1] if"),
        by=("tests/release/test_budget.py", "tests/store/test_ledger_machine.py"),
    ),
    _fault(
        "look_back_dropped",  # what a release reads of before its period is charged to nobody who logged then
        (
            "analytics/store/traces.py",
            "return week_ordinal(table.reads_from), table.loss_nano",
            "return begin, loss",
        ),
        (_DRAW, "week_ordinal(plan.reads_from(measure, period))", "week_ordinal(period.first_day)"),
        by=("tests/store/test_traces.py", "tests/store/test_ledger_machine.py"),
    ),
    _fault(
        "higher_cap_for_years_before",  # a new version's cap for a year that was over when it came
        (_CAPS, "    if year > max(years, default=year - 1):\n", "    if year not in years:\n"),
        by=("tests/store/test_traces.py",),
    ),
    _fault(
        "edited_ledger_opens",  # nobody follows the chain
        (_LEDGER, "        if broken is not None:\n", "        if broken == 0:\n"),
        by=("tests/store/test_ledger.py",),
    ),
    _fault(
        "restored_ledger_opens",  # a ledger that is older than its head
        (_LEDGER, "if head.sequence >= len(known):", "if head.sequence < 0:"),
        (_LEDGER, "if known[head.sequence] != head.hash:", "if head.sequence < 0:"),
        by=("tests/store/test_ledger.py",),
    ),
    _fault(
        "second_draw",  # asked for again under another plan, a period is drawn again
        (
            _DRAW,
            "        if ledger.find(product, period.name, REVISION) is not None:\n            return False\n",
            "",
        ),
        by=("tests/release/test_draw.py",),
    ),
    _fault(
        "drawn_again_after_a_failed_check",  # a noisy value that looks wrong is drawn again
        (
            _DRAW,
            "        loss += cost",
            (
                "        if min(vectors[key]) < -2 * frozen[measure].sigma[table_name(dimensions)]:\n"
                "            return _noisy_cells(exact, frozen, grid, tables, noise)\n        loss += cost"
            ),
        ),
        by=(_AUDIT,),
    ),
    _fault(
        "loss_not_charged_when_killed",  # the commit comes after the numbers are out
        (_LEDGER, '            yield\n            self._execute("COMMIT")\n', "            yield\n"),
        by=("tests/release/test_draw.py",),
    ),
    _fault(
        "float_path",  # a sum by way of floating point
        (
            _CELLS,
            "sum(micro_persons)::BIGINT AS micro_persons",
            "(avg(micro_persons) * count(*))::BIGINT AS micro_persons",
        ),
        by=("tests/test_architecture.py", "tests/vault/test_shares.py", "tests/vault/test_exact_cells.py"),
    ),
    _fault(
        "consent_not_joined",  # the release reads entries themselves
        (_SHARES, "FROM consented_entry", "FROM entry"),
        by=("tests/vault/test_consent_view.py",),
    ),
    _fault(
        "consent_as_of_an_old_date",  # a withdrawal of the last thirty days is not received yet
        (
            "analytics/vault/sql/schema/10c_consent_given.sql",
            "        AND closed.recorded_at >= given.recorded_at\n",
            (
                "        AND closed.recorded_at >= given.recorded_at\n"
                "        AND closed.recorded_at < (SELECT max(recorded_at) FROM consent_event)\n"
            ),
        ),
        (
            "analytics/vault/sql/schema/10c_consent_given.sql",
            "(withdrawn.withdrawn_at IS NULL OR withdrawn.withdrawn_at < given.recorded_at)",
            "TRUE",
        ),
        by=("tests/vault/test_consent.py", "tests/vault/test_withdrawal.py"),
    ),
    _fault(
        "version_not_compared",  # who agreed to less is counted under more
        (
            "analytics/vault/sql/agreed/find.sql",
            "JOIN promise_days ON recorded_at BETWEEN first_at AND last_at\n",
            "",
        ),
        by=("tests/vault/test_agreed_versions.py",),
    ),
    _fault(
        "suspended_people_counted",  # what says neither yes nor no is taken for the yes of before
        (
            "analytics/vault/sql/schema/11_consent_in_force.sql",
            "WHERE suspension.suspended_at IS NULL OR suspension.suspended_at < consent_given.granted_at\n",
            "",
        ),
        by=("tests/vault/test_withdrawal.py",),
    ),
    _fault(
        "form_of_exceptions_erases",  # `deny` at the root is taken for a no, whatever lies below it
        (
            "analytics/vault/readers/shared/fhir_provisions.py",
            'base == "deny" and not has_exceptions and not narrowed',
            'base == "deny"',
        ),
        by=("tests/vault/test_consent_reading.py",),
    ),
    _fault(
        "erased_without_a_brake",  # one wrong file deletes everybody it names
        ("analytics/vault/erasure/waiting.py", "    if people > most:\n", "    if people < 0:\n"),
        by=("tests/vault/test_brake.py",),
    ),
    _fault(
        "past_counts_again",  # who comes back with the file that ends the consent keeps the number, and the rows with it
        ("analytics/vault/erasure/waiting.py", '        vault.run("erasure/departed_renumber")\n', ""),
        by=("tests/vault/test_brake.py", "tests/vault/test_withdrawal.py"),
    ),
    _fault(
        "exact_value_logged",  # a helpful line for operators
        (
            _DRAW,
            "        basis = frozen[measure].basis\n",
            (
                "        basis = frozen[measure].basis\n"
                '        __import__("logging").getLogger("murmuration").info("%s", exact.reveal(key))\n'
            ),
        ),
        by=(_FLOW, "tests/release/test_draw.py"),
    ),
    _fault(
        "exact_value_in_an_error",  # a helpful line for developers
        (
            _NOISE,
            '    message = "The noise engine failed; nothing was drawn."',
            '    message = f"The noise engine failed on {exact}."',
        ),
        by=("tests/release/test_noise.py",),
    ),
    _fault(
        "one_draw_shared_between_cells",  # every cell gets the same noise
        (
            _NOISE,
            "        return tuple(measurement(exact)), loss\n",
            "        shared = measurement(exact)[0] - exact[0]\n        return tuple(value + shared for value in exact), loss\n",
        ),
        by=(_AUDIT,),
    ),
    _fault(
        "id_domain_dropped",  # one id in two systems is one person
        (
            "analytics/vault/pseudonym.py",
            "pair = (normalised(domain), normalised(id_))",
            'pair = ("", normalised(id_))',
        ),
        by=("tests/vault/test_withdrawal.py::test_a_person_of_two_id_domains_is_two", "tests/vault/test_ingest.py"),
    ),
    _fault(
        "order_by_content",  # what one person writes decides when others' files are read
        (
            "analytics/vault/files/inbox.py",
            "                found.append((turn, source, status.st_mtime_ns, entry.path, person))\n",
            (
                "                late = b'Consent' not in Path(entry.path).read_bytes()\n"
                "                found.append((turn, source, late * 2**62 + status.st_mtime_ns, entry.path, person))\n"
            ),
        ),
        by=("tests/vault/test_inbox.py",),
    ),
    _fault(
        "deleted_but_not_rebuilt",  # rows are gone, their bytes are not
        (
            "analytics/vault/erasure/rows.py",
            '        connection.execute("COPY FROM DATABASE vault TO fresh")\n',
            '        __import__("shutil").copyfile(path, fresh)\n',
        ),
        by=("tests/vault/test_erasure.py",),
    ),
    _fault(
        "bits_by_data",  # a factor has its bit from the first row that names it
        (
            "analytics/vault/loading/factor_bits.py",
            "self._bits[word] for",
            "self._bits.setdefault(word, len(self._bits)) for",
        ),
        (
            "analytics/vault/loading/factor_bits.py",
            '    new = [word for word in contract["factors"].listed if word not in known]\n',
            "    new: list[str] = []\n",
        ),
        (
            "analytics/vault/ingest.py",
            "    vault, batch, source = file.vault, file.batch, file.source\n",
            (
                "    vault, batch, source = file.vault, file.batch, file.source\n"
                '    known = {factor for factor, _ in vault.rows("factor_bits")}\n'
                "    for factor, bit in file.bits._bits.items():\n"
                "        if factor not in known:\n"
                '            vault.run("factor_add", {"bit": bit, "factor": factor})\n'
            ),
        ),
        by=("tests/vault/test_factor_bits.py",),
    ),
    _fault(
        "rounded_ids_taken",  # three people whom a spreadsheet made one
        (
            "analytics/vault/validation/ids.py",
            "return text.str.strip_chars().str.contains(_DAMAGED)",
            "return text.is_null()",
        ),
        by=("tests/vault/test_person_ids.py",),
    ),
    _fault(
        "strata_joined_by_noise",  # what a weighted figure is of changes with the draw
        (
            "analytics/trends/representation/strata.py",
            "people * float(selection @ sizes) / public.total >= borne(selection)",
            "float(selection @ [cell.people.estimate for cell in cells]) >= borne(selection)",
        ),
        by=("tests/trends/representation/test_weighting.py",),
    ),
    _fault(
        "whole_file_again",  # where one row is refused, the rows that stood are judged again with it
        (
            "analytics/vault/loading/file.py",
            'judged = taken_apart(part.rows[bad["place"]], part.kind, bad) if bad.height else part.apart.clear()',
            (
                'every = pl.DataFrame({name: [""] * part.rows.height for name in ("rule", "column")})\n'
                "        judged = taken_apart(part.rows, part.kind, every)"
            ),
        ),
        (
            "analytics/vault/sql/entry_status.sql",
            "$again AND stored.batch_no >= arrived.batch_no",
            "$again AND stored.batch_no > arrived.batch_no",
        ),
        by=("tests/vault/test_refused_records.py",),
    ),
    _fault(
        "retry_wins_against_later_files",  # a record that is accepted late undoes a later correction
        (
            "analytics/vault/sql/entry_status.sql",
            "$again AND stored.batch_no >= arrived.batch_no",
            "$again AND stored.batch_no = arrived.batch_no",
        ),
        by=("tests/vault/test_refused_records.py",),
    ),
    _fault(
        "withdrawal_by_text",  # held records go that hold the leaver's id as a word, whoever's they are
        (
            "analytics/vault/loading/register.py",
            "    file.consents_changed = True\n",
            (
                "    file.consents_changed = True\n"
                '    for text in good.filter(pl.col("event") == "withdrawn")["person_id"]:\n'
                '        by_text = "DELETE FROM refused_record WHERE contains(texts, $text)"\n'
                '        file.vault._connection.execute(by_text, {"text": text})\n'
            ),
        ),
        by=("tests/vault/test_refused_records.py",),
    ),
    _fault(
        "repeated_withdrawal_ignored",  # a person who withdraws while a wrong list waits comes back with its cancellation
        (
            "analytics/vault/loading/register.py",
            '    file.repeated_withdrawals.append(file.vault.frame("erasure/withdrawal_again"))\n',
            "",
        ),
        by=(_STORIES, "tests/vault/test_brake.py"),
    ),
    _fault(
        "brake_decides_a_suspension",  # an unclear row suspends, or not, by how many others left together
        (
            "analytics/vault/sql/suspension_status.sql",
            "AND suspension.suspended_at > coalesce(withdrawn.withdrawn_at, suspension.suspended_at - 1)",
            "AND suspension.suspended_at IS NOT NULL",
        ),
        by=(_STORIES, "tests/vault/test_brake.py"),
    ),
    _fault(
        "record_placed_by_a_text",  # an entry's own id in a column called person_id says whose a held record is
        (
            "analytics/vault/readers/shared/rows.py",
            'return f"column {column}" if column in _PERSON else column',
            "return column",
        ),
        by=(_STORIES, "tests/vault/test_refused_records.py"),
    ),
    _fault(
        "cancellation_ends_a_suspension",  # somebody unknown counts after a list that named them is undone
        (
            "analytics/vault/sql/erasure/closed_suspension.sql",
            "  AND suspension.mark NOT IN (SELECT suppression_hash FROM named_in)\n",
            "",
        ),
        by=(_STORIES, "tests/vault/test_brake.py"),
    ),
    _fault(
        "retry_takes_suspended_records",  # what is held of somebody suspended is judged, stored nowhere and gone
        (
            "analytics/vault/sql/refused/chunk.sql",
            "  AND ($kind = 'consent' OR person_no IN (SELECT person_no FROM consent_in_force))\n",
            "",
        ),
        by=(_STORIES, "tests/vault/test_refused_records.py"),
    ),
    _fault(
        "any_name_is_answered",  # a foreign page that reaches this machine under its own name reads the dashboard with its reader's rights
        ("dashboard/server/refusals.py", "or _name(asked.hosts[0]) not in settings.allowed_hosts", ""),
        by=("tests/dashboard/server/test_refusals.py",),
    ),
    _fault(
        "later_doors_are_open",  # what a later version of Streamlit adds is served
        (
            "dashboard/server/refusals.py",
            'if path.startswith("/_stcore") and path not in OPEN_CORE and',
            'if path in {"/_stcore/metrics", "/_stcore/agent/mcp"} and',
        ),
        by=("tests/dashboard/server/test_refusals.py",),
    ),
    _fault(
        "page_gets_the_whole_environment",  # keys in the operator's shell come into the process that strangers talk to
        ("pipelines/settings.py", "if name in kept or name.lower() in proxies}", "}"),
        by=("tests/pipelines/test_dashboard_options.py",),
    ),
    _fault(
        "sign_in_never_ends",  # a role that was taken away goes on for as long as Streamlit's cookie
        ("dashboard/server/access.py", "age < timedelta(hours=sign_in.hours).total_seconds()", "True"),
        by=("tests/dashboard/server/test_access.py",),
    ),
    _fault(
        "weekdays_judged_one_by_one",  # one of seven weekdays differs from chance by chance, and is named
        (
            "dashboard/views/chance.py",
            "wider = normal.inv_cdf(1 - _ALPHA / (2 * max(count, 1)))",
            "wider = normal.inv_cdf(1 - _ALPHA / 2)",
        ),
        by=("tests/dashboard/test_patterns.py",),
    ),
    _fault(
        "better_and_worse_by_their_values",  # more people got worse, though the ranges overlap
        (
            "dashboard/views/one_pattern.py",
            "if better.interval.low > worse.interval.high:",
            "if better.interval.high > worse.interval.high:",
        ),
        by=("tests/dashboard/test_patterns.py",),
    ),
    _fault(
        "young_look_back_is_a_trend",  # the share of new people falls because the service is young
        (
            "dashboard/views/elsewhere.py",
            "return not not_compared(looks_back,",
            "return bool(looks_back) or not not_compared(looks_back,",
        ),
        by=("tests/dashboard/test_people.py",),
    ),
    _fault(
        "joiners_of_a_later_period",  # an early week is shown beside people who came after it
        ("dashboard/views/elsewhere.py", "release.last_day <= choice.release.last_day and ", ""),
        by=("tests/dashboard/test_people.py",),
    ),
)
