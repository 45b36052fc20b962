"""Gates: Great Expectations suites that decide whether a run goes on."""
