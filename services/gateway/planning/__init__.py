"""From what a client asks to what will be made, or to everything that is wrong with it."""

from services.gateway.planning.batch import Plan, plan

__all__ = ["Plan", "plan"]
