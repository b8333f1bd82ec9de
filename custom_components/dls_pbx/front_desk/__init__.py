"""What the front desk's card shows: rows made of facts, and whoever looks at them kept up to date."""
