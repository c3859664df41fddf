"""The table of attacks: one file for each door, one named case for each attempt. `test_table.py` counts them.

| file | door |
| --- | --- |
| `test_typed_sql.py` | the SQL box |
| `test_formulas.py` | cells of everything that a spreadsheet opens |
| `test_markup.py` | names and texts in pages, documents, letters |
| `test_uploads.py` | files and pictures that are handed in |
| `test_outbound.py` | where the program itself may go |
| `test_server.py` | the server's edge |
| `test_addresses.py` | what stands in an address, names that people choose |
| `test_secrets.py` | what the program says about itself |

Every case holds the same: refused or made harmless, in plain words, bounded, nothing written, and nothing told of paths, versions or
another client. Share links have a file of their own (`tests/test_share.py`), and so has who may see what.
"""
