"""What makes this API look like OpenAI's to programs that were written for that one."""
