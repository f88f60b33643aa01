"""Templates in Repzo's dialect: what a PUT says a GET repeats, what reading follows, and what is refused by name."""

import itertools

import pytest

from paydraft.model.credential import Scope
from paydraft.model.hint import Hint, HintKind, Zone
from paydraft.model.template import RuleKind
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.templates import TemplateStore
from tests.builders import TENANT, a_credential, a_token
from tests.http_client import HttpClient

PATH = "/ocr-invoice-job-template"
LEAST = {"name": "Bills", "ocrEngine": "tesseract", "documentType": "invoice", "extractionRules": {}}
WHOLE = LEAST | {
    "extractionRules": {
        "fields": [
            {
                "name": "invoiceNumber",
                "type": "text",
                "required": True,
                "pattern": r"RE-\d+",
                "coordinates": {"x": 0.5, "y": 0.1, "width": 0.4, "height": 0.05},
                "labels": ["Rechnung Nr."],
                "validation": {"minLength": 3, "maxLength": 20, "format": "free words"},
            },
            {"name": "mood", "type": "boolean"},
        ],
        "lineItems": {
            "enabled": True,
            "tableStructure": {
                "headerRow": 1,
                "dataStartRow": 2,
                "columns": [{"name": "Qty", "index": 0, "type": "number"}],
            },
        },
    },
    "preprocessingSettings": {
        "imageEnhancement": False,
        "deskew": True,
        "denoising": False,
        "binarization": True,
        "resolutionDPI": 200,
    },
    "postprocessingSettings": {
        "spellCheck": True,
        "confidenceThreshold": 0.6,
        "validationRules": [{"field": "supplier.taxId", "rule": "required", "message": "No VAT number"}],
    },
    "supportedFormats": ["pdf", "png"],
    "languages": ["de-DE", "eng"],
    "isActive": True,
    "isDefault": False,
    "createdBy": "60f7b1b3e4b0e8b3f8b3f8b6",
    "lastModifiedBy": "60f7b1b3e4b0e8b3f8b3f8b6",
    "metadata": {"a": [1, {"b": None}]},
}
_keys = itertools.count(1)


class Client:
    """A program with an api-key."""

    def __init__(self, aws, tenant_id=TENANT, scopes=(Scope.JOBS_READ, Scope.JOBS_WRITE)):
        token = a_token()
        credential = a_credential(token, tenant_id=tenant_id, scopes=frozenset(scopes))
        CredentialStore(aws["CredentialsTable"]).add(credential)
        self.api_key = {"api-key": token}
        self.http = HttpClient(aws.guarded("ApiOcrJobsFunction"))

    def __call__(self, method, path="", body=None, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.request(method, f"{PATH}{path}", body, headers=self.api_key | sent)


@pytest.fixture
def call(aws):
    return Client(aws)


@pytest.fixture
def templates(aws):
    return TemplateStore(aws["JobsTable"])


def make(call, **fields):
    answer = call("POST", "", LEAST | fields)
    assert answer.status == 201, answer.text
    return answer.json["data"]


def told(answer):
    return answer.status, answer.json["success"], answer.json.get("message")


def test_what_was_written_is_repeated(call):
    made = call("POST", "", WHOLE)
    assert made.status == 201
    data = made.json["data"]
    ours = {"_id", "createdAt", "updatedAt"}
    assert {name: value for name, value in data.items() if name not in ours} == WHOLE
    assert made.headers["location"] == f"{PATH}/{data['_id']}"
    assert len(data["_id"]) == 24
    assert call("GET", f"/{data['_id']}").json == {"success": True, "data": data}


def test_what_was_not_said_is_the_documented_default(call):
    data = make(call)
    assert data["preprocessingSettings"] == {
        "imageEnhancement": True,
        "deskew": True,
        "denoising": True,
        "binarization": False,
        "resolutionDPI": 300,
    }
    assert data["postprocessingSettings"] == {"spellCheck": False, "confidenceThreshold": 0.8, "validationRules": []}
    assert (data["isActive"], data["isDefault"]) == (True, False)
    assert "accuracy" not in data


def test_an_answer_can_be_sent_back(call):
    data = make(call)
    put = call("PUT", f"/{data['_id']}", data | {"name": "Other", "accuracy": {"averageAccuracy": 1}})
    assert put.status == 200
    assert put.json["data"] | {"updatedAt": None} == data | {"name": "Other", "updatedAt": None}


def test_a_put_replaces_all_that_it_does_not_say(call):
    data = call("POST", "", WHOLE).json["data"]
    after = call("PUT", f"/{data['_id']}", LEAST).json["data"]
    assert "languages" not in after
    assert after["postprocessingSettings"]["confidenceThreshold"] == 0.8


def test_reading_follows_the_template(call, templates):
    stored = templates.get(TENANT, call("POST", "", WHOLE).json["data"]["_id"])
    zone = Zone(x0=0.5, y0=0.1, x1=0.9, y1=0.15)
    assert stored.hints == (
        Hint(kind=HintKind.TEMPLATE, field="number", zone=zone, labels=("Rechnung Nr.",), pattern=r"RE-\d+"),
    )
    assert (stored.languages, stored.least, stored.unread) == (("de", "eng"), 0.6, ("mood",))
    assert [(rule.field, rule.kind) for rule in stored.rules] == [
        ("number", RuleKind.REQUIRED),
        ("number", RuleKind.PATTERN),
        ("number", RuleKind.MIN_LENGTH),
        ("number", RuleKind.MAX_LENGTH),
        ("seller.vat_number", RuleKind.REQUIRED),
    ]
    assert stored.rules[-1].message == "No VAT number"


@pytest.mark.parametrize(
    ("dpi", "place", "zone"),
    [
        (300, (0, 0, 2480, 3508), (0, 0, 1, 1)),
        (300, (1240, 1754, 620, 877), (0.5, 0.5, 0.75, 0.75)),
        (150, (620, 877, 310, 438.5), (0.5, 0.5, 0.75, 0.75)),
        (300, (0.25, 0.25, 0.5, 0.5), (0.25, 0.25, 0.75, 0.75)),
    ],
)
def test_coordinates_are_shares_of_the_page_or_pixels_of_an_a4_page(call, templates, dpi, place, zone):
    field = {"name": "total", "coordinates": dict(zip(("x", "y", "width", "height"), place, strict=True))}
    made = make(call, extractionRules={"fields": [field]}, preprocessingSettings={"resolutionDPI": dpi})
    (hint,) = templates.get(TENANT, made["_id"]).hints
    found = hint.zone.x0, hint.zone.y0, hint.zone.x1, hint.zone.y1
    assert found == pytest.approx(zone, abs=0.001)


def test_the_pattern_of_an_amount_is_about_what_is_printed_and_no_rule_about_the_value(call, templates):
    made = make(call, extractionRules={"fields": [{"name": "total", "pattern": r"[\d.]+,\d{2}"}]})
    stored = templates.get(TENANT, made["_id"])
    assert stored.hints[0].pattern == r"[\d.]+,\d{2}"
    assert stored.rules == ()


@pytest.mark.parametrize("engine", ["google-vision", "aws-textract", "azure-cognitive", "custom"])
def test_another_engine_is_refused_by_name(call, engine):
    status, success, message = told(call("POST", "", LEAST | {"ocrEngine": engine}))
    assert (status, success) == (400, False)
    assert "ocrEngine: Value error, this engine is not served here; use tesseract" in message


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"documentType": "letter"}, "documentType"),
        ({"mood": "good"}, "mood"),
        ({"preprocessingSettings": {"resolutionDPI": 149}}, "preprocessingSettings.resolutionDPI"),
        ({"preprocessingSettings": {"resolutionDPI": 601}}, "preprocessingSettings.resolutionDPI"),
        ({"postprocessingSettings": {"confidenceThreshold": 1.1}}, "postprocessingSettings.confidenceThreshold"),
        (
            {"postprocessingSettings": {"validationRules": [{"field": "total", "rule": "odd"}]}},
            "validationRules.0.rule",
        ),
        ({"postprocessingSettings": {"confidenceThreshold": "0.5"}}, "postprocessingSettings.confidenceThreshold"),
        ({"isActive": "true"}, "isActive"),
        ({"extractionRules": {"fields": [{"name": "total", "type": "colour"}]}}, "fields.0.type"),
        ({"extractionRules": {"fields": [{"name": "number", "pattern": "(a+)+$"}]}}, "fields.0.pattern"),
        ({"extractionRules": {"fields": [{"name": "number", "pattern": "("}]}}, "fields.0.pattern"),
        ({"extractionRules": {"fields": [{"name": "x"}] * 51}}, "extractionRules.fields"),
        (
            {
                "extractionRules": {
                    "fields": [{"name": "number", "coordinates": {"x": 0.9, "y": 0, "width": 0.2, "height": 0.1}}]
                }
            },
            "fields.0.coordinates",
        ),
        ({"isDefault": True, "isActive": False}, "active"),
        ({"metadata": {"a": "b" * 60_000}}, "characters"),
        ({"languages": ["German"]}, "languages.0"),
    ],
)
def test_what_is_wrong_is_named(call, fields, named):
    status, success, message = told(call("POST", "", LEAST | fields))
    assert (status, success) == (400, False)
    assert named in message


@pytest.mark.parametrize("missing", ["name", "ocrEngine", "documentType", "extractionRules"])
def test_four_fields_are_required(call, missing):
    body = {name: value for name, value in LEAST.items() if name != missing}
    status, _, message = told(call("POST", "", body))
    assert status == 400
    assert missing in message


# ── auto, the default, the inactive ───────────────────────────────────────────────────────────────────────────────────


def test_auto_is_always_there_and_asks_for_nothing(call):
    data = call("GET", "/auto").json["data"]
    assert (data["_id"], data["isActive"], data["isDefault"]) == ("auto", True, True)
    assert data["postprocessingSettings"]["confidenceThreshold"] == 0
    assert data["extractionRules"] == {"fields": []}


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_auto_cannot_be_changed(call, method):
    status, success, message = told(call(method, "/auto", LEAST))
    assert (status, success) == (400, False)
    assert "auto can't be changed" in message


def test_one_template_stands_for_auto(call):
    first, second = make(call, isDefault=True), make(call, isDefault=True)
    assert [call("GET", f"/{one['_id']}").json["data"]["isDefault"] for one in (first, second)] == [False, True]
    assert call("GET", "/auto").json["data"]["isDefault"] is False
    call("PUT", f"/{second['_id']}", LEAST)
    assert call("GET", "/auto").json["data"]["isDefault"] is True


# ── lists, deletion, other people ─────────────────────────────────────────────────────────────────────────────────────


def test_a_list_is_paged_sorted_filtered_searched_and_counted(call):
    names = ["Alpha", "Beta", "Gamma", "Alphabet"]
    for name in names:
        make(call, name=name, documentType="receipt" if name == "Beta" else "invoice")
    page = call("GET", "?limit=2&offset=1&sort=name&order=asc").json
    assert ([one["name"] for one in page["data"]], page["total"], page["success"]) == (["Alphabet", "Beta"], 4, True)
    assert call("GET", "?search=ALPHA").json["total"] == 2
    assert call("GET", '?filter={"documentType":"receipt"}').json["total"] == 1
    assert call("GET", '?filter={"isDefault":true}').json["total"] == 0
    assert call("GET", '?filter={"createdAt":{"$gt":"2020-01-01T00:00:00Z"}}').json["total"] == 4


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "offset=-1", "sort=mood", "order=up", "filter=[]", "a=b"])
def test_a_wrong_query_is_refused(call, query):
    status, success, _ = told(call("GET", f"?{query}"))
    assert (status, success) == (400, False)


def test_a_deleted_template_is_gone_and_its_deletion_is_told(call):
    made = make(call)
    answer = call("DELETE", f"/{made['_id']}")
    assert told(answer) == (200, True, "OCR invoice job template deleted successfully")
    assert call("GET", f"/{made['_id']}").status == 404
    assert call("DELETE", f"/{made['_id']}").status == 404


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PUT", LEAST), ("DELETE", None)])
def test_another_tenants_template_answers_as_one_that_never_was(aws, call, method, body):
    foreign = make(Client(aws, "other"))["_id"]
    theirs, nobodys = call(method, f"/{foreign}", body), call(method, f"/{'f' * 24}", body)
    assert (theirs.status, theirs.text) == (nobodys.status, nobodys.text)
    assert theirs.status == 404
    assert call("GET", "").json == {"success": True, "data": [], "total": 0}


@pytest.mark.parametrize("template_id", ["x", "é" * 24, "..%2F", "f" * 500])
def test_an_id_of_no_form_is_a_miss(call, template_id):
    assert call("GET", f"/{template_id}").status == 404


def test_a_key_makes_repetitions_one(call):
    key = f"key-{next(_keys)}"
    first, again = (call("POST", "", LEAST, idempotency_key=key) for _ in range(2))
    assert (first.text, again.headers["idempotent-replayed"]) == (again.text, "true")
    assert call("GET", "").json["total"] == 1
    assert call("POST", "", LEAST | {"name": "Other"}, idempotency_key=key).status == 422


def test_without_a_key_each_request_makes_one(call):
    assert make(call)["_id"] != make(call)["_id"]


@pytest.mark.parametrize(
    ("method", "path", "scope"), [("GET", "", Scope.JOBS_READ), ("POST", "", Scope.JOBS_WRITE)], ids=["read", "write"]
)
def test_a_route_asks_for_its_scope(aws, method, path, scope):
    others = set(Scope) - {scope}
    refused = Client(aws, scopes=others)(method, path, LEAST if method == "POST" else None)
    assert refused.status == 403
    assert refused.json["success"] is False


def test_without_an_api_key_nothing_is_told(aws, call):
    call.api_key = {}
    assert call("GET", "/auto").status == 401
