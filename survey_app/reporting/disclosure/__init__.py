"""What may be read: raw cells go in, figures that may be shown come out. Nothing is hidden anywhere else."""
