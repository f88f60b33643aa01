"""What can be wrong with a change of a template; part of the catalogue of errors.py."""

from paydraft.model.errors import PaydraftError


class TemplateChangedError(PaydraftError):
    """Somebody else changed the template in the meantime, or made one of this id."""

    code = "template_changed"
    text = "The template was changed in the meantime. Read it again, then repeat your change."
