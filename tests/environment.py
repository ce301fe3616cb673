"""The environment of every test run, set before pytest-django reads the settings (a conftest comes too late)."""

import os
import tempfile

os.environ["CARTERA_HOME"] = tempfile.mkdtemp(prefix="cartera-test-")
os.environ["CARTERA_DEBUG"] = "1"  # plain static files; pytest-django turns DEBUG itself off again
os.environ.pop("CARTERA_TODAY", None)
