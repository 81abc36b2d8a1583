"""Many plans of one case beside each other: compared, along a frontier, under changed inputs, by scale and by mix."""
