"""Reports of lots. What operators do with a lot is told by their own record."""

from __future__ import annotations

from starbid.domain.event_log import LogKind
from starbid.domain.events import LotHidden, LotMoved, LotReported, LotReportsSettled, LotShown
from starbid.services.recording.registry import logs, unlogged

logs(LotReported, LogKind.REPORT, "made", who="reporter_id", facts=("why", "count"))
logs(LotReportsSettled, LogKind.REPORT, "settled", who="seller_id", facts=("outcome",))
unlogged(LotHidden, LotShown, LotMoved)
