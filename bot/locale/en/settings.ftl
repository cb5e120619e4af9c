# The settings of a channel: its clock.

settings-title = Settings of this channel
settings-zone-hint = For example London, Kolkata or New York.
settings-save = Save
settings-saved = Saved. By the clock of this channel it is now: { $now }.
settings-what = Cards of a campaign come by this clock, and nothing new is posted from 21:00 to 08:00.
