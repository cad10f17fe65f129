from typing import Literal, get_args

from attrs import frozen

from viprules.api import Scope, TermType, criterion, hookimpl, key, nodes

VIPRULES_CONTRACT = 1
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@frozen(kw_only=True)
class OnWeekday:
    """The day asked is one of these days of the week."""

    days: tuple[Day, ...] = key("the days of the week", examples=["[wed, sun]"])

    def compile(self, scope: Scope) -> nodes.Node:
        monday = nodes.PeriodDay(*scope.period("week"), nodes.TODAY)
        return nodes.In(nodes.Elapsed(monday, nodes.TODAY, "days"), tuple(map(get_args(Day).index, self.days)))


@hookimpl
def viprules_terms() -> list[TermType]:
    return [criterion(OnWeekday, words={"en": "on {days}", "zh": "逢{days}"}, examples=["{on_weekday: {days: [wed]}}"])]
