# A form that could not be taken, where it cannot be shown again at once.

again-heading = That could not be sent yet
again-typed = You wrote:
again-open = Open the form again
