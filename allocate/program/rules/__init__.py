"""Rules of the mix in the program: columns and rows, one rule a file."""
