"""A copy of the public site as plain files, that opens from a folder without a server."""
