"""The endpoints, one small file for each group."""
