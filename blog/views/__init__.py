"""The public pages of the blog; the same for everybody, so that any cache may hold them."""
