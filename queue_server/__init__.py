"""The waiting room's server: who waits, who is called, and who may know it."""
