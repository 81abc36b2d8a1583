"""Which limits of a case contradict one another, and the least changes that give it a plan.

Everything here works on the case as its user wrote it: a limit is taken away, or moved, as `--set` would do it, and the
case is solved again. So a conflict names lines of files, and a repair is a command that was tried.
"""
