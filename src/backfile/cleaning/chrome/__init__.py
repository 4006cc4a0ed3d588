"""What is not the article: taken out of the chosen part of a page, and told with its reason."""
