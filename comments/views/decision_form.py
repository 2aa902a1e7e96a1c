"""What a moderator sends, from the admin or from the conversation, checked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments.models import Comment, ReadyReason
from comments.moderation import clearing
from comments.moderation.decisions import BanTarget, BanTerms, Decision, Duration
from comments.screening import bans
from comments.thread import markup
from core.text import TextRefused

_NUMBER = {"required": False, "min_value": 0, "max_value": 2**63 - 1}


CLEAR = (
    (Decision.REFUSE.value, _("refuse it")),
    (Decision.SPAM.value, _("mark it as spam")),
)
"""What can become of what waits of somebody who is banned."""


class DecisionForm(forms.Form):
    """One decision about one comment, or about several at once."""

    decision = forms.ChoiceField(choices=Decision.choices)
    # The version that was looked at.
    seen = forms.IntegerField(**_NUMBER)  # type: ignore[arg-type]
    # The colleague whose claim the moderator was told of.
    over = forms.IntegerField(**_NUMBER)  # type: ignore[arg-type]
    # A ready-made reason, and own words: both may be given.
    ready = forms.ModelChoiceField(ReadyReason.objects.all(), required=False)
    reason = forms.CharField(max_length=300, required=False)
    text = forms.CharField(required=False, strip=False)
    target = forms.ChoiceField(choices=BanTarget.choices, required=False)
    pattern = forms.CharField(max_length=200, required=False)
    duration = forms.ChoiceField(choices=Duration.choices, required=False)
    # What becomes of what waits of whom is banned, and whether others may be shut out with them.
    clear = forms.ChoiceField(choices=CLEAR, required=False)
    sure = forms.BooleanField(required=False)

    def __init__(self, data: Any, *, comment: Comment | None, may_ban: bool) -> None:
        super().__init__(data)
        self.comment, self.may_ban = comment, may_ban

    def clean_text(self) -> str:
        """The other words of a comment, or the answer to it, as they are stored."""
        text = markup.clean_source(self.cleaned_data["text"])
        decision = self.data.get("decision")
        if decision not in (Decision.REWORD, Decision.ANSWER):
            return text
        if not text and decision == Decision.ANSWER:
            raise ValidationError(_("Write your answer."))
        if not text:
            raise ValidationError(_("Write what the comment is to say."))
        try:
            markup.render(text)
        except TextRefused as refusal:
            raise ValidationError(refusal.message, refusal.code, refusal.params) from refusal
        return text

    def clean(self) -> dict[str, Any]:
        """The reason joined from both fields; what a decision cannot do without is asked for."""
        data = super().clean() or self.cleaned_data
        ready = data.get("ready")
        data["reason"] = " ".join(
            filter(None, (ready.words if ready else "", data.get("reason", "")))
        )
        if len(data["reason"]) > 300:
            self.add_error("reason", _("At most 300 characters."))
        decision = data.get("decision")
        if decision == Decision.REMOVE and not data["reason"]:
            self.add_error("reason", _("Say why: readers see it in the place of the comment."))
        if decision == Decision.BAN:
            self._check_ban(data)
        return data

    def _check_ban(self, data: dict[str, Any]) -> None:
        target, comment = data.get("target"), self.comment
        if not self.may_ban or comment is None:
            self.add_error(None, _("Moderators ban; authors decide about comments."))
        elif not target or not data.get("duration"):
            self.add_error(None, _("Choose whom to ban, and for how long."))
        elif target == BanTarget.PERSON and not (comment.commenter and comment.commenter.email):
            self.add_error("target", _("The person is not known: no e-mail address was given."))
        elif target == BanTarget.NETWORK and not comment.client:
            self.add_error("target", _("The network is not known any more."))
        elif target == BanTarget.PATTERN and not bans.is_pattern(data.get("pattern", "")):
            self.add_error("pattern", pattern_fault())
        elif not data.get("sure"):
            self._check_others(BanTarget(target), data.get("pattern", "").strip(), comment)

    def _check_others(self, target: BanTarget, pattern: str, comment: Comment) -> None:
        """A ban that is on others too needs a word of its own."""
        others = clearing.others_shut_out(comment, target, pattern)
        if others:
            said = ngettext(
                "This shuts out %(count)d other person who is known here. Tick that you mean "
                "others too, or ban the person alone.",
                "This shuts out %(count)d other people who are known here. Tick that you mean "
                "others too, or ban the person alone.",
                others,
            )
            self.add_error("target", said % {"count": others})

    def arguments(self) -> dict[str, Any]:
        """What `decisions.decision_make` takes, beside the comment and the person."""
        data = self.cleaned_data
        ban = None
        if data["decision"] == Decision.BAN:
            ban = BanTerms(BanTarget(data["target"]), Duration(data["duration"]), data["pattern"])
        return {
            "decision": Decision(data["decision"]),
            "seen": data["seen"],
            "reason": data["reason"],
            "text": data["text"],
            "ban": ban,
            "over": data["over"],
        }

    @property
    def fault(self) -> str:
        """What is wrong, in one sentence or more."""
        return " ".join(str(word) for words in self.errors.values() for word in words)


def pattern_fault() -> str:
    """What a pattern of addresses must look like."""
    return str(_("Write an address, or a pattern with one domain: *@example.org"))
