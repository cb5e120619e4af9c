"""The program is ended at any moment, and started again: nothing acknowledged is lost, nothing is doubled."""
