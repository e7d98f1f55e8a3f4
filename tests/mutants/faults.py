"""The faults: each is one way in which such systems have failed (docs/privacy/attack-model.md), planted in our code."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """One place of one file that is written otherwise; the text stands there exactly once."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Fault:
    """A named fault, and the tests that should find it."""

    name: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]


_SHARES = "analytics/vault/sql/shares/mood_bands.sql"
_CELLS = "analytics/vault/sql/exact_cell.sql"
_NOISE = "analytics/release/noise.py"
_DRAW = "analytics/release/draw.py"
_CAPS = "analytics/release/caps.py"
_BUDGET = "analytics/release/budget.py"
_LEDGER = "analytics/store/ledger.py"
_STEPS = "pipelines/steps.py"
_REPLAY = "tests/test_replay_sensitivity.py"
_FLOW = "tests/test_replay_control_flow.py"


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
        by=(_REPLAY, "tests/test_exact_cells.py"),
    ),
    _fault(
        "bound_check_dropped",  # a measure that breaks the invariant is drawn all the same
        ("analytics/vault/shares.py", "!= [(0,)]", '== "never"'),
        by=("tests/test_shares.py", "tests/test_sealing.py", "tests/test_replay_new_measures.py"),
    ),
    _fault(
        "counted_in_two_cohorts",  # each register row in force gives a place of its own
        (
            _CELLS,
            "    QUALIFY row_number() OVER (PARTITION BY person_no ORDER BY valid_from DESC, batch_no DESC) = 1\n",
            "",
        ),
        by=(_REPLAY, "tests/test_exact_cells.py"),
    ),
    _fault(
        "wrong_sigma",  # noise a tenth smaller than is charged for
        (
            _NOISE,
            "    measurement = _measurement(size, sigma)\n    loss = _certified_nano(measurement.map, d_in)\n",
            "    measurement = _measurement(size, sigma * 9 // 10)\n    loss = _certified_nano(_measurement(size, sigma).map, d_in)\n",
        ),
        by=("tests/test_noise.py", "tests/test_audit_parts.py"),
    ),
    _fault(
        "half_the_noise",  # what the black box must refute
        (
            _NOISE,
            "    measurement = _measurement(size, sigma)\n    loss = _certified_nano(measurement.map, d_in)\n",
            "    measurement = _measurement(size, sigma // 2)\n    loss = _certified_nano(_measurement(size, sigma).map, d_in)\n",
        ),
        by=("tests/test_noise.py", "tests/test_audit_parts.py"),
    ),
    _fault(
        "d_in_without_the_basis",  # sensitivity of one unit, whatever the basis does to it
        (_BUDGET, "    square = MICRO**2 * longest\n", "    square = MICRO**2 * min(longest, 1)\n"),
        by=("tests/test_budget.py", _REPLAY),
    ),
    _fault(
        "keys_from_data",  # a cell that nobody is in is not released
        (_CELLS, "FROM table_cell\nLEFT JOIN summed", "FROM table_cell\nJOIN summed"),
        by=(_REPLAY, _FLOW, "tests/test_exact_cells.py"),
    ),
    _fault(
        "due_periods_from_data",  # a period in which nobody logged is not drawn
        (
            _STEPS,
            "        to_draw, already = split_released(closed, ledger)\n",
            (
                "        to_draw, already = split_released(closed, ledger)\n"
                "        to_draw = [due for due in to_draw if any(map(any, exact_cells(\n"
                "            vault, plan, grid, plan.products[due.product], due.period)._vectors.values()))]\n"
            ),
        ),
        by=(_FLOW,),
    ),
    _fault(
        "released_before_closed",  # the last days of a period are still to come
        ("analytics/periods.py", "return self.last_day + timedelta(days=grace_days)", "return self.first_day"),
        by=("tests/test_periods.py", "tests/test_command_line.py"),
    ),
    _fault(
        "double_spend",  # a year's second draw does not know of its first
        (
            _CAPS,
            "    if lost([charge, *(charge_of(entry) for entry in entries if entry.charge_year == year)]) > cap:\n",
            "    if lost([charge]) > cap:\n",
        ),
        (_CAPS, "        if lost([charge, *charges]) > run_cap:\n", "        if lost([charge]) > run_cap:\n"),
        by=("tests/test_budget.py", "tests/test_ledger_machine.py"),
    ),
    _fault(
        "calendar_years_only",  # two years' losses within 53 weeks
        (_CAPS, "for first in range(last_week - WEEKS + 1, last_week + 1):", "for first in range(0):"),
        by=("tests/test_budget.py",),
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
            "        charges = [charge_of(entry) for entry in within]\n",
            "        charges = [charge_of(entry) for entry in within[:-1]]\n",
        ),
        by=("tests/test_budget.py", "tests/test_ledger_machine.py"),
    ),
    _fault(
        "edited_ledger_opens",  # nobody follows the chain
        (_LEDGER, "        if broken is not None:\n", "        if broken == 0:\n"),
        by=("tests/test_ledger.py",),
    ),
    _fault(
        "restored_ledger_opens",  # a ledger that is older than its head
        (_LEDGER, "if head.sequence >= len(known) or known[head.sequence] != head.hash:", "if head.sequence < 0:"),
        by=("tests/test_ledger.py",),
    ),
    _fault(
        "second_draw",  # asked for again under another plan, a period is drawn again
        (
            _DRAW,
            "        if ledger.find(product, period.name, REVISION) is not None:\n            return False\n",
            "",
        ),
        by=("tests/test_draw.py",),
    ),
    _fault(
        "drawn_again_after_a_failed_check",  # a noisy value that looks wrong is drawn again
        (
            _DRAW,
            "        loss += cost",
            (
                "        if min(vectors[key]) < -2 * frozen[measure].sigma[table_name(dimensions)]:\n"
                "            return _noisy_cells(exact, frozen, grid, tables)\n        loss += cost"
            ),
        ),
        by=("tests/test_draw.py", "tests/test_audit_parts.py"),
    ),
    _fault(
        "loss_not_charged_when_killed",  # the commit comes after the numbers are out
        (_LEDGER, '            yield\n            self._execute("COMMIT")\n', "            yield\n"),
        by=("tests/test_draw.py",),
    ),
    _fault(
        "float_path",  # a sum by way of floating point
        (
            _CELLS,
            "sum(micro_persons)::BIGINT AS micro_persons",
            "(avg(micro_persons) * count(*))::BIGINT AS micro_persons",
        ),
        by=("tests/test_architecture.py", "tests/test_shares.py", "tests/test_exact_cells.py"),
    ),
    _fault(
        "consent_not_joined",  # the release reads entries themselves
        (_SHARES, "FROM consented_entry", "FROM entry"),
        by=("tests/test_consent_view.py",),
    ),
    _fault(
        "consent_as_of_an_old_date",  # a withdrawal of the last thirty days is not yet heard
        (
            "analytics/vault/sql/schema/11_consent_in_force.sql",
            "        AND closed.recorded_at >= given.recorded_at\n",
            (
                "        AND closed.recorded_at >= given.recorded_at\n"
                "        AND closed.recorded_at < (SELECT max(recorded_at) FROM consent_event)\n"
            ),
        ),
        (
            "analytics/vault/sql/schema/11_consent_in_force.sql",
            "(withdrawn.withdrawn_at IS NULL OR withdrawn.withdrawn_at < given.recorded_at)",
            "TRUE",
        ),
        by=("tests/test_consent.py", "tests/test_withdrawal.py"),
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
        by=(_FLOW, "tests/test_draw.py"),
    ),
    _fault(
        "exact_value_in_an_error",  # a helpful line for developers
        (
            _NOISE,
            '    message = "The noise engine failed; nothing was drawn."',
            '    message = f"The noise engine failed on {exact}."',
        ),
        by=("tests/test_noise.py",),
    ),
    _fault(
        "one_draw_shared_between_cells",  # every cell gets the same noise
        (
            _NOISE,
            "        return tuple(measurement(exact)), loss\n",
            "        shared = measurement(exact)[0] - exact[0]\n        return tuple(value + shared for value in exact), loss\n",
        ),
        by=("tests/test_noise.py", "tests/test_audit_parts.py"),
    ),
    _fault(
        "id_domain_dropped",  # one id in two systems is one person
        (
            "analytics/vault/pseudonym.py",
            "pair = (normalised(domain), normalised(id_))",
            'pair = ("", normalised(id_))',
        ),
        by=("tests/test_consent.py", "tests/test_withdrawal.py", "tests/test_intake.py"),
    ),
    _fault(
        "order_by_content",  # what one person writes decides when others' files are read
        (
            "pipelines/arrivals.py",
            "                found.append((turn, source, status.st_mtime_ns, entry.path, person))\n",
            (
                "                late = b'Consent' not in Path(entry.path).read_bytes()\n"
                "                found.append((turn, source, late * 2**62 + status.st_mtime_ns, entry.path, person))\n"
            ),
        ),
        by=("tests/test_inbox.py",),
    ),
    _fault(
        "deleted_but_not_rebuilt",  # rows are gone, their bytes are not
        (
            "analytics/vault/erasure.py",
            '        connection.execute("COPY FROM DATABASE vault TO fresh")\n',
            '        __import__("shutil").copyfile(path, fresh)\n',
        ),
        by=("tests/test_erasure.py",),
    ),
)
