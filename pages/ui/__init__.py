"""What a page may use. Pages ask and draw through these files and hold no widget keys, no SQL and no plotly of their own.

    the frame      address (choices in the link), language, bar, view, periods, ready (is there anything to show), listing, errors, brand
    asking         asking (cached answers), store (clients, ledger, choices), answer (a result read for the page), verdict (noise)
    words          said (values and changes), spelled (formulas), escape (text of others)
    drawing        figures (cards, tables), shown (answers into them), figure, axes, labels, trend, share_map, coverage, design
    parts of pages channels, efficiency, course, receipt; loaded, ledger, dropping, trial, shelf, newcomer; terms; control, show
"""
