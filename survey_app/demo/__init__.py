"""What ``run.py`` starts inside the environment: the demo district, or the office's own installation."""
