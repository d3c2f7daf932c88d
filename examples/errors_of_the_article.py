"""Every place where the article is wrong, ambiguous or at odds with itself, what it should read, and on what basis."""

import venezuela_data as vd

data = vd.load()
for erratum in data.errata:
    reading = f", should read {erratum.should_read!r}" if erratum.should_read else ""
    print(f"{erratum.id}: {erratum.as_written!r} ({erratum.kind}, {erratum.decision}, {erratum.confidence}){reading}")
    for source_id in erratum.basis:
        source = data.sources[source_id]
        print(f"    {source.publisher}, {source.published}: {source.title}")
