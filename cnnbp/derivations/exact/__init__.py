"""Small networks and images in exact numbers, on which statements are evaluated."""
