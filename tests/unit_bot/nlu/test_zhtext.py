"""zhtext on the dialogue environment's Python: the same tests as on the service's."""

from tests.unit.zhtext.test_danger import *  # noqa: F403
from tests.unit.zhtext.test_encode import *  # noqa: F403
from tests.unit.zhtext.test_normalise import *  # noqa: F403
