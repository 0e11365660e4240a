"""SQL models: staging, intermediate, marts. Each .sql stands beside the .yml that says its grain and columns."""
