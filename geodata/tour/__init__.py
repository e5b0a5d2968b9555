"""What the command centre's wall looks at: orders, moments and commands in, one place out."""
