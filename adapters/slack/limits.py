"""The numbers of Slack. Characters unless it says otherwise; each with the page it stands on."""

# --- a message, a modal, the Home tab ----------------------------------------------------

MESSAGE_BLOCKS = 50  # Reference: blocks, "up to 50 blocks in each message"
VIEW_BLOCKS = 100  # Reference: blocks, "100 blocks in modals or Home tabs"

# Above about 12,000 chat.postMessage answers msg_blocks_too_long, and no page says what counts:
# slackapi/bolt-js, issues 2509 (refused at 13,200) and 2867 (11,341 of text were refused). So every
# string of a block counts here, its markup too, and there is room to spare.
MESSAGE_LENGTH = 11_000

VIEW_TITLE = 24  # Reference: modal views, `title`, `submit` and `close`
VIEW_METADATA = 3_000  # Reference: modal views, `private_metadata`

# --- blocks ------------------------------------------------------------------------------

HEADER = 150  # Reference: header block, `text`
CONTEXT = 2_000  # Reference: context block, a text element; shown until then by every client
RICH_TEXT = 3_000  # no page gives one: the limit of a section's text, which all clients show

# --- what stands in blocks ---------------------------------------------------------------

BUTTON = 75  # Reference: button element, `text`; clients may show no more than about 30
BUTTON_SPOKEN = 75  # Reference: button element, `accessibility_label`
LABEL = 2_000  # Reference: input block, `label`
HINT = 2_000  # Reference: input block, `hint`
TYPED = 3_000  # Reference: plain-text input element, `max_length` and so `initial_value`
OPTIONS = 100  # Reference: static select menu, `options`
OPTION = 75  # Reference: option object, `text`

# --- how often ---------------------------------------------------------------------------

POST_EVERY_SECONDS = 1.0  # Rate limits: chat.postMessage, about one a second per channel
POSTS_A_MINUTE = 200  # Rate limits: "several hundred messages per minute" in a workspace; room to spare
EDIT_GAP_SECONDS = 2.0  # between two edits of one board, so that a busy one leaves room for others
EDITS_A_MINUTE = 45  # Rate limits: chat.update is tier 3, 50 and more a minute
PAGES_A_MINUTE = 45  # Rate limits: conversations.replies is tier 3 for an internal app
RETRY_SECONDS = 1.0  # where Slack does not say how long

# --- our own -----------------------------------------------------------------------------

ACTION_LENGTH = 2_000  # Reference: button element, `value`
READ_SECONDS = 0.5  # of the 3 s in which a form can be opened (Reference: trigger_id)
TRIGGER_SECONDS = 2.5  # of the 3 s: waiting longer than that for leave to call is in vain
JOIN_SECONDS = 1.5  # of the 3 s for an acknowledgement; else posting shows whether we are in the channel
NAME_SECONDS = 0.4  # of the 3 s for an acknowledgement
CALL_SECONDS = 10.0  # after that nobody knows whether a call was taken
STOP_SECONDS = 3.0  # for what is being told when we stop
ANSWER_TRIES = 3
LONGEST_ANSWER_WAIT = 30.0  # seconds: who pressed is not kept waiting longer
NAMES_KEPT = 10_000  # people, in each workspace
CREATORS_KEPT = 1_000  # channels, in each workspace
LOOKED_AT = 100  # newest posts, when one of ours may be there already
PAGE = 200  # Pagination: "no more than 200 results at a time", of a thread that is read back

# --- what Slack sends us by HTTP ---------------------------------------------------------

BODY_BYTES = 1_000_000  # our own: a press in a long modal is some 200 KB
SIGNED_WITHIN = 300  # seconds, either way (Verifying requests from Slack)
BODY_SECONDS = 10.0  # to send a body in: Slack itself waits no longer than 3
DEEPEST = 100  # JSON within JSON: Slack's own is less than 20 deep
TELL_AGAIN_SECONDS = 60.0  # between two lines in the log about requests that are not from Slack

# --- workspaces that add us by themselves ------------------------------------------------

STATE_SECONDS = 600  # our own: from "Add to Slack" until somebody has agreed there
RENEW_BEFORE_SECONDS = 2 * 3600  # of the 12 hours that a token lasts (Using token rotation)
LOOK_AFTER_SECONDS = 60.0  # how soon every process knows a workspace that was added or removed
QUERY_LENGTH = 4_000  # our own, of what Slack sends a browser back with
