"""Templates change by version: no change is lost, and nobody sees another tenant's."""

import pytest

from paydraft.model.hint import Hint, HintKind, Zone
from paydraft.model.template import ReadingTemplate, Rule, RuleKind
from paydraft.model.template_errors import TemplateChangedError
from paydraft.stores.templates import TemplateStore
from tests.builders import NOW, TENANT, after

IDS = ("60f7b1b3e4b0e8b3f8b3f8b4", "70f7b1b3e4b0e8b3f8b3f8b4")


@pytest.fixture
def templates(stack) -> TemplateStore:
    return TemplateStore(stack["JobsTable"])


def a_template(**fields) -> ReadingTemplate:
    zone = Zone(page=1, x0=0.125, y0=0.1, x1=0.7, y1=1 / 3)
    defaults = {
        "template_id": IDS[0],
        "name": "Bills",
        "hints": (Hint(kind=HintKind.TEMPLATE, field="number", zone=zone, pattern=r"RE-\d+", least=0.7),),
        "languages": ("de", "eng"),
        "least": 0.8,
        "rules": (Rule(field="number", kind=RuleKind.REQUIRED),),
        "own": '{"ocrEngine": "tesseract"}',
        "created_at": NOW,
        "updated_at": NOW,
    }
    return ReadingTemplate(**(defaults | fields))


def test_a_template_comes_back_as_it_was_written(templates: TemplateStore):
    templates.put(TENANT, a_template())
    assert templates.get(TENANT, IDS[0]) == a_template()
    assert templates.get("other", IDS[0]) is None
    assert templates.get(TENANT, IDS[1]) is None


def test_templates_are_listed_by_id_and_only_ones_own(templates: TemplateStore):
    for tenant, template_id in ((TENANT, IDS[1]), (TENANT, IDS[0]), ("other", IDS[0])):
        templates.put(tenant, a_template(template_id=template_id))
    assert [one.template_id for one in templates.list(TENANT)] == list(IDS)
    assert [one.template_id for one in templates.list("nobody")] == []


def test_a_change_names_the_version_it_saw(templates: TemplateStore):
    templates.put(TENANT, a_template())
    second = a_template(version=2, name="Invoices", updated_at=after(minutes=1))
    templates.put(TENANT, second)
    templates.put(TENANT, second)  # the answer was lost
    for late in (a_template(name="Mine"), a_template(version=2, name="Mine"), a_template(version=4)):
        with pytest.raises(TemplateChangedError):
            templates.put(TENANT, late)
    assert templates.get(TENANT, IDS[0]) == second


def test_a_change_of_what_is_gone_is_refused(templates: TemplateStore):
    with pytest.raises(TemplateChangedError):
        templates.put(TENANT, a_template(version=2))


def test_only_the_version_that_was_seen_is_deleted(templates: TemplateStore):
    templates.put(TENANT, a_template())
    with pytest.raises(TemplateChangedError):
        templates.delete(TENANT, IDS[0], version=2)
    for _ in range(2):
        templates.delete(TENANT, IDS[0], version=1)
    assert templates.get(TENANT, IDS[0]) is None


# ── the one that stands for "auto" ────────────────────────────────────────────────────────────────────────────────────


def test_without_a_default_auto_means_no_template(templates: TemplateStore):
    templates.put(TENANT, a_template())
    assert templates.meant(TENANT, "auto") is None
    assert templates.meant(TENANT, None) is None
    assert templates.meant(TENANT, IDS[0]) == a_template()


def test_the_last_template_made_the_default_stands_for_auto_and_for_none(templates: TemplateStore):
    for template_id in IDS:
        templates.put(TENANT, a_template(template_id=template_id), default=True)
    assert templates.meant(TENANT, "auto").template_id == IDS[1]
    assert templates.meant(TENANT, None).template_id == IDS[1]
    assert templates.meant("other", "auto") is None


def test_a_template_gives_up_only_its_own_default(templates: TemplateStore):
    for template_id in IDS:
        templates.put(TENANT, a_template(template_id=template_id), default=True)
    templates.put(TENANT, a_template(version=2), default=False)
    assert templates.default_id(TENANT) == IDS[1]
    templates.put(TENANT, a_template(template_id=IDS[1], version=2), default=False)
    assert templates.default_id(TENANT) is None


def test_a_change_that_says_nothing_of_it_leaves_the_default(templates: TemplateStore):
    templates.put(TENANT, a_template(), default=True)
    templates.put(TENANT, a_template(version=2))
    assert templates.default_id(TENANT) == IDS[0]


def test_a_refused_change_does_not_make_a_default(templates: TemplateStore):
    templates.put(TENANT, a_template())
    with pytest.raises(TemplateChangedError):
        templates.put(TENANT, a_template(version=4), default=True)
    assert templates.default_id(TENANT) is None


def test_a_default_that_is_gone_is_none(templates: TemplateStore):
    templates.put(TENANT, a_template(), default=True)
    templates.delete(TENANT, IDS[0], version=1)
    assert templates.meant(TENANT, "auto") is None
