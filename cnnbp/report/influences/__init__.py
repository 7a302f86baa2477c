"""Why the kernel turns on the way back."""
