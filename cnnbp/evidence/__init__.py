"""What was asked, what was answered and how it was judged, as typed records. Knows no layer and no oracle.

`verdict` holds what is found about one layer at one case, `records` the document of a whole run, `kinds` the kinds of
evidence, `contradictions` what disproves a record, `status` what follows from records, `file` reads and writes them.
"""

from .verdict import Evidence, Remark, Status, Verdict, VerdictStatus, remark

__all__ = ["Evidence", "Remark", "Status", "Verdict", "VerdictStatus", "remark"]
