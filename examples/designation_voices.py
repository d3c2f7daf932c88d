"""Who said what about the designation of the Cartel de los Soles: each claim, and its chain from document to speaker."""

import venezuela_data as vd

data = vd.load()
for claim in data.claims.about("cartel-de-los-soles"):
    chain = " > ".join(hop.name for hop in data.chain(claim))
    print(f"{chain}\n    {claim.text} ({claim.certainty})")
    for assessment in data.assessments(claim):
        source = data.sources[assessment.source_id]
        print(f"    {source.publisher} {assessment.stance} this")
