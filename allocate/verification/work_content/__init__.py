"""What one delivered item takes and comes to: its work, its accuracy, what is billed of it, read again from the case."""
