"""How many independent origins stand behind each claim, and how many against it; relays of one story count once."""

from collections import Counter

import venezuela_data as vd

rows = list(vd.load().table("claims"))
for standing, number in Counter(row["standing"] for row in rows).most_common():
    print(f"{number:4} {standing}")
print()
for row in sorted(rows, key=lambda row: (-row["origins_supporting"] - row["origins_contradicting"], row["id"])):
    if row["origins_supporting"] + row["origins_contradicting"]:
        print(f"{row['origins_supporting']} for, {row['origins_contradicting']} against: {row['text']}")
