"""What is made from the marts for people: pages, a prompt, files for other programs."""
