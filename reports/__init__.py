"""The client's documents: a Story, made from data and words once, and one exporter per format that reads it.

    templates ─► blocks (query + words) ─► Story ─► pptx, xlsx, html, pdf, md
                                             └─► frozen as sent
"""
