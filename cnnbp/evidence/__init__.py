"""What was asked, what was answered and how it was judged, as typed records. Knows no layer and no oracle.

`verdict` holds what is found about one layer at one case, `proof` what is proved of one at a shape, `records` the document
of a whole run, `kinds` the kinds of evidence, `contradictions` what disproves a record, `status` what follows from records
(of one, and for each subject, in `follows`), `outcomes` of everything in one list, `claims` how strongly, `joining` puts parts
and runs together, `compared` says what differs between two, `file` reads and writes them.
"""

from .proof import Proof
from .verdict import Cause, Evidence, Remark, Status, Verdict, VerdictStatus, remark

__all__ = ["Cause", "Evidence", "Proof", "Remark", "Status", "Verdict", "VerdictStatus", "remark"]
