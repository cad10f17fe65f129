"""A benefit for viprules: an offer of a partner, with places for so many customers."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from viprules.api import BenefitType, Example, Texts, Value, hookimpl, key

__all__ = ["VIPRULES_CONTRACT", "Order", "viprules_effects"]

VIPRULES_CONTRACT = 1
Order = Literal["tier", "since", "customer"]


@frozen(kw_only=True)
class PartnerOffer:
    """An offer of a partner; `quota` says how often one customer may use it, `places` how many customers have it."""

    partner: str = key("who gives it", examples=["lake-hotel"])
    offer: Texts = key("what is given, by language", examples=["{zh: 免费升级房型, en: room upgrade}"])
    places: Value | None = key("how many customers may have it; unsaid everybody", default=None, examples=["200"])
    order: tuple[Order, ...] = key(
        "who comes first: the higher `tier`, the longer holding (`since`), the id of the `customer`",
        default=("tier", "since", "customer"),
        examples=["[tier, since]"],
        schema={"uniqueItems": True},
    )


@hookimpl
def viprules_effects() -> list[BenefitType]:
    """Offer the benefit."""
    example = (
        "{partner_offer: {id: lake, partner: lake-hotel, offer: {zh: 免费升级房型, en: room upgrade}, places: 200}}"
    )
    return [
        BenefitType(
            name="partner_offer",
            parameters=PartnerOffer,
            doc="an offer of a partner, with places for so many customers",
            examples=(Example(yaml=example),),
            words={"en": "{offer} by {partner}", "zh": "{partner}：{offer}"},
        )
    ]
