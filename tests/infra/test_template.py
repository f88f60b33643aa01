"""The template as a whole: it is valid, has no cycle, and calls things by their names."""

import json
import re
import tomllib

import pytest
from cfnlint.api import lint_file

from api_counterparties.operations import OPERATIONS as COUNTERPARTIES
from api_invoices_v2.operations import OPERATIONS as INVOICES
from api_ocr_jobs.neighbour_operations import OPERATIONS as OCR_JOB_NEIGHBOURS
from api_ocr_jobs.operations import OPERATIONS as OCR_JOBS
from api_ocr_tasks.operations import OPERATIONS as OCR_TASKS
from api_ocr_tasks.operations import both
from api_tokens.operations import OPERATIONS as TOKENS
from api_transfers.operations import OPERATIONS as TRANSFERS
from infra.tools.transform import ROOT, TEMPLATE
from paydraft.model.document import Lane
from tests.infra.translated import folder_of, named_in, of_type, translated, written

FUNCTIONS = of_type("AWS::Serverless::Function", written())
OUTPUTS = """
    ApiUrl JobsTable CounterpartiesTable TransfersTable CredentialsTable TransientTable DocumentsBucket ExpressQueueUrl
    StandardQueueUrl FetchQueueUrl CompletionTopicArn JobCompletionArn FinishJobFunction ReconcileJobsFunction
    AlarmTopicArn
""".split()


def test_the_template_is_valid_as_written():
    assert [str(finding) for finding in lint_file(TEMPLATE)] == []


def test_what_the_transform_makes_of_it_is_valid_too(tmp_path):
    file = tmp_path / "translated.json"
    file.write_text(json.dumps(translated()))
    assert [str(finding) for finding in lint_file(file)] == []


def dependencies():
    resources = translated()["Resources"]
    named = {}
    for name, one in resources.items():
        depends_on = one.get("DependsOn", [])
        explicit = [depends_on] if isinstance(depends_on, str) else depends_on
        named[name] = (set(named_in(one.get("Properties", {}))) | set(explicit)) & resources.keys()
    return named


def test_no_resource_waits_for_itself():
    """Neither `sam validate --lint` nor cfn-lint sees every cycle; CloudFormation does, at deployment."""
    waiting = dependencies()
    while free := [name for name, others in waiting.items() if not others]:
        for name in free:
            del waiting[name]
        waiting = {name: others - set(free) for name, others in waiting.items()}
    assert waiting == {}


def test_the_search_for_cycles_finds_one():
    assert set(
        named_in({"a": [{"Fn::Sub": "x ${Bucket.Arn} ${!literal}"}, {"Fn::If": ["C", {"Ref": "Queue"}, 1]}]})
    ) == {
        "Bucket",
        "Queue",
    }


def test_the_bucket_is_never_named_by_reference_where_functions_depend_on_it():
    users = [name for name, others in dependencies().items() if "DocumentsBucket" in others]
    assert users == ["DocumentsBucketPolicy"]


def test_every_mention_of_the_bucket_has_the_same_name():
    name = written()["Resources"]["DocumentsBucket"]["Properties"]["BucketName"]["Fn::Sub"]
    mentions = re.findall(r"paydraft-\$\{Stage}[^ /\n]*", TEMPLATE.read_text())
    assert set(mentions) == {name}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_named_after_its_folder(function):
    folder = folder_of(function)
    properties = FUNCTIONS[function]
    handler = properties.get("Handler") or properties["ImageConfig"]["Command"][0]
    assert (ROOT / "functions" / folder).is_dir()
    assert handler == f"{folder}.handler.lambda_handler"


def test_every_folder_is_a_function():
    folders = {path.name for path in (ROOT / "functions").iterdir() if (path / "__init__.py").exists()}
    assert folders == {folder_of(function) for function in FUNCTIONS}


def test_everything_runs_the_python_of_python_version():
    version = (ROOT / ".python-version").read_text().strip()
    functions = of_type("AWS::Lambda::Function").values()
    layers = of_type("AWS::Lambda::LayerVersion").values()
    assert {one["Runtime"] for one in functions if "Runtime" in one} == {f"python{version}"}
    assert {runtime for one in layers for runtime in one["CompatibleRuntimes"]} == {f"python{version}"}


def test_everything_runs_on_the_processor_it_is_built_for():
    assert {tuple(one["Architectures"]) for one in of_type("AWS::Lambda::Function").values()} == {("x86_64",)}


def test_zip_functions_share_one_folder_and_the_layers_are_small():
    assert {one.get("CodeUri") for one in FUNCTIONS.values()} == {"functions/", None}
    assert {one["ContentUri"] for one in of_type("AWS::Serverless::LayerVersion", written()).values()} == {
        "layers/dependencies/",
        "layers/core/",
    }


def test_what_an_image_function_lacks_is_no_global():
    assert written()["Globals"]["Function"].keys().isdisjoint({"Runtime", "Layers", "CodeUri"})


def test_no_code_and_no_state_machine_is_written_into_the_template():
    text = TEMPLATE.read_text()
    assert "InlineCode" not in text
    assert "ZipFile" not in text
    assert "Definition:" not in text
    assert "DefinitionString" not in text


def test_every_function_is_traced():
    assert all(one["TracingConfig"] == {"Mode": "Active"} for one in of_type("AWS::Lambda::Function").values())


def test_the_outputs_are_what_tools_and_clients_were_promised():
    assert list(translated()["Outputs"]) == OUTPUTS


def test_prod_guards_its_data():
    tables = of_type("AWS::DynamoDB::Table")
    assert all(one["DeletionProtectionEnabled"] == {"Fn::If": ["IsProd", True, False]} for one in tables.values())
    kept = [*(name for name in tables if name != "TransientTable"), "DocumentsBucket"]
    policies = {translated()["Resources"][name]["DeletionPolicy"] for name in kept}
    assert policies == {"RetainExceptOnCreate"}
    assert {translated()["Resources"][name]["UpdateReplacePolicy"] for name in kept} == {"Retain"}


def test_tables_are_encrypted_paid_by_use_and_restorable():
    tables = of_type("AWS::DynamoDB::Table")
    assert all(one["BillingMode"] == "PAY_PER_REQUEST" for one in tables.values())
    assert all(one["SSESpecification"] == {"SSEEnabled": True} for one in tables.values())
    restorable = {
        n for n, one in tables.items() if one["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
    }
    assert restorable == tables.keys() - {"TransientTable"}
    assert tables["TransientTable"]["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_the_bucket_is_versioned_encrypted_and_private():
    bucket = of_type("AWS::S3::Bucket")["DocumentsBucket"]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4


def test_old_versions_of_documents_go_away():
    rules = of_type("AWS::S3::Bucket")["DocumentsBucket"]["LifecycleConfiguration"]["Rules"]
    assert any("NoncurrentVersionExpiration" in rule and rule["Status"] == "Enabled" for rule in rules)


def test_each_lane_is_announced_to_its_own_queue():
    bucket = of_type("AWS::S3::Bucket")["DocumentsBucket"]
    announced = {
        one["Queue"]["Fn::GetAtt"][0]: one["Filter"]["S3Key"]["Rules"]
        for one in bucket["NotificationConfiguration"]["QueueConfigurations"]
    }
    assert announced == {
        f"{lane.capitalize()}Queue": [{"Name": "prefix", "Value": f"incoming/{lane}/"}] for lane in Lane
    }


EXPOSED = """Location Retry-After ETag RateLimit-Limit RateLimit-Remaining RateLimit-Reset Idempotent-Replayed
    X-Request-Id""".split()


def test_no_web_origin_may_call_the_api_unless_it_is_named():
    condition, named, otherwise = of_type("AWS::ApiGatewayV2::Api")["Api"]["Body"]["x-amazon-apigateway-cors"]["Fn::If"]
    assert condition == "HasCorsOrigins"
    assert otherwise == {"Ref": "AWS::NoValue"}
    assert set(EXPOSED) <= set(named["exposeHeaders"])
    assert written()["Parameters"]["CorsOrigins"]["Default"] == ""


def test_the_origins_reach_api_and_bucket_as_a_list():
    from infra.tools.transform import transform

    made = transform({"CorsOrigins": "https://a.example,https://b.example"})
    cors = of_type("AWS::ApiGatewayV2::Api", made)["Api"]["Body"]["x-amazon-apigateway-cors"]["Fn::If"][1]
    assert cors["allowOrigins"] == ["https://a.example", "https://b.example"]
    assert of_type("AWS::S3::Bucket", made)["DocumentsBucket"]["CorsConfiguration"]["Fn::If"][0] == "HasCorsOrigins"


def test_documents_are_fetched_from_test_hosts_on_a_developers_machine_only():
    """Named in samconfig's local table and nowhere else; a prod stack that names one is not deployed."""
    assert written()["Parameters"]["FetchTestHosts"]["Default"] == ""
    rule = written()["Rules"]["ProdIsCautious"]
    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}
    assert {"Fn::Equals": [{"Ref": "FetchTestHosts"}, ""]} in [one["Assert"] for one in rule["Assertions"]]
    tables = tomllib.loads((ROOT / "samconfig.toml").read_text())
    naming = [
        name
        for name, table in tables.items()
        if isinstance(table, dict) and "FetchTestHosts" in json.dumps(table.get("deploy", {}))
    ]
    assert naming == ["local"]
    users = [name for name, one in translated()["Resources"].items() if "FetchTestHosts" in named_in(one)]
    assert users == ["FetchDocumentFunction"]


def test_only_hosts_with_ports_are_taken_for_test_hosts():
    pattern = re.compile(written()["Parameters"]["FetchTestHosts"]["AllowedPattern"])
    for text in ("", "127.0.0.1:9000", "devbox:80,localhost:9000"):
        assert pattern.fullmatch(text)
    for text in ("devbox", "http://devbox:80", "devbox:80,", "*:80", "devbox:80 localhost:9000"):
        assert not pattern.fullmatch(text)


def test_no_function_stands_in_a_private_network():
    """What fetches for strangers could reach it."""
    assert not [name for name, one in of_type("AWS::Lambda::Function").items() if "VpcConfig" in one]


def test_every_method_of_monites_paths_reaches_its_function():
    """So that a wrong one is refused in that dialect's words."""
    paths = of_type("AWS::ApiGatewayV2::Api")["Api"]["Body"]["paths"]
    ours = {path: set(methods) for path, methods in paths.items() if "/ocr_tasks" in path}
    assert ours == {one.path: {"x-amazon-apigateway-any-method"} for operation in OCR_TASKS for one in both(operation)}


def test_the_api_has_the_routes_of_its_functions():
    paths = of_type("AWS::ApiGatewayV2::Api")["Api"]["Body"]["paths"]
    routes = {(method, path) for path, methods in paths.items() for method in methods}
    assert routes >= {
        ("post", "/v1/invoices/ocr"),
        ("get", "/v1/invoices/ocr/{id}"),
        ("post", "/v2/invoices/ocr"),
        ("get", "/v2/invoices/ocr/{id}"),
    }
    repzo = (*OCR_JOBS, *OCR_JOB_NEIGHBOURS)
    declared = {(one.method.lower(), one.path) for one in (*TRANSFERS, *TOKENS, *INVOICES, *repzo, *COUNTERPARTIES)}
    described = (
        "/v2/transfers",
        "/v1/tokens",
        "/v2/invoices",
        "/v2/uploads",
        "/v1/uploads",
        "/v1/invoices/ocr",
        "/v1/counterparties",
        "/ocr-invoice-job",
    )
    of_operations = {route for route in routes if route[1].startswith(described)}
    assert of_operations == declared
