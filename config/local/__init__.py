"""What only `make run` and the tests use: the embedded PostgreSQL and the supervisor."""
