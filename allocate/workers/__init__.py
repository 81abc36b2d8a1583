"""Who does work that can be shared out: this process, other processes, or a Dask cluster, behind one interface."""
