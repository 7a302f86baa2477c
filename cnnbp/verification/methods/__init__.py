"""The ways in which a layer is verified, a file each."""
