"""Each file takes the tables one version further."""
