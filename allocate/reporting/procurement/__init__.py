"""What procurement needs of a plan: an award sheet for each vendor, the buyer's own page, feedback for each bidder."""
