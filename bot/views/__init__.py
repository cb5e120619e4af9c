"""Every word players read: values in, a Message, a Form or a Text out."""
