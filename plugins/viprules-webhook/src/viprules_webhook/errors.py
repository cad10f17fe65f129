"""Why a message was not taken."""

__all__ = ["DeliveryError"]


class DeliveryError(Exception):
    """A message was not sent or not taken; the text holds no secret."""
