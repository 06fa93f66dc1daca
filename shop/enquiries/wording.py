"""The days of a request as pages and e-mails tell them."""

from shop.enquiries.models import Enquiry
from shop.wording import written_day, written_moment


def days(enquiry: Enquiry) -> dict[str, str]:
    """Return until when it is answered, and what is put aside is kept; "" where nobody has said."""
    return {
        "answer_by": written_moment(enquiry.answer_by) if enquiry.answer_by else "",
        "kept_until": written_day(enquiry.kept_until) if enquiry.kept_until else "",
    }
