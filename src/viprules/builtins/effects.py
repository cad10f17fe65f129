"""The built-in kinds of benefits: a discount, more points, a gift, a service."""

from __future__ import annotations

from attrs import frozen

from viprules.api import BenefitType, Example, Texts, Value, hookimpl, key

__all__ = ["viprules_effects"]


@frozen(kw_only=True)
class Discount:
    """A percentage off the price."""

    percent: Value = key("how many percent off; 10 is 九折", examples=["10"])
    on: str | None = key("what it is given on, in your own words", default=None, examples=["full_price"])


@frozen(kw_only=True)
class PointsMultiplier:
    """More points for the same purchase."""

    times: Value = key("the factor on points earned", examples=["1.5"])


@frozen(kw_only=True)
class Gift:
    """Something given."""

    item: Texts = key("what is given, by language", examples=["{zh: 生日蛋糕, en: birthday cake}"])
    pieces: Value | None = key("how many", default=None, examples=["1"])


@frozen(kw_only=True)
class Service:
    """A named entitlement: a lounge, a personal adviser, late check-out."""

    name: Texts = key("what it is called, by language", examples=["{zh: 专属客服, en: personal adviser}"])


@hookimpl
def viprules_effects() -> list[BenefitType]:
    """The benefits that every programme can give."""
    return [
        BenefitType(
            name="discount",
            parameters=Discount,
            doc="a percentage off the price",
            examples=(Example(yaml="{discount: {percent: 10, group: price}}"),),
            words={"en": "{percent} % off", "zh": "优惠 {percent}%"},
        ),
        BenefitType(
            name="points_multiplier",
            parameters=PointsMultiplier,
            doc="more points for the same purchase",
            examples=(Example(yaml="{points_multiplier: {times: 1.5}}"),),
            words={"en": "{times} times the points", "zh": "{times} 倍积分"},
        ),
        BenefitType(
            name="gift",
            parameters=Gift,
            doc="something given",
            examples=(
                Example(
                    yaml="{gift: {id: cake, item: {zh: 生日蛋糕, en: birthday cake}, quota: {times: 1, per: year}}}"
                ),
            ),
            words={"en": "{item}", "zh": "{item}"},
        ),
        BenefitType(
            name="service",
            parameters=Service,
            doc="a named entitlement",
            examples=(Example(yaml="{service: {name: {zh: 专属客服, en: personal adviser}}}"),),
            words={"en": "{name}", "zh": "{name}"},
        ),
    ]
