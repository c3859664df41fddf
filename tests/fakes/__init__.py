"""Services to try the connectors on: real HTTP on this machine, answers written from the documentation, faults that can be switched on."""
