"""From the policy to one closed tree: terms, conditions and the tier machine as bindings."""
