"""A bucket store with as much of the S3 protocol as a publisher and a shelf of pictures use.

Objects are put (also If-None-Match: * and If-Match), got (with ranges and conditions), headed, deleted, copied; lists
are of version 2, with delimiter and pages; many are deleted at once; uploads come in parts. Writing takes a signature,
whose presence alone is looked at; reading does not, as in a bucket for everybody. Buckets appear when something is put
into them.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Final
from urllib.parse import unquote
from xml.etree import ElementTree

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import looks
from sandbox.world import World

SERVICE: Final = "s3"
PAGE: Final = 1000
XMLNS: Final = "http://s3.amazonaws.com/doc/2006-03-01/"
KEPT_HEADERS: Final = (
    "content-type", "cache-control", "content-disposition", "content-encoding", "content-language",
    "x-amz-website-redirect-location",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thing:
    """An object in a bucket."""

    data: bytes
    headers: Mapping[str, str]
    at: datetime
    etag: str


@dataclass(slots=True)
class Upload:
    """An upload in parts that is not complete."""

    key: str
    headers: Mapping[str, str]
    parts: dict[int, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class Bucket:
    things: dict[str, Thing] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    begun: int = 0


class Refused(Exception):
    """An S3 error: its status and its code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


def _xml(root: ElementTree.Element, status: int = 200) -> Response:
    body = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return Response(body, status, media_type="application/xml")


def _element(name: str, **values: object) -> ElementTree.Element:
    made = ElementTree.Element(name)
    for child, value in values.items():
        ElementTree.SubElement(made, child).text = str(value)
    return made


def _parsed(body: bytes) -> ElementTree.Element:
    if b"<!" in body:
        raise Refused(400, "MalformedXML")
    try:
        return ElementTree.fromstring(body)  # noqa: S314 - without declarations there are no entities
    except ElementTree.ParseError as error:
        raise Refused(400, "MalformedXML") from error


def _texts(root: ElementTree.Element, name: str) -> list[str]:
    return [each.text or "" for each in root.iter() if each.tag.rpartition("}")[2] == name]


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _checked(request: Request, known: Thing | None) -> None:
    """The conditions of a write. Raises Refused."""
    if request.headers.get("if-none-match") == "*" and known:
        raise Refused(412, "PreconditionFailed")
    wanted = request.headers.get("if-match")
    if wanted and (known is None or wanted.strip('"') != known.etag):
        raise Refused(412, "PreconditionFailed")


def _answer(request: Request, thing: Thing) -> Response:
    headers = {
        **thing.headers,
        "etag": f'"{thing.etag}"',
        "last-modified": format_datetime(thing.at, usegmt=True),
        "accept-ranges": "bytes",
    }
    if request.headers.get("if-none-match", "").strip('"') == thing.etag:
        return Response(status_code=304, headers=headers)
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("range", ""))
    data, status, size = thing.data, 200, len(thing.data)
    if found and any(found.groups()):
        first, last = found.groups()
        start = int(first) if first else max(size - int(last), 0)
        end = min(int(last), size - 1) if first and last else size - 1
        if start > end:
            raise Refused(416, "InvalidRange")
        data, status = data[start : end + 1], 206
        headers["content-range"] = f"bytes {start}-{end}/{size}"
    headers["content-length"] = str(len(data))
    return Response(b"" if request.method == "HEAD" else data, status, headers)


class Store:
    """All buckets of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.buckets: dict[str, Bucket] = {}

    def _put(self, bucket: Bucket, name: str, key: str, data: bytes, headers: Mapping[str, str]) -> Thing:
        made = Thing(data, headers, self.world.clock.now(), _md5(data))
        bucket.things[key] = made
        self.world.journal.note(
            SERVICE, f"put {key}", bucket=name, bytes=len(data), at=f"{self.world.public_url}/s3/{name}/{key}"
        )
        return made

    async def read(self, request: Request) -> Response:
        """GET and HEAD of an object."""
        thing = self._bucket(request).things.get(self._key(request))
        if thing is None:
            raise Refused(404, "NoSuchKey")
        return _answer(request, thing)

    def _bucket(self, request: Request) -> Bucket:
        found = self.buckets.get(request.path_params["bucket"])
        if found is None:
            raise Refused(404, "NoSuchBucket")
        return found

    @staticmethod
    def _key(request: Request) -> str:
        key: str = request.path_params["key"]
        return key

    async def write(self, request: Request) -> Response:
        """PUT of an object, a copy of one, or a part of an upload."""
        name, key, body = request.path_params["bucket"], self._key(request), await request.body()
        bucket = self.buckets.setdefault(name, Bucket())
        if "uploadId" in request.query_params:
            upload = self._upload(bucket, request)
            upload.parts[int(request.query_params["partNumber"])] = body
            return Response(headers={"etag": f'"{_md5(body)}"'})
        _checked(request, bucket.things.get(key))
        headers = {each: request.headers[each] for each in KEPT_HEADERS if each in request.headers}
        headers |= {each: value for each, value in request.headers.items() if each.startswith("x-amz-meta-")}
        source = request.headers.get("x-amz-copy-source")
        if source is None:
            return Response(headers={"etag": f'"{self._put(bucket, name, key, body, headers).etag}"'})
        from_bucket, _, from_key = unquote(source).lstrip("/").partition("/")
        thing = self.buckets.get(from_bucket, Bucket()).things.get(from_key)
        if thing is None:
            raise Refused(404, "NoSuchKey")
        made = self._put(bucket, name, key, thing.data, thing.headers)
        return _xml(_element("CopyObjectResult", ETag=f'"{made.etag}"', LastModified=_moment(made.at)))

    @staticmethod
    def _upload(bucket: Bucket, request: Request) -> Upload:
        found = bucket.uploads.get(request.query_params["uploadId"])
        if found is None:
            raise Refused(404, "NoSuchUpload")
        return found

    async def post(self, request: Request) -> Response:
        """The beginning or the end of an upload in parts."""
        name, key = request.path_params["bucket"], self._key(request)
        bucket = self.buckets.setdefault(name, Bucket())
        if "uploads" in request.query_params:
            headers = {each: request.headers[each] for each in KEPT_HEADERS if each in request.headers}
            bucket.begun += 1
            number = f"upload-{bucket.begun}"
            bucket.uploads[number] = Upload(key, headers)
            return _xml(_element("InitiateMultipartUploadResult", Bucket=name, Key=key, UploadId=number))
        upload = self._upload(bucket, request)
        wanted = [int(each) for each in _texts(_parsed(await request.body()), "PartNumber")]
        if not wanted or wanted != sorted(set(wanted)) or not upload.parts.keys() >= set(wanted):
            raise Refused(400, "InvalidPart")
        made = self._put(bucket, name, key, b"".join(upload.parts[each] for each in wanted), upload.headers)
        del bucket.uploads[request.query_params["uploadId"]]
        return _xml(_element("CompleteMultipartUploadResult", Bucket=name, Key=key, ETag=f'"{made.etag}"'))

    async def delete(self, request: Request) -> Response:
        """DELETE of an object, or of an upload that is given up."""
        bucket, key = self._bucket(request), self._key(request)
        if "uploadId" in request.query_params:
            bucket.uploads.pop(request.query_params["uploadId"], None)
        elif bucket.things.pop(key, None):
            self.world.journal.note(SERVICE, f"delete {key}", bucket=request.path_params["bucket"])
        return Response(status_code=204)

    async def delete_many(self, request: Request) -> Response:
        """POST ?delete: up to a thousand keys."""
        bucket = self._bucket(request)
        if "delete" not in request.query_params:
            raise Refused(400, "InvalidRequest")
        root = ElementTree.Element("DeleteResult", xmlns=XMLNS)
        for key in _texts(_parsed(await request.body()), "Key"):
            bucket.things.pop(key, None)
            self.world.journal.note(SERVICE, f"delete {key}", bucket=request.path_params["bucket"])
            root.append(_element("Deleted", Key=key))
        return _xml(root)

    async def make_bucket(self, request: Request) -> Response:
        """PUT of a bucket."""
        self.buckets.setdefault(request.path_params["bucket"], Bucket())
        return Response()

    async def list_things(self, request: Request) -> Response:
        """GET of a bucket: its keys, a page at a time; common beginnings where a delimiter is given."""
        bucket, asked = self._bucket(request), request.query_params
        prefix, delimiter = asked.get("prefix", ""), asked.get("delimiter", "")
        after = asked.get("continuation-token") or asked.get("start-after", "")
        wanted = asked.get("max-keys", str(PAGE))
        if not (wanted.isascii() and wanted.isdigit()):
            raise Refused(400, "InvalidArgument")
        most = min(int(wanted), PAGE)
        found: dict[str, Thing | None] = {}
        for key in sorted(bucket.things):
            if key.startswith(prefix):
                head, cut, _ = key[len(prefix) :].partition(delimiter) if delimiter else (key, "", "")
                shown = prefix + head + cut if cut else key
                if shown > after:
                    found.setdefault(shown, None if cut else bucket.things[key])
        shown_keys = list(found)[:most]
        # Who asks for none is told of none that follows: there is no key to go on from.
        more = most > 0 and len(found) > len(shown_keys)
        root = ElementTree.Element("ListBucketResult", xmlns=XMLNS)
        head_values = {"Name": request.path_params["bucket"], "Prefix": prefix, "KeyCount": len(shown_keys)}
        for name, value in {**head_values, "MaxKeys": most, "IsTruncated": str(more).lower()}.items():
            ElementTree.SubElement(root, name).text = str(value)
        if more:
            ElementTree.SubElement(root, "NextContinuationToken").text = shown_keys[-1]
        for key in shown_keys:
            thing = found[key]
            if thing is None:
                root.append(_element("CommonPrefixes", Prefix=key))
            else:
                values = {"LastModified": _moment(thing.at), "ETag": f'"{thing.etag}"', "Size": len(thing.data)}
                root.append(_element("Contents", Key=key, **values, StorageClass="STANDARD"))
        return _xml(root)

    async def show(self, request: Request) -> Response:
        """A page for people: what lies in the buckets."""
        return looks.page(request, "buckets.html", buckets=self.buckets, root=request.scope.get("root_path", ""))


Answer = Callable[[Request], Awaitable[Response]]


def _guarded(answer: Answer) -> Answer:
    async def guarded(request: Request) -> Response:
        signed = "authorization" in request.headers or "X-Amz-Signature" in request.query_params
        try:
            if request.method not in {"GET", "HEAD"} and not signed:
                raise Refused(403, "AccessDenied")
            return await answer(request)
        except Refused as error:
            body = Response(status_code=error.status) if request.method == "HEAD" else None
            return body or _xml(_element("Error", Code=error.code, Resource=request.url.path), error.status)

    return guarded


def app(world: World) -> Starlette:
    """The store as an application; the address of a bucket is `/s3/<bucket>`."""
    store = Store(world)
    world.state[SERVICE] = store
    bucket, thing = "/{bucket:str}", "/{bucket:str}/{key:path}"
    return Starlette(
        routes=[
            Route("/", store.show),
            *(
                Route(path, _guarded(answer), methods=[method])
                for path in (bucket, bucket + "/")
                for method, answer in (
                    ("GET", store.list_things),
                    ("PUT", store.make_bucket),
                    ("POST", store.delete_many),
                )
            ),
            Route(thing, _guarded(store.read), methods=["GET"]),
            Route(thing, _guarded(store.write), methods=["PUT"]),
            Route(thing, _guarded(store.post), methods=["POST"]),
            Route(thing, _guarded(store.delete), methods=["DELETE"]),
        ]
    )
