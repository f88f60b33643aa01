"""The `paydraft` command, as a person meets it: one line that says what to do, never a trace."""

import json
import sys
from datetime import timedelta

import pytest

from infra.cli import main, suppliers, target
from paydraft.model.credential import hash_of, mint
from paydraft.stores.credentials import CredentialStore
from tests.builders import a_credential, a_token

ENTITY = "9d2b4c8f-5087-4738-b91d-7359fb2a8e11"
HEAD = "legal_name,iban,bic,country\n"
NAMES = ("CounterpartiesTable", "CredentialsTable", "JobsTable")


@pytest.fixture
def run(aws, monkeypatch, tmp_path, capsys):
    """Run one command on the stack in moto: exit code, standard output, standard error."""
    place = target.Target({name: aws[name] for name in NAMES}, "local", "http://nowhere", tenant_id="acme")
    monkeypatch.setattr(target, "find", lambda *_: place)
    monkeypatch.chdir(tmp_path)

    def _run(*arguments):
        monkeypatch.setattr(sys, "argv", ["paydraft", *arguments])
        try:
            code = main.main()
        except SystemExit as end:
            code = end.code
        return code, *capsys.readouterr()

    return _run


def imported(run, tmp_path, content):
    (tmp_path / "list.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return run("counterparties", "import", "list.csv")


def test_an_import_says_how_many_rows_it_took(run, tmp_path):
    rows = f"{HEAD}Gut AG,DE89370400440532013000,,DE\n"
    assert imported(run, tmp_path, rows) == (0, "1 put on file, 0 on file already, 0 not taken\n", "")
    code, said, _ = imported(run, tmp_path, rows)
    assert (code, said.splitlines()) == (
        0,
        [f"list.csv:2: {suppliers.ON_FILE}", "0 put on file, 1 on file already, 0 not taken"],
    )


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (",,,", "legal_name"),
        ("A,DE00370400440532013000,,", "IBAN"),
        ("A,,X,", "BIC"),
        ("A,,,Germany", "country"),
        ("A, Sons,,,DE", "double quotes"),
    ],
)
def test_a_row_that_is_wrong_is_named_by_its_line_and_not_taken(run, tmp_path, row, word):
    code, said, _ = imported(run, tmp_path, f"{HEAD}\n{row}\n")
    assert code == 1
    assert said.startswith("list.csv:3: ")
    assert word in said
    assert "0 put on file" in said


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7\n%\xbf\xf7", b"name,iban\nA,\n", b"legal_name;iban\nA;\n", b"legal_name,IBAN\nA,\n"]
)
def test_a_file_that_is_no_such_list_is_refused_in_one_line(run, tmp_path, content):
    code, said, problem = imported(run, tmp_path, content)
    assert (code, said, problem.count("\n")) == (2, "", 1)


def test_a_file_that_is_not_there_is_told_in_one_line(run):
    code, _, problem = run("counterparties", "import", "nowhere.csv")
    assert code == 2
    assert problem == "paydraft: nowhere.csv can't be read: No such file or directory. Name a CSV file.\n"


def test_revoking_a_token_that_nobody_was_given_does_not_say_revoked(run):
    assert run("tokens", "revoke", run("tokens", "create", "--subject", "app")[1].strip()) == (0, "revoked\n", "")
    code, said, problem = run("tokens", "revoke", mint("local", bytes(32)))
    assert (code, said) == (2, "")
    assert "nothing was revoked" in problem


def test_tokens_are_listed_without_themselves_and_ended_by_their_ids(run):
    token = run("tokens", "create", "--subject", "app", "--label", "till 3", "--days", "30")[1].strip()
    code, said, _ = run("tokens", "list")
    head, line = said.splitlines()
    assert (code, head.split()[:2]) == (0, ["id", "state"])
    assert token not in said
    assert all(word in line for word in ("active", "service", f"…{token[-4:]}", "app (till 3)", "jobs:read jobs:write"))
    assert run("tokens", "revoke", line.split()[0]) == (0, "revoked\n", "")
    assert " revoked " in run("tokens", "list")[1]
    assert run("tokens", "list", "--tenant", "other")[1].splitlines() == [head]


def test_a_token_older_than_the_list_is_revoked_too(run, aws):
    token = a_token()
    credentials = CredentialStore(aws["CredentialsTable"])
    credentials.add(a_credential(token))
    assert run("tokens", "revoke", token) == (0, "revoked\n", "")
    assert credentials.get(a_credential(token).token_hash).revoked_at is not None


@pytest.mark.parametrize("name", ["token", "id"])
def test_a_token_is_rotated_once_by_itself_or_by_its_id(run, aws, name):
    old = run("tokens", "create", "--subject", "app", "--entity", ENTITY.upper())[1].strip()
    named = old if name == "token" else run("tokens", "list")[1].splitlines()[1].split()[0]
    code, said, _ = run("tokens", "rotate", named, "--overlap", "2")
    new = CredentialStore(aws["CredentialsTable"]).get(hash_of(said.strip()))
    ending = CredentialStore(aws["CredentialsTable"]).get(hash_of(old))
    assert (code, new.entities, new.rotated_from, ending.rotated_to) == (0, (ENTITY,), ending.token_id, new.token_id)
    assert ending.expires_at == new.created_at + timedelta(hours=2)
    code, said, problem = run("tokens", "rotate", named)
    assert (code, said, problem.count("\n")) == (2, "", 1)
    assert "rotated" in problem


@pytest.mark.parametrize(
    "wrong", [("create", "--entity", "x"), ("rotate", "x"), ("rotate", "--overlap", "169"), ("revoke", "x")]
)
def test_what_is_no_entity_no_token_and_no_overlap_is_told(run, wrong):
    command, *rest = wrong
    code, said, problem = run("tokens", command, *rest, *(["--subject", "a"] if command == "create" else []))
    assert (code, said) == (2, "")
    assert problem


@pytest.mark.parametrize(
    "wrong", [("--subject", ""), ("--subject", "a", "--days", "0"), ("--subject", "a", "--days", "-1")]
)
def test_a_token_needs_a_holder_and_a_time_to_live(run, wrong):
    code, said, _ = run("tokens", "create", *wrong)
    assert (code, said) == (2, "")


def test_a_stack_that_was_killed_is_told_in_one_line(monkeypatch, tmp_path, capsys):
    serve = {"aws_endpoint": "http://127.0.0.1:9", "url": "", "token": "", "tenant_id": "demo"}
    serve["outputs"] = {"CredentialsTable": "gone", "JobsTable": "gone"}
    (tmp_path / "serve.json").write_text(json.dumps(serve))
    for name in ("AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "")  # so that what the command sets is taken back
    monkeypatch.setattr(sys, "argv", ["paydraft", "tokens", "create", "--subject", "a", "--state-dir", str(tmp_path)])
    assert main.main() == 2
    assert capsys.readouterr().err == "paydraft: The served stack does not answer. Start it again with `make serve`.\n"


def test_an_export_writes_the_list_that_an_import_takes_and_overwrites_nothing(run, tmp_path):
    imported(run, tmp_path, f"{HEAD}=Gut AG,DE89370400440532013000,,DE\n")
    assert run("counterparties", "export", "out.csv") == (0, "out.csv written\n", "")
    assert "\r\n'=Gut AG,business," in (tmp_path / "out.csv").read_bytes().decode()
    code, said, _ = run("counterparties", "import", "out.csv")
    assert (code, said.splitlines()[-1]) == (0, "0 put on file, 1 on file already, 0 not taken")
    code, _, problem = run("counterparties", "export", "out.csv")
    assert (code, problem.count("\n")) == (2, 1)
