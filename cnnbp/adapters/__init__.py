"""Other people's layers as layers of ours."""
