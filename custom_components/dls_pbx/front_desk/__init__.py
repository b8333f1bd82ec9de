"""Front desk: the rows that its card shows, kept up to date for whoever looks at them, and the card itself."""
