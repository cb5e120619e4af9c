"""The database: tables, transactions, and rows turned into game values and back."""
