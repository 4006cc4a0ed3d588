"""What a new site starts with: files that `scaffold` copies."""
