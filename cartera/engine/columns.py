"""What a column is called in signatures. Columns are aligned to one array of accounts; NaN means unknown."""

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Integers = NDArray[np.int64]
type Flags = NDArray[np.bool_]
