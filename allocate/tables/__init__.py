"""Every table there is: its columns with name, unit, meaning and format, and how it is shown."""
