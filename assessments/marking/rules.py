"""Who may mark, recommend an outcome and disagree with one."""

from __future__ import annotations

import rules

from accounts.rules import is_aim_admin
from assessments.permissions import Assessments
from courses.rules import leads_others, trains_others

rules.add_perm(Assessments.SEE_MARKING, leads_others)
rules.add_perm(Assessments.MARK, trains_others)
rules.add_perm(Assessments.RECOMMEND, trains_others)
rules.add_perm(Assessments.DISAGREE, trains_others)
rules.add_perm(Assessments.SEE_ALL_STRENGTHS, is_aim_admin)
