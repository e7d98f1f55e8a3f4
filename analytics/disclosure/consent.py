"""The notice on choosing: what this is, how to leave, and what to agree to before saying yes."""

from analytics.contracts import Contracts, Plan, Service
from analytics.disclosure.parts import Section, bounded, days


def what_it_is(service: Service) -> Section:
    """Return what this is and what it is not."""
    return Section(
        "What this is",
        (
            (
                "Murmuration adds up what many people log about their mood. It shows how groups of people feel over "
                f"time, so that care can be planned better. It is run here by {service.name}."
            ),
            "Taking part is your choice. Saying no, or leaving later, changes nothing about your care.",
            "Nobody gets a score. This is no diagnosis. Nobody watches these figures in order to help you.",
            service.help_line,
        ),
    )


def leaving(service: Service, plan: Plan) -> Section:
    """Return how to leave and what then happens."""
    return Section(
        "How to leave",
        (
            f"You can leave at any time, and you need no reason. This is how to reach us: {service.contact}",
            (
                f"We take you out within {days(service.withdrawal_days)} of hearing from you. Until that is done, new "
                "figures may still count you. After it:"
            ),
            (
                "You are left out of every later figure.",
                "What is kept about you is deleted. The file that held it is written again: the bytes are gone.",
                (
                    "If a message of very many people leaving arrives at once, somebody looks at it before anything is "
                    "deleted, in case it is a mistake. Until then you are left out all the same."
                ),
                (
                    "If a message about your consent says neither yes nor no, you are left out until we know. Nothing "
                    "is deleted then."
                ),
                (
                    f"Copies in our backups are gone after {days(service.backup_days)}. If a backup is put back "
                    "before that, you are deleted from it again before it is used."
                ),
                (
                    "One code stays, made from your id with a secret key. It says only that somebody left, and when. "
                    "Without it, a file that is sent again would bring you back."
                ),
            ),
            "You can come back. You then choose a date, and only what you log from that date on counts.",
            *(
                (
                    f"Under the name “{label}”, you then have to wait. We no longer know which of its figures counted "
                    "you. So you are left out of them until 53 weeks lie between them and those of before you left."
                )
                for label, _ in bounded(plan)
            ),
            (
                "Deleting your app, or an entry in it, is not the same as leaving. Entries that your app reports as "
                "deleted are deleted here. But you still take part until you tell us."
            ),
        ),
    )


def before_yes(plan: Plan) -> Section:
    """Return the sentences that a person should be able to agree to."""
    return Section(
        "Before you say yes",
        (
            "Please say yes only if you agree with each of these:",
            (
                "I choose this freely. My care stays the same if I say no, or if I leave.",
                "I have read what is kept about me, and for how long.",
                (
                    "I know that figures about groups are published. I am hidden in them as well as the odds say, "
                    "and no better."
                ),
                "I know how to leave. I know that figures that are out by then stay out.",
                "I know that nobody watches what I log. If I need help, I ask for it elsewhere.",
            ),
            (
                f"If you say yes, it is to version {plan.policy_version} of this promise. It limits what all figures "
                f"of one year can show about you. The limit is called rho, and it is {plan.cap_rho.normalize():f} here."
            ),
            (
                "We may want to raise this limit one day. You are then left out of all figures with the higher limit, "
                "until you say yes to it. If you say nothing, you stay out of them."
            ),
        ),
    )


def made_from(contracts: Contracts) -> str:
    """Return where the notice comes from, so that two copies can be compared."""
    plan = contracts.plan
    fingerprint = plan.fingerprint(contracts.grid)[:12]
    return f"Made from the plan “{plan.name}”, version {plan.policy_version}, fingerprint {fingerprint}."
