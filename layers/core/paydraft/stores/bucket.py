"""One S3 bucket and the few things we ask of it. Objects are written once; a version names bytes for ever."""

from typing import Any

from botocore.exceptions import ClientError

from paydraft.model.document import StoredObject
from paydraft.model.errors import DocumentTooLargeError, TransientError
from paydraft.model.upload import Form
from paydraft.stores.clients import client, reading_body

_MISSING = {"404", "NoSuchKey", "NoSuchVersion", "NotFound"}
_EXISTS = {"412", "PreconditionFailed"}
_FORBIDDEN = {"403", "AccessDenied"}


class Bucket:
    """A versioned bucket by name. Readers need s3:ListBucket (not for `holds`): S3 says 403 else of what is missing."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def _s3(self) -> Any:
        return client("s3")

    def put_new(self, key: str, data: bytes, media_type: str) -> StoredObject:
        """Store the bytes unless an object lies there; what lies there afterwards is the answer, whoever wrote it."""
        try:
            answer = self._s3.put_object(Bucket=self._name, Key=key, Body=data, ContentType=media_type, IfNoneMatch="*")
        except ClientError as refused:
            if _code(refused) not in _EXISTS:
                raise
            return self._standing(key)
        return StoredObject(key=key, version_id=answer["VersionId"])

    def find(self, key: str) -> StoredObject | None:
        """The latest version under this key."""
        try:
            answer = self._s3.head_object(Bucket=self._name, Key=key)
        except ClientError as refused:
            if _code(refused) in _MISSING:
                return None
            raise
        return StoredObject(key=key, version_id=answer["VersionId"])

    def holds(self, key: str) -> bool:
        """Whether an object lies there, for who may read and not list: to him S3 says "forbidden" if there is none."""
        try:
            return self.find(key) is not None
        except ClientError as refused:
            if _code(refused) not in _FORBIDDEN:
                raise
            return False

    def read(self, key: str, *, version_id: str | None = None, limit: int | None = None) -> bytes | None:
        """All bytes of a version (default: the latest), checked by length and S3's checksum; None if there is none.

        Raises DocumentTooLargeError before any byte is downloaded when there are more than `limit`.
        """
        version = {"VersionId": version_id} if version_id else {}
        try:
            answer = self._s3.get_object(Bucket=self._name, Key=key, **version)
        except ClientError as refused:
            if _code(refused) in _MISSING:
                return None
            raise
        size, body = answer["ContentLength"], answer["Body"]
        if limit is not None and size > limit:
            body.close()
            raise DocumentTooLargeError(f"{size} bytes, at most {limit}")
        with reading_body():
            data: bytes = body.read()
        return data

    def copy(self, original: StoredObject, key: str) -> bool:
        """Put a copy of that version under another key; False if the version is gone."""
        source = {"Bucket": self._name, "Key": original.key, "VersionId": original.version_id}
        try:
            self._s3.copy_object(Bucket=self._name, Key=key, CopySource=source)
        except ClientError as refused:
            if _code(refused) in _MISSING:
                return False
            raise
        return True

    def form(self, key: str, media_type: str, sizes: tuple[int, int], *, seconds: int) -> Form:
        """A form that lets anybody post one object of that declared type and these bytes under exactly this key."""
        least, most = sizes
        made = client("s3", signing=True).generate_presigned_post(
            self._name,
            key,
            Fields={"Content-Type": media_type},
            Conditions=[{"Content-Type": media_type}, ["content-length-range", least, most]],
            ExpiresIn=seconds,
        )
        return Form(url=made["url"], fields=made["fields"])

    def link(self, obj: StoredObject, *, disposition: str, media_type: str, seconds: int) -> str:
        """An address from which anybody may get that version, under these two headers."""
        version = {"Bucket": self._name, "Key": obj.key, "VersionId": obj.version_id}
        headers = {"ResponseContentDisposition": disposition, "ResponseContentType": media_type}
        signer = client("s3", signing=True)
        url: str = signer.generate_presigned_url("get_object", Params=version | headers, ExpiresIn=seconds)
        return url

    def erase(self, prefix: str) -> None:
        """Take away every version of every object whose key begins so. Raises TransientError if some could not be."""
        pages = self._s3.get_paginator("list_object_versions").paginate(Bucket=self._name, Prefix=prefix)
        for page in pages:
            found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            objects = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found]
            if not objects:
                continue
            answer = self._s3.delete_objects(Bucket=self._name, Delete={"Objects": objects, "Quiet": True})
            if answer.get("Errors"):
                raise TransientError(f"{len(answer['Errors'])} objects could not be erased")

    def _standing(self, key: str) -> StoredObject:
        found = self.find(key)
        if found is None:
            raise TransientError("an object vanished between two calls")
        return found


def _code(refused: ClientError) -> str:
    return str(refused.response["Error"]["Code"])
