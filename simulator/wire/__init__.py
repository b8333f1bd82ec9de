"""Wire formats of the vendor: requests parsed, models serialized, answers formatted."""
