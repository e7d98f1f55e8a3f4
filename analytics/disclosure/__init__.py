"""SEES NO DATA: what people read of a service, made from the contracts and the plan, so that it says what is done.

The participant's notice here; the disclosure record in `record`, the dossier's generated parts in `dossier`.
"""

from analytics.contracts import Contracts
from analytics.disclosure.consent import before_yes, leaving, made_from, what_it_is
from analytics.disclosure.forms import as_html, as_markdown, as_text
from analytics.disclosure.parts import Notice, Section
from analytics.disclosure.publication import hidden, published, stays
from analytics.disclosure.retention import how_long, kept, never

__all__ = ["Notice", "Section", "as_html", "as_markdown", "as_text", "notice"]


def notice(contracts: Contracts) -> Notice:
    """Return what a participant should read before they opt in; change a contract and it changes.

    Raises:
        ContractRefusedError: if a contract keeps something that the notice has no sentence for.
    """
    return Notice(
        title="Sharing your mood log: what happens with it",
        sections=(
            what_it_is(contracts.service),
            kept(contracts),
            never(),
            published(contracts),
            hidden(contracts.plan),
            how_long(contracts),
            leaving(contracts.service, contracts.plan),
            stays(),
            before_yes(contracts.plan),
        ),
        made_from=made_from(contracts),
    )
