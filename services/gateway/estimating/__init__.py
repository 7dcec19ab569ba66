"""What a batch will take, before anything of it is paid for: calls, characters, money, time."""

from services.gateway.estimating.estimator import Estimator
from services.gateway.estimating.forecast import Estimate

__all__ = ["Estimate", "Estimator"]
