"""Small networks and images, in exact numbers or in letters, on which statements are evaluated."""
