"""The built-in terms, benefits and channels: plug-ins like any other, written against `viprules.api`."""
