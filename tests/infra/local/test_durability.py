"""What was answered is there after kill -9, all of it; what was deleted stays deleted; work under way begins again."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

pytestmark = pytest.mark.slow

N = 100


@pytest.fixture
def row(request) -> str:
    """The hash key of this test's items: one stack serves all tests."""
    return request.node.name


def key(row: str, number: int) -> dict[str, dict[str, str]]:
    return {"id": {"S": row}, "sk": {"S": f"{number:04}"}}


def rows(tiny, hash_key: str, table: str | None = None) -> list[str]:
    query = {"KeyConditionExpression": "id = :id", "ExpressionAttributeValues": {":id": {"S": hash_key}}}
    found = tiny.client("dynamodb").query(TableName=table or tiny.outputs["Things"], **query)
    return [item["sk"]["S"] for item in found["Items"]]


def put(tiny, row: str, number: int, **more) -> None:
    tiny.client("dynamodb").put_item(TableName=tiny.outputs["Things"], Item=key(row, number) | more)


def worked(tiny) -> list[str]:
    """The bodies of the messages that WorkFunction was given; one is S3's test event."""
    query = {"KeyConditionExpression": "id = :id", "ExpressionAttributeValues": {":id": {"S": "worked"}}}
    found = tiny.client("dynamodb").query(TableName=tiny.outputs["Things"], **query)
    return [item["body"]["S"] for item in found["Items"]]


def numbers(count: int) -> list[str]:
    return [f"{number:04}" for number in range(count)]


def test_every_answered_item_is_there_and_found_by_the_index(tiny, row):
    for number in range(N):
        put(tiny, row, number, colour={"S": "red" if number % 2 else "blue"})
    tiny.restart_killed()
    assert rows(tiny, row) == numbers(N)
    query = {"KeyConditionExpression": "colour = :c", "ExpressionAttributeValues": {":c": {"S": "red"}}}
    found = tiny.client("dynamodb").query(TableName=tiny.outputs["Things"], IndexName="colours", **query)
    assert found["Count"] == N // 2


def test_items_that_were_being_written_at_the_kill_are_there_if_answered(tiny, row):
    answered = []

    def write(number: int) -> None:
        put(tiny, row, number)
        answered.append(f"{number:04}")
        if len(answered) == N:
            tiny.process.kill()

    tiny.client("dynamodb")
    with ThreadPoolExecutor(8) as writers:
        futures = [writers.submit(write, number) for number in range(4 * N)]
    tiny.restart_killed()
    assert sum(future.exception() is None for future in futures) == len(answered)
    assert set(answered) <= set(rows(tiny, row))


def test_a_transaction_is_there_whole_or_not_at_all(tiny):
    client, table = tiny.client("dynamodb"), tiny.outputs["Things"]

    def write(number: int) -> None:
        pair = [{"id": {"S": side}, "sk": {"S": str(number)}} for side in ("debit", "credit")]
        client.transact_write_items(TransactItems=[{"Put": {"TableName": table, "Item": item}} for item in pair])
        if number == N:
            tiny.process.kill()

    with ThreadPoolExecutor(8) as writers:
        for future in [writers.submit(write, number) for number in range(4 * N)]:
            future.exception()
    tiny.restart_killed()
    assert rows(tiny, "debit") == rows(tiny, "credit")
    assert len(rows(tiny, "debit")) >= 1


def test_an_updated_item_has_its_last_value_and_a_deleted_one_stays_deleted(tiny, row):
    client, table = tiny.client("dynamodb"), tiny.outputs["Things"]
    for number in range(3):
        put(tiny, row, number)
    add = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
    for _ in range(N):
        client.update_item(TableName=table, Key=key(row, 0), **add)
    client.delete_item(TableName=table, Key=key(row, 1))
    for _ in range(2):  # the second start reads what the first one left
        tiny.restart_killed()
        client = tiny.client("dynamodb")
        assert client.get_item(TableName=table, Key=key(row, 0))["Item"]["n"] == {"N": str(N)}
        assert rows(tiny, row) == ["0000", "0002"]
        counted = client.describe_table(TableName=table)["Table"]["ItemCount"]
        assert counted == client.scan(TableName=table)["Count"]


def test_a_table_made_again_under_its_name_is_empty(tiny, row):
    shape = {
        "TableName": "short-lived",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": n, "AttributeType": "S"} for n in ("id", "sk")],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    }
    client = tiny.client("dynamodb")
    client.create_table(**shape)
    client.put_item(TableName="short-lived", Item=key(row, 1))
    client.delete_table(TableName="short-lived")
    client.create_table(**shape)
    client.put_item(TableName="short-lived", Item=key(row, 2))
    tiny.restart_killed()
    assert rows(tiny, row, "short-lived") == ["0002"]


def test_every_answered_message_is_there_once_and_deleted_ones_are_not(tiny):
    sqs = tiny.client("sqs")
    queue = sqs.create_queue(QueueName="plain")["QueueUrl"]
    for number in range(N):
        sqs.send_message(QueueUrl=queue, MessageBody=f"{number:04}")
    taken = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    for message in taken[:5]:
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    tiny.restart_killed()
    sqs, bodies = tiny.client("sqs"), []
    while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        bodies += [message["Body"] for message in messages]
    assert sorted(bodies) == numbers(N)[5:]


def test_an_in_flight_message_comes_again_and_its_receives_count_on(tiny):
    sqs = tiny.client("sqs")
    queue = sqs.create_queue(QueueName="in-flight", Attributes={"VisibilityTimeout": "600"})["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    ask = {"QueueUrl": queue, "MessageSystemAttributeNames": ["ApproximateReceiveCount"]}
    assert sqs.receive_message(**ask)["Messages"]
    tiny.restart_killed()
    (message,) = tiny.client("sqs").receive_message(**ask)["Messages"]
    assert message["Attributes"]["ApproximateReceiveCount"] == "2"


def test_every_answered_object_is_there_with_its_versions(tiny):
    s3 = tiny.client("s3")
    versions = {}
    for number in range(N):
        body = f"first {number}".encode()
        versions[number] = s3.put_object(Bucket="tiny-documents", Key=f"out/{number}", Body=body)["VersionId"]
    s3.put_object(Bucket="tiny-documents", Key="out/0", Body=b"second")
    tiny.restart_killed()
    s3 = tiny.client("s3")
    for number, version in versions.items():
        found = s3.get_object(Bucket="tiny-documents", Key=f"out/{number}", VersionId=version)
        assert found["Body"].read() == f"first {number}".encode()
    assert s3.get_object(Bucket="tiny-documents", Key="out/0")["Body"].read() == b"second"


def test_a_put_has_announced_itself_when_it_is_answered(tiny, eventually):
    s3 = tiny.client("s3")
    for number in range(5):
        s3.put_object(Bucket="tiny-documents", Key=f"in/{number}", Body=b"x")
    tiny.restart_killed()
    eventually(lambda: len([body for body in worked(tiny) if "Records" in body]) == 5)


def test_work_that_the_kill_cut_short_is_done_after_the_start(tiny, eventually):
    sqs = tiny.client("sqs")
    for _ in range(3):
        sqs.send_message(QueueUrl=tiny.outputs["WorkUrl"], MessageBody="slow")
    tiny.restart_killed()
    eventually(lambda: worked(tiny).count("slow") == 3)


def test_an_execution_is_there_and_one_that_ran_has_failed(tiny, eventually):
    machine = tiny.client("stepfunctions")

    def start(name, event):
        arn, given = tiny.outputs["MachineArn"], json.dumps(event)
        return machine.start_execution(stateMachineArn=arn, name=name, input=given)["executionArn"]

    def status(arn):
        return tiny.client("stepfunctions").describe_execution(executionArn=arn)["status"]

    done = start("done", {})
    eventually(lambda: status(done) == "SUCCEEDED")
    running = start("running", {"sleep": 15})
    tiny.restart_killed()
    assert status(done) in ("SUCCEEDED", "FAILED")  # its end was nobody's answer: kept soon, not at once
    assert status(running) == "FAILED"
    machine = tiny.client("stepfunctions")
    with pytest.raises(machine.exceptions.ExecutionAlreadyExists):
        start("running", {})


def test_definitions_made_by_hand_are_there(tiny):
    sns, sqs = tiny.client("sns"), tiny.client("sqs")
    queue = sqs.create_queue(QueueName="subscriber")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=tiny.outputs["TopicArn"], Protocol="sqs", Endpoint=arn)
    tiny.restart_killed()
    tiny.client("sns").publish(TopicArn=tiny.outputs["TopicArn"], Message="hello")
    tiny.restart_killed()
    (message,) = tiny.client("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert json.loads(message["Body"])["Message"] == "hello"


def test_a_long_journal_is_shortened_and_says_the_same(tiny, row):
    client, table = tiny.client("dynamodb"), tiny.outputs["Things"]
    item = {"text": {"S": "x" * 300_000}}
    for _ in range(40):
        client.put_item(TableName=table, Item=key(row, 1) | item)
    put(tiny, row, 2)
    assert (tiny.state_dir / "journal").stat().st_size < 9 << 20
    tiny.restart_killed()
    assert rows(tiny, row) == ["0001", "0002"]
    assert (tiny.state_dir / "journal").stat().st_size < 9 << 20
