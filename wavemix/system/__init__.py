"""The one road from placed inputs to stems and a mix, and the user's word on it."""
