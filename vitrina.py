"""Vitrina's command line: clients, files, questions. `python vitrina.py --help` explains itself."""

from commands import main

if __name__ == "__main__":
    main()
