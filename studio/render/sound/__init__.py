"""Everything that is heard: synthesised music, uploaded sound, loudness, the mix and its limiter."""
