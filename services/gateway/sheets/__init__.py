"""Spreadsheets: a batch as its user edits it, in CSV and XLSX, in and out."""
