"""How right scores are, beside other models: run by hand, docs/benchmarks.md has the figures."""
