"""Accuracy and speed against peers, one command each; the results stand in docs/benchmarks.md."""
