"""Charts, as pictures that need nothing else."""
Figure = lines = None
