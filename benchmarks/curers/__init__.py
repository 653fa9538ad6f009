"""Ways to mend a training that was broken on purpose: ours, a rival's, and those that know nothing."""
