"""What the template tells a function, and what the function's settings ask for, are the same."""

import pytest

from paydraft.runtime import settings
from tests.infra.translated import of_type

MODELS = {
    "ApiInvoicesV2Function": settings.ApiSettings,
    "ApiCounterpartiesFunction": settings.CounterpartiesSettings,
    "ApiDocsFunction": settings.DocsSettings,
    "ApiInvoicesV1Function": settings.InvoicesV1Settings,
    "ApiTokensFunction": settings.TokensSettings,
    "ApiOcrJobsFunction": settings.OcrJobsSettings,
    "ApiOcrTasksFunction": settings.OcrTasksSettings,
    "ApiTransfersFunction": settings.TransfersSettings,
    "FetchDocumentFunction": settings.FetchSettings,
    "ExtractDocumentFunction": settings.ExtractSettings,
    "MatchCounterpartyFunction": settings.MatchSettings,
    "CreateDraftTransferFunction": settings.DraftSettings,
    "FinishJobFunction": settings.FinishSettings,
    "ReconcileJobsFunction": settings.ReconcileSettings,
}
FOR_LIBRARIES = {"AWS_ENDPOINT_URL", "POWERTOOLS_LOG_LEVEL"}  # boto3 and Powertools read these themselves


def test_every_function_has_settings():
    assert MODELS.keys() == of_type("AWS::Lambda::Function").keys()


def told(function):
    return of_type("AWS::Lambda::Function")[function]["Environment"]["Variables"].keys() - FOR_LIBRARIES


@pytest.mark.parametrize(("function", "model"), MODELS.items(), ids=MODELS)
def test_a_function_is_told_all_it_needs(function, model):
    needed = {name.upper() for name, field in model.model_fields.items() if field.is_required()}
    assert needed - told(function) == set()


@pytest.mark.parametrize(("function", "model"), MODELS.items(), ids=MODELS)
def test_a_function_is_told_nothing_it_does_not_read(function, model):
    """A name in the environment is a hint of a permission."""
    assert told(function) - {name.upper() for name in model.model_fields} == set()


@pytest.mark.parametrize("function", MODELS)
def test_in_aws_the_endpoint_is_aws(function):
    variables = of_type("AWS::Lambda::Function")[function]["Environment"]["Variables"]
    assert variables["AWS_ENDPOINT_URL"] == {"Ref": "AWS::NoValue"}


def test_the_child_that_reads_ends_before_its_function_does():
    fields = settings.ExtractSettings.model_fields
    function = of_type("AWS::Lambda::Function")["ExtractDocumentFunction"]
    assert fields["child_seconds"].default < function["Timeout"]
    assert fields["child_memory_mb"].default < function["MemorySize"]
