"""How fast this machine is with a city, beside what others do with the same work in the same run.

Every bench gives figures, name → number; times are those of one run, ratios mean more than times.
"""
