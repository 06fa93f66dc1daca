"""What editors teach the search without a deploy: what words mean, and answers of their own."""
