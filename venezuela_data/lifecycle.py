"""The life of records: what is left where one was merged, split or taken out, and why records change.

A redirect leads from an id that is no longer used to what took its place, and a tombstone says why there is nothing. A cause
says why records differ from those of the last release; it waits among the seeds until the next one. As in `models`, the
descriptions are published text, and a model checks one field alone. May import `models` and `values`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .models import Part, Record
from .values import AnyId, Day, Name, Slug, TermOf, Text, Unordered


class Redirect(Record):
    """Leads from a record that was merged or split to one that took its place.

    A record that was split has one redirect for each candidate, and nobody picks among them. The target stands for itself: a
    redirect never leads to another.
    """

    id: Slug = Field(description="Id of the redirect itself.")
    table: Name = Field(description="The table in which the record was, and in which its target is.")
    record_id: AnyId = Field(description="The id that is no longer used, and never will be for anything else.")
    kind: Annotated[str, TermOf("redirect_kind")] = Field(description="Whether it was merged into another, or split.")
    target_id: AnyId = Field(description="The record that took its place, or one of those that did.")
    note: Text = Field(description="Why the one stands for the other.")


class Tombstone(Record):
    """Stands where a record was that is no longer here, and says why, without saying again what the record said."""

    id: Slug = Field(description="Id of the tombstone itself.")
    table: Name = Field(description="The table in which the record was.")
    record_id: AnyId = Field(description="The id that is no longer used, and never will be for anything else.")
    cause: Annotated[str, TermOf("change_cause")] = Field(description="What kind of reason there was.")
    date: Day = Field(description="The day on which the record was taken out.")
    note: Text = Field(description="The reason, as far as it is public.")


class Changing(Part):
    """A record that changes, or every new record of a table."""

    table: Name = Field(description="The table in which the record is.")
    record_id: AnyId | None = Field(
        default=None, description="The record; left out, every record that is new in the table and not named elsewhere."
    )


class Cause(Record):
    """Why records differ from those of the last release.

    It stands among the seeds until the next release, which writes cause and note beside each change that they explain.
    """

    id: Slug = Field(description="Name of the cause.")
    cause: Annotated[str, TermOf("change_cause")] = Field(description="What kind of reason there is.")
    note: Text = Field(description="What was found, and on what basis: one or two sentences for whoever reads the history.")
    records: Unordered[Changing] = Field(min_length=1, description="The records that change for this reason.")
