"""From the policy to one closed tree: the scope in its layers, the tier machine in `tiers`, the whole in `plan`."""
