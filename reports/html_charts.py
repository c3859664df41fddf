"""Charts of a story as plotly.js draws them: traces and a layout as plain values, with colours named (`@accent`) and not fixed.

Texts are escaped: the library reads a little HTML in them. What the pointer says is written out here, as printed.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from data.text import Words
from reports.drawing import axis, bars, steps
from reports.drawing.sheet import Look, cut, wrapped
from reports.palette import Palette
from reports.story import Chart, Series

Told = dict[str, Any]
NAMED = Palette(
    "@accent", "@ink", "@soft", "@grid", "@axis", "@paper", "@on", "@before", "@year", "@plan", "@good", "@bad", "@flat",
    ("@part-1", "@part-2", "@part-3", "@part-4", "@part-5", "@part-6"),
)
HIGH = 340
"""Unit: pixels."""


def told(chart: Chart, look: Look, words: Words, currency: str) -> Told:
    """Shape: `data` and `layout`; `foot` are labels under the picture, of which as many are shown as there is room for."""
    return _KINDS[chart.kind](chart, look, axis.speech(chart, words, currency))


def _line(chart: Chart, look: Look, speech: axis.Speech) -> Told:
    data = []
    for place, series in enumerate(chart.series):
        colour, now = NAMED.role(series.role, place), series.role == "now"
        data.append({
            "type": "scatter", "mode": "lines+markers" if now or _lonely(series) else "lines",
            "name": _plain(series.name), "connectgaps": False,
            "x": list(range(len(chart.labels))), "y": list(series.values),
            "line": {"color": colour, "width": 2.6 if now else 1.8, "dash": "dash" if series.role == "plan" else "solid"},
            "marker": {"size": 6, "color": colour}, **_spoken(chart, series),
        })
    marks = axis.ticks(*axis.course(axis.known(value for series in chart.series for value in series.values)))
    layout = _layout(HIGH, marks, speech)
    layout["xaxis"]["range"] = [-0.4, len(chart.labels) - 0.6]
    layout["showlegend"] = len(chart.series) > 1
    return _footed({"data": data, "layout": layout}, chart)


def _lonely(series: Series) -> bool:
    """Whether a value stands between two gaps, where a line alone would not show it."""
    around = (None, *series.values, None)
    return any(around[place] is not None and around[place - 1] is None and around[place + 1] is None for place in range(1, len(around) - 1))


def _bar(chart: Chart, look: Look, speech: axis.Speech) -> Told:
    return _lying(chart, speech) if bars.lies(chart, look) else _standing(chart, speech, "group")


def _stacked(chart: Chart, look: Look, speech: axis.Speech) -> Told:
    return _standing(chart, speech, "relative")


def _standing(chart: Chart, speech: axis.Speech, mode: str) -> Told:
    ends = [end for column in bars.stack(chart.series, len(chart.labels)) for span in column if span for end in span]
    values = axis.known(value for series in chart.series for value in series.values) if mode == "group" else ends
    data = [_bars(chart, series, place) for place, series in enumerate(chart.series)]
    layout = _layout(HIGH, axis.ticks(min(0.0, *values, 0.0), max(0.0, *values, 0.0)), speech)
    layout |= {"barmode": mode, "bargap": 0.28, "bargroupgap": 0.06, "showlegend": len(data) > 1}
    layout["xaxis"]["range"] = [-0.5, len(chart.labels) - 0.5]
    return _footed({"data": data, "layout": layout}, chart, 44 if len(chart.labels) <= 8 else 0)


def _lying(chart: Chart, speech: axis.Speech) -> Told:
    values = axis.known(value for series in chart.series for value in series.values)
    high = len(chart.labels) * (18 + 22 * len(chart.series)) + 50
    layout = _layout(high, axis.ticks(min(0.0, *values, 0.0), max(0.0, *values, 0.0)), speech)
    names = [_plain("\n".join(wrapped(label, 150, 12, 2))) for label in chart.labels]
    layout["xaxis"], layout["yaxis"] = layout["yaxis"], layout["xaxis"]
    layout["xaxis"] |= {"showticklabels": False, "showgrid": False}
    layout["yaxis"] |= {"tickvals": list(range(len(names))), "ticktext": names, "range": [len(names) - 0.5, -0.5], "automargin": True}
    layout |= {"barmode": "group", "bargap": 0.28, "showlegend": len(chart.series) > 1, "hovermode": "closest"}
    data = [_bars(chart, series, place) for place, series in enumerate(chart.series)]
    for trace, series in zip(data, chart.series, strict=True):
        trace |= {"x": trace["y"], "y": trace["x"], "orientation": "h", "textposition": "outside", "cliponaxis": False}
        trace |= {"text": [_plain(text) for text in series.texts], "constraintext": "none"}
    span = layout["xaxis"]["range"]
    layout["xaxis"]["range"] = [span[0] * 1.15, span[1] * 1.15]
    return {"data": data, "layout": layout}


def _bars(chart: Chart, series: Series, place: int) -> Told:
    colour: Any = NAMED.role(series.role, place)
    if any(series.tones):
        colour = [NAMED.tone(tone) if tone else colour for tone in series.tones]
    return {
        "type": "bar", "name": _plain(series.name), "x": list(range(len(chart.labels))), "y": list(series.values),
        "marker": {"color": colour},
        **_spoken(chart, series),
    }


def _waterfall(chart: Chart, look: Look, speech: axis.Speech) -> Told:
    series = chart.series[0]
    spans = steps.running([value or 0.0 for value in series.values])
    marks = axis.ticks(*axis.course([end for span in spans[1:-1] for end in span] + [spans[0][1], spans[-1][1]]))
    floor, tones = marks[0], series.tones or ("flat",) * len(spans)
    colours = ["@before", *(NAMED.tone(tone) for tone in tones[1:-1]), "@accent"]
    feet = [max(min(span), floor) for span in spans]
    trace = {
        "type": "bar", "x": list(range(len(spans))), "base": feet, "y": [max(span) - foot for span, foot in zip(spans, feet, strict=True)],
        "marker": {"color": colours}, "width": 0.66, "text": [_plain(text) for text in series.texts], "textposition": "outside",
        "cliponaxis": False, "textfont": {"color": "@ink"}, "constraintext": "none", **_spoken(chart, series),
    }
    layout = _layout(HIGH, marks, speech)
    layout["margin"]["t"] = 26
    layout["xaxis"]["range"] = [-0.5, len(spans) - 0.5]
    layout["hovermode"] = "closest"
    layout["shapes"] = [
        {"type": "line", "x0": place + 0.33, "x1": place + 0.67, "y0": end, "y1": end, "line": {"color": "@axis", "width": 1}}
        for place, (_, end) in enumerate(spans[:-1])
    ]
    return _footed({"data": [trace], "layout": layout}, chart, 72)


def _map(chart: Chart, look: Look, speech: axis.Speech) -> Told:
    across, along = chart.series[0], chart.series[1]
    marks_x, marks_y = (axis.ticks(*axis.course(axis.known(one.values))) for one in (across, along))
    sizes = chart.series[2].values if len(chart.series) > 2 else (1.0,) * len(chart.labels)
    most = max(axis.known(sizes), default=0.0) or 1.0
    tones = along.tones or across.tones
    spoken = [
        "<br>".join((f"<b>{_plain(label)}</b>", *(f"{_plain(one.name)}: {_plain(one.texts[place])}" for one in chart.series if one.texts)))
        for place, label in enumerate(chart.labels)
    ]
    trace = {
        "type": "scatter", "mode": "markers+text", "x": list(across.values), "y": list(along.values), "cliponaxis": False,
        "text": [_plain(cut(label, 150, 12)) for label in chart.labels], "textposition": [_side(value, marks_x) for value in across.values],
        "textfont": {"color": "@ink", "size": 12},
        "marker": {"size": [max(9.0, 40 * max(0.0, (size or 0.0) / most) ** 0.5) for size in sizes], "opacity": 0.85,
                   "color": [NAMED.tone(tone) for tone in tones] if tones else "@accent", "line": {"width": 0}},
        "customdata": spoken, "hovertemplate": "%{customdata}<extra></extra>",
    }
    names = chart.names if len(chart.names) > 1 else (across.name, along.name)
    layout = _layout(430, marks_y, speech)
    layout["xaxis"] |= {
        "tickvals": marks_x, "ticktext": [_plain(said) for said in speech.ticks(marks_x)], "range": [marks_x[0], marks_x[-1]],
        "showgrid": True, "gridcolor": "@grid", "title": {"text": _plain(names[0]), "standoff": 10},
    }
    layout["annotations"] = [{
        "text": _plain(names[1]), "x": 0, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom",
        "yshift": 12, "xshift": -34, "showarrow": False,
    }]
    layout |= {"hovermode": "closest", "margin": {"l": 8, "r": 24, "t": 36, "b": 8}}
    if chart.unit == "share" and marks_x[0] == marks_y[0] == 0:
        end = min(marks_x[-1], marks_y[-1])
        dotted = {"color": "@axis", "width": 1, "dash": "dot"}
        layout["shapes"] = [{"type": "line", "x0": 0, "y0": 0, "x1": end, "y1": end, "layer": "below", "line": dotted}]
    return {"data": [trace], "layout": layout}


def _side(value: float | None, marks: list[float]) -> str:
    """Where a name stands beside its point, so that it stays within the picture."""
    share = ((value or 0.0) - marks[0]) / (marks[-1] - marks[0])
    return "middle right" if share < 0.35 else "middle left" if share > 0.65 else "top center"


def _heat(chart: Chart, look: Look, speech: axis.Speech) -> Told:
    most = max(axis.known(value for series in chart.series for value in series.values), default=1.0) or 1.0
    width = range(len(chart.labels))
    trace = {
        "type": "heatmap", "z": [list(series.values) for series in chart.series], "x": list(width), "y": list(range(len(chart.series))),
        "text": [_known(series) for series in chart.series], "texttemplate": "%{text}", "textfont": {"size": 12},
        "customdata": [[f"{_plain(series.name)} · {_plain(chart.labels[place])}" for place in width] for series in chart.series],
        "hovertemplate": "%{customdata}<br><b>%{text}</b><extra></extra>", "hoverongaps": False, "showscale": False, "xgap": 2, "ygap": 2,
        "zmin": 0, "zmax": most, "colorscale": [[0, "@pale"], [1, "@accent"]],
    }
    layout = _layout(len(chart.series) * 30 + 60, [0.0, 1.0], speech)
    names = [_plain(cut(series.name, 150, 12)) for series in chart.series]
    layout["yaxis"] |= {"tickvals": list(range(len(names))), "ticktext": names, "range": [len(names) - 0.5, -0.5]}
    layout["yaxis"] |= {"showgrid": False, "zeroline": False}
    layout["xaxis"] |= {"side": "top", "ticks": "", "range": [-0.5, len(chart.labels) - 0.5]}
    layout["hovermode"] = "closest"
    return _footed({"data": [trace], "layout": layout}, chart, 60)


def _known(series: Series) -> list[str]:
    """Nothing where the time has not come."""
    texts = series.texts or ("",) * len(series.values)
    return ["" if value is None else _plain(text) for value, text in zip(series.values, texts, strict=True)]


_KINDS: dict[str, Callable[[Chart, Look, axis.Speech], Told]] = {
    "line": _line, "bar": _bar, "stacked": _stacked, "waterfall": _waterfall, "map": _map, "heat": _heat,
}


def _layout(high: float, marks: list[float], speech: axis.Speech) -> Told:
    return {
        "height": high, "margin": {"l": 8, "r": 8, "t": 14, "b": 8}, "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": 12}, "dragmode": False, "hovermode": "closest", "showlegend": False,
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "itemclick": "toggle", "font": {"color": "@soft"}},
        "xaxis": {"fixedrange": True, "showgrid": False, "zeroline": False, "automargin": True, "tickangle": 0},
        "yaxis": {
            "fixedrange": True, "gridcolor": "@grid", "zeroline": True, "zerolinecolor": "@axis", "automargin": True,
            "range": [marks[0], marks[-1]], "tickvals": marks, "ticktext": [_plain(said) for said in speech.ticks(marks)],
        },
    }


def _footed(whole: Told, chart: Chart, slot: int = 0) -> Told:
    """With labels under the picture, in short lines. `slot` pixels are the least that each place needs to be read."""
    lines = [wrapped(label, max(52.0, 700 / len(chart.labels)), 12, 3) for label in chart.labels]
    longest = max((len(line) for label in lines for line in label), default=1)
    foot = [_plain("\n".join(label)) for label in lines]
    return whole | {"least": _least(len(chart.labels), slot, longest), "foot": foot, "longest": longest}


def _least(count: int, slot: int, longest: int) -> float:
    """Width at which every place has its room and its label; 0 where labels may be left out."""
    return count * max(slot, longest * 6.6 + 8) + 90 if slot else 0


def _spoken(chart: Chart, series: Series) -> Told:
    """What the pointer says: the label, the series, the value as it is printed."""
    texts = series.texts or ("",) * len(chart.labels)
    said = [f"{_plain(label)}<br>{_plain(series.name)}: <b>{_plain(text)}</b>" for label, text in zip(chart.labels, texts, strict=True)]
    return {"customdata": said, "hovertemplate": "%{customdata}<extra></extra>"}


def _plain(words: str) -> str:
    return escape(words, quote=False).replace("\n", "<br>")
