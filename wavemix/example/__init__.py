"""A synthesised demo session, so that anyone has something to mix."""
