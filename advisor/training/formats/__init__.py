"""How data of the user's own are read: one file a format, named as `advisor.config.places` names it."""
