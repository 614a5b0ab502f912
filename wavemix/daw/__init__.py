"""Sessions for other programs: the raw tracks on a console whose faders and pans come nearest to the mix."""
