"""How long a test waits for what should happen at once: a busy machine is slow, not wrong."""

# Seconds. A wait ends as soon as what it is for has happened, so patience costs nothing unless a test
# fails. Less than pytest's own limit, which ends a test without saying what it waited for.
PATIENCE = 60.0
