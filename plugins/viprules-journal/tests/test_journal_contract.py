"""What every plug-in promises."""

import viprules_journal
from viprules.testing import PluginContract


class TestContract(PluginContract):
    """The checks for every word."""

    plugin = viprules_journal
