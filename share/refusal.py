"""The pages that tell a visitor no: in the browser's language, and the same for every reason."""

from __future__ import annotations

import re
from html import escape

from starlette.responses import HTMLResponse

from data.errors import Problem
from data.text import Words, languages, words
from share import guard

_LAYOUT = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow"><title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 17px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; margin: 0;
  min-height: 100vh; display: grid; place-items: center; background: light-dark(#f5f7fa, #12181f); color: light-dark(#17212b, #e7ebf0); }}
main {{ max-width: 32rem; padding: 2rem; }}
h1 {{ font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; }}
p {{ margin: 0 0 .75rem; }}
a {{ color: light-dark(#2f74d0, #7db1f5); }}
</style></head>
<body><main><h1>{title}</h1><p>{text}</p>{back}</main></body></html>
"""


def not_here(accepted: str) -> HTMLResponse:
    """No such document: a wrong address, one that has expired, one that was taken back."""
    say = spoken(accepted)
    return _page(say, 404, say.t("This link does not open a document"), say.t("It may have expired, or a part of it may have been lost on "
                 "the way. Ask your manager for a new one."))


def not_so(accepted: str, code: int, problem: Problem | None = None) -> HTMLResponse:
    """Something was sent that is not taken."""
    say = spoken(accepted)
    what, fix = say.t("This was not sent"), say.t("Open the document anew from your link and try again.")
    if problem is not None:
        what, _, fix = say.problem(problem)
    return _page(say, code, what, fix, f'<p><a href="?">{escape(say.t("Back to the document"))}</a></p>')


def spoken(accepted: str) -> Words:
    """The first language of a browser's list that we speak; English where there is none."""
    wanted = re.findall(r"(?:^|,)\s*([A-Za-z]{2,3})", accepted[:200])
    return words(next((code.lower() for code in wanted if code.lower() in languages()), "en"))


def _page(say: Words, code: int, title: str, text: str, back: str = "") -> HTMLResponse:
    body = _LAYOUT.format(language=say.language, title=escape(title), text=escape(text), back=back)
    return HTMLResponse(body, code, headers=guard.headers(guard.policy(())))
