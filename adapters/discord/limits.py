"""The numbers of Discord. Characters unless it says otherwise; each with the page it stands on."""

# --- a message of Components V2 ----------------------------------------------------------

COMPONENTS = 40  # Component reference, "up to 40 total components"; those inside others count too

# Component reference, "Text Display": of all of them in one message together. Whether Discord counts
# an emoji once or twice no page says, so we count UTF-16 units, which is never too few.
TEXT = 4_000

ROW = 5  # buttons. Component reference, "Action Row"
BUTTON = 80  # Component reference, "Button", `label`; about 34 show on a narrow screen
CUSTOM_ID = 100  # Component reference, "Custom ID"

# --- a modal -----------------------------------------------------------------------------

MODAL_TITLE = 45  # Receiving and responding, "Modal", `title`
MODAL_COMPONENTS = 5  # Receiving and responding, "Modal", `components`: texts count as fields do
LABEL = 45  # Component reference, "Label", `label`
DESCRIPTION = 100  # Component reference, "Label", `description`
TYPED = 4_000  # Component reference, "Text Input", `value` and `max_length`
RADIOS = 10  # Component reference, "Radio Group", `options`: 2 to 10
OPTIONS = 25  # Component reference, "String Select", `options`
OPTION = 100  # Component reference, "Radio Group Option" and "Select Option", `label`

# --- how often, and how long -------------------------------------------------------------

# Rate limits: 50 requests a second for a bot, callbacks not counted. Evenly spread, with room for those
# of discord.py itself, and no more: 10,000 channels wait for the difference.
CALLS_A_SECOND = 46.5
CONNECTING_SECONDS = 1.0  # in which discord.py itself calls: who we are, our commands, where the gateway is
EDIT_GAP_SECONDS = 2.0  # between two edits of one board: a channel takes 5 edits in 5 s
FORM_SECONDS = 2.2  # of the 3 s for a first answer (Receiving and responding); a form has to be the first
FIRST_ANSWER_SECONDS = 1.0  # after that Discord is told to wait, and has 15 min then
CALLBACK_SECONDS = 3.0  # a later callback is refused anyway
CALL_SECONDS = 30.0  # discord.py repeats and waits by itself within this time
ASK_SECONDS = 20.0  # for who we are, where a person waits for it
STOP_SECONDS = 3.0  # for what is being told when we stop
LONGEST_RECONNECT_WAIT = 120.0  # seconds between two new beginnings
IDENTIFIES_AN_HOUR = 30  # 720 a day, of 1,000 (Gateway: identifying)
IDENTIFY_GAP_SECONDS = 5.0  # Gateway, "Rate Limiting": one for each shard in 5 s
GUILDS_SECONDS = 0.2  # of quiet after the last guild was told; a guild that comes later is taken as well

# --- calls -------------------------------------------------------------------------------

ACTION_LENGTH = 100  # Component reference: button, `custom_id`
NONCE_LENGTH = 25  # Create message, `nonce`
LOOKED_AT = 100  # Get channel messages, `limit`
THREAD_NAME = 100  # Channel resource, `name`
THREAD_MINUTES = 10_080  # a week of quiet until it is archived (Channel resource, `auto_archive_duration`)
CHOICES = 25  # Application commands, `choices`
