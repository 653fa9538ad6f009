"""What stands on the screens: each is given attributes and sends messages of its own."""
