"""What can be wrong with a change of a template; part of the catalogue of errors.py."""

from paydraft.model.errors import PaydraftError
from paydraft.model.status import Fault


class TemplateNotFoundError(PaydraftError):
    """The tenant has no such template: it never existed, was deleted, or is somebody else's."""

    code = "template_not_found"
    text = "There is no such template. Use an _id that POST or GET /ocr-invoice-job-template answered, or auto."
    fault = Fault.DOCUMENT


class TemplateFixedError(PaydraftError):
    """The template that asks for nothing can be read, and not changed."""

    code = "template_fixed"
    text = "The template auto can't be changed. Create a template and give it isDefault to have it stand for auto."
    fault = Fault.DOCUMENT


class TemplateChangedError(PaydraftError):
    """Somebody else changed the template in the meantime, or made one of this id."""

    code = "template_changed"
    text = "The template was changed in the meantime. Read it again, then repeat your change."
