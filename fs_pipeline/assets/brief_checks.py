"""The checks of a brief itself, before anything of it is published: what it prints, not the tables that it is made from."""

import dagster as dg

from fs_pipeline.assets.outcomes import SlotRefused
from fs_pipeline.briefing.claims import claims
from fs_pipeline.briefing.figures import build_brief
from fs_pipeline.briefing.printed import printed_figures
from fs_pipeline.briefing.slot import SlotTables
from fs_pipeline.cartography.once import Once
from fs_pipeline.checks.judge import Verdict, judge
from fs_pipeline.editions.edition import EDITIONS

# The very text that the editions are written by: what is made once is known by its inputs' identity.
INTERNAL = EDITIONS[0]


def refuse_brief(
    tables: SlotTables, pack: dg.AssetKey, judged: list[Verdict] | None = None, once: Once | None = None
) -> None:
    """Judge the figures of the internal brief, which prints all that the others do.

    Parameters
    ----------
    pack
        The asset of the brief, by which ``suites.yml`` names its checks.
    judged
        Takes the verdicts; none where the brief cannot be made, which is said where it is written.
    once
        Makes once what is judged here and then written.

    Raises
    ------
    SlotRefused
        When a check stops the slot.
    """
    once = once or Once()
    try:
        brief = once(build_brief, once(SlotTables.let_out, tables, INTERNAL), INTERNAL, once)
    except Exception:  # nothing is printed of what cannot be made
        return
    figures = printed_figures(claims(brief), tables.thresholds).assign(departement=tables.departement)
    verdicts = judge(pack.to_user_string(), figures, [tables.departement])
    if judged is not None:
        judged += verdicts
    if refusals := [verdict.sentence() for verdict in verdicts if verdict.stops]:
        raise SlotRefused(" ".join(refusals))
