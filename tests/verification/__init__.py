"""Verification verified: right layers pass, wrong ones fail for the right reason, and callers' mistakes are named."""
