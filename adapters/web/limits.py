"""The numbers of the browser room. They are our own: no platform sets them."""

BODY_BYTES = 64 * 1024  # the longest reply, percent-encoded, and every other field
FIELDS = 40  # in one form
ACTION_LENGTH = 100  # characters, as everywhere
SHOWN_ROUNDS = 10  # earlier recaps on a page
ID_LENGTH = 64  # characters of an id from outside
ROOMS_A_DAY = 20  # started by one browser
STREAMS = 20  # open pages of one browser in one room
