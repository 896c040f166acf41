"""Every sentence the agent says, one module for each language, the same keys in each."""
