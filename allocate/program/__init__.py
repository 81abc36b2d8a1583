"""The program: columns, rows and objective as labelled arrays, with PuLP as its face."""
