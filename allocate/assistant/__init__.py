"""The same questions for an assistant: tools over the Model Context Protocol, confined to a folder, answers kept short."""
