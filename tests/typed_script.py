"""A script as a user writes it: type checkers hold it, and a test runs it.

Every expression of which the type is told here is one on which a user relies. It reads the installed data and prints nothing
but a few lines.
"""

from __future__ import annotations

import datetime
from typing import assert_type

import venezuela_data as vd
from venezuela_data import models
from venezuela_data.perspectives import Perspective
from venezuela_data.relations import Backed, ChainLink, Passage
from venezuela_data.search import Match
from venezuela_data.tabular import Assessments, Claims, Records, Rows, Statements


def main() -> None:
    ds = vd.load()
    assert_type(ds, vd.Dataset)
    assert_type(ds.events, Records[models.Event])
    assert_type(ds.events["trump-maduro-call"], models.Event)
    assert_type(ds.actors.get("nobody"), models.Actor | None)
    assert_type(ds.events["trump-maduro-call"].date_earliest, datetime.date | None)
    assert_type(ds.claims.about("nicolas-maduro"), Claims)
    assert_type(ds.statements.by("donald-trump"), Statements)
    assert_type(ds.assessments("trump-maduro-call"), Assessments)
    for found in ds.actors.search("cabello"):
        assert_type(found, Match[models.Actor | models.Erratum])
        if isinstance(found.record, models.Actor):
            print(found.record.name)
    assert_type(ds.search("cabello"), list[Match[models.Record]])
    assert_type(ds.timeline(since="2025-11", until=datetime.date(2025, 11, 30)), Records[models.Event])
    for claim in ds.claims.about(ds.actors["nicolas-maduro"]):
        assert_type(claim, models.Claim)
        assert_type(ds.chain(claim), tuple[ChainLink, ...])
        assert_type(ds.evidence(claim), tuple[Passage, ...])
        assert_type(ds.origins(claim), Backed)
        assert_type(ds.origins(claim).standing, str)
    rows = ds.table("actor_names")
    assert_type(rows, Rows)
    assert_type(rows[0]["name"], str | int | float | bool | datetime.date | None)
    view = ds.view("official-record")
    assert_type(view.perspective, Perspective)
    assert_type(view.claims, Claims)
    print(view.view_name, len(view.claims), len(view.flags))


if __name__ == "__main__":
    main()
