"""What everybody may take away: the directory as open data, made once a night."""
