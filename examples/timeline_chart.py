"""The timeline as a chart: a bar from the first to the last day on which an event can have been. Writes a picture file."""

import sys

import matplotlib.dates as dates
import matplotlib.pyplot as plt

import venezuela_data as vd

events = [one for one in vd.load().timeline(since="2025-08", until="2025-12") if one.date_earliest and one.date_latest]
figure, axes = plt.subplots(figsize=(11, 0.24 * len(events)), layout="constrained")
for row, event in enumerate(events):
    first, last = dates.date2num(event.date_earliest), dates.date2num(event.date_latest)
    solid = event.actuality == "occurred"
    axes.barh(row, last - first + 1, left=first, color="tab:blue" if solid else "white", edgecolor="tab:blue")
axes.set_yticks(range(len(events)), [f"{event.title[:70]} ({event.actuality})" for event in events], fontsize=7)
axes.xaxis_date()
axes.xaxis.set_major_formatter(dates.ConciseDateFormatter(dates.AutoDateLocator()))
axes.invert_yaxis()
axes.set_title("Filled: occurred. Open: claimed, announced, threatened, offered, demanded, refused, imagined", fontsize=9)
figure.savefig(sys.argv[1] if len(sys.argv) > 1 else "timeline.svg")
