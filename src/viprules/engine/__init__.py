"""Decides from values alone: no clock, no files, no network; read in the order of the data."""
