"""What clients sent: `incoming/<lane>/<tenant>/<job>/<attempt>` in the documents bucket."""

from paydraft.model.document import IncomingKey, Lane, StoredObject
from paydraft.model.errors import DocumentMissingError
from paydraft.model.job import JobKey
from paydraft.model.media import MIN_DOCUMENT_BYTES, MediaType
from paydraft.model.upload import Form
from paydraft.stores.bucket import Bucket


class DocumentStore:
    """Documents by key and version."""

    def __init__(self, bucket: str) -> None:
        self._bucket = Bucket(bucket)

    def put_new(self, key: IncomingKey, data: bytes, media_type: MediaType) -> StoredObject:
        """Store the document unless one lies there; what lies there afterwards is the answer, whoever wrote it."""
        return self._bucket.put_new(str(key), data, media_type.value)

    def find(self, key: str) -> StoredObject | None:
        """The latest version under this key."""
        return self._bucket.find(key)

    def stands(self, key: IncomingKey) -> bool:
        """Whether a document lies in this place; needs no right to list the bucket."""
        return self._bucket.holds(str(key))

    def read(self, obj: StoredObject, *, limit: int) -> bytes:
        """The bytes of that version.

        Raises:
            DocumentTooLargeError: it has more than `limit` bytes; none was downloaded.
            DocumentMissingError: the version is gone.
        """
        data = self._bucket.read(obj.key, version_id=obj.version_id, limit=limit)
        if data is None:
            raise DocumentMissingError(obj.key)
        return data

    def form(self, key: IncomingKey, media_type: str, *, max_bytes: int, seconds: int) -> Form:
        """A form by which a client posts the document to its place by itself."""
        return self._bucket.form(str(key), media_type, (MIN_DOCUMENT_BYTES, max_bytes), seconds=seconds)

    def link(self, obj: StoredObject, *, disposition: str, media_type: str, seconds: int) -> str:
        """An address of exactly these bytes, to be saved as a file (RFC 6266)."""
        return self._bucket.link(obj, disposition=disposition, media_type=media_type, seconds=seconds)

    def erase(self, lane: Lane, job: JobKey) -> None:
        """Take away every version of every document of a job."""
        self._bucket.erase(f"incoming/{lane}/{job.tenant_id}/{job.job_id}/")

    def copy(self, original: StoredObject, to: IncomingKey) -> None:
        """Put the original in a new attempt's place. A second copy makes a version that nobody reads.

        Raises DocumentMissingError if the original is gone.
        """
        if not self._bucket.copy(original, str(to)):
            raise DocumentMissingError(original.key)
