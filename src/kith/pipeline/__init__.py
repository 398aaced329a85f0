"""What Kith does, step by step, through the ports. Every door calls these functions."""
