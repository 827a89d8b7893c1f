"""What concerns the AI helper, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

from starbid.desk_parts import DeskParts
from starbid.observability import helper_is_dear

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from starbid.services.assistant.answering import Answering
    from starbid.services.assistant.asking import Asking
    from starbid.services.assistant.buying import Buying
    from starbid.services.assistant.material import Material
    from starbid.services.auctions.browsing import Browsing
    from starbid.services.people import People
    from starbid.services.ports import Formatting, LanguageModel, Pace


class AssistantParts(DeskParts):
    """Asking, buying and answering. Each part is made when it is first asked for."""

    @property
    @abstractmethod
    def browsing(self) -> Browsing: ...

    @property
    @abstractmethod
    def people(self) -> People: ...

    @property
    @abstractmethod
    def pace(self) -> Pace: ...

    @cached_property
    def asking(self) -> Asking:
        from starbid.services.assistant.asking import Asking

        return Asking(self.store, self.questions, self.assistant_work, self.settings.business)

    @cached_property
    def buying(self) -> Buying:
        from starbid.services.assistant.buying import Buying

        return Buying(self.store, self.questions, self.pack_payments, self.debts)

    @cached_property
    def language_model(self) -> LanguageModel:
        from starbid.language_model.openai_compatible import OpenAiCompatible

        model, key = self.settings.model, self.settings.model_key
        return OpenAiCompatible(
            model.url,
            model.name,
            lambda: key,
            first_byte_seconds=model.first_byte_seconds,
            stall_seconds=model.stall_seconds,
            most_tokens=model.most_tokens,
        )

    @cached_property
    def formatting(self) -> Formatting:
        from starbid.telegram.markdown import TelegramMarkdown

        return TelegramMarkdown()

    @cached_property
    def answering(self) -> Answering:
        from starbid.services.assistant.answering import Answering
        from starbid.services.assistant.spending import Spending
        from starbid.telegram.answers import Answers

        answers = Answers(lambda: self.bot, self.live_answers, self.settings, self.pace)
        spending = Spending(self.counters, self.settings.business.assistant.daily_tokens, helper_is_dear)
        return Answering(
            self.store,
            self.questions,
            self.assistant_work,
            lambda: self.language_model,
            self.formatting,
            answers.stage,
            self._material,
            spending,
            self.pace,
            self.people.mark_unreachable,
        )

    @property
    def _material(self) -> Material:
        from starbid.domain.lots import CATEGORIES
        from starbid.i18n import language
        from starbid.services.assistant.material import Material
        from starbid.services.assistant.prompting import Facts

        business = self.settings.business
        facts = Facts(
            bot="Starbid",
            subscription=language("en").money(business.subscription),
            fee=business.fee_percent,
            release_days=business.deal_times.release_days,
            delivery_days=business.deal_times.delivery_days,
            currency="Telegram Stars",
            categories=CATEGORIES,
        )
        return Material(self.questions, self.browsing, facts, self.settings.model.context_tokens)
