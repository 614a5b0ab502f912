"""Sessions: the tracks of a song, their groups, roles and slots."""
