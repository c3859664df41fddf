"""Explore: any measures by any breakdowns, as a table, a pivot or a chart; and the SQL box. Each file draws one part of the page."""
