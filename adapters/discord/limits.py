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
