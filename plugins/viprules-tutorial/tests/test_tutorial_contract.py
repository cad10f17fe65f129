"""What every plug-in promises."""

import viprules_tutorial
from viprules.testing import PluginContract


class TestContract(PluginContract):
    """The checks for every word."""

    plugin = viprules_tutorial
