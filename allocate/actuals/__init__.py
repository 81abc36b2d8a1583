"""What really happened: exports of annotation platforms, timesheets and invoices as one long table of work, cleaned and counted."""
