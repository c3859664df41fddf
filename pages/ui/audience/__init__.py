"""Audience: who comes, and which segments bring more or less than the rest. Each file draws one part of the page."""
