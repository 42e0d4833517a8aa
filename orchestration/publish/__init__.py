"""What people take away from the marts: a prompt, files for other programs, pages."""
