"""Both commands of README.md, tried as a newcomer on Debian machines that nobody prepared: ``make fresh``."""
