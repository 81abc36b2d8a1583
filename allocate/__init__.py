"""Plans data-annotation spend: a case goes in, a proven plan comes out."""
