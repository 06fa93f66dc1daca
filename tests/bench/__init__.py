"""What the main pages cost in CPU time, SQL queries and waiting: `make bench`. How to read it: docs/bench.md."""
