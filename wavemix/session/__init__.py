"""What a session is: the tracks of one song, their groups and roles, and the slots that they go to."""
