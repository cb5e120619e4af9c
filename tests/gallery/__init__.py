"""Every view as files, so that a change of wording is reviewed as a diff of what players see."""
