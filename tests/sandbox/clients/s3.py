"""The bucket store by boto3, the client that most programs speak S3 with."""

import json
import sys
from collections.abc import Callable

import boto3
import requests
from botocore.config import Config
from botocore.exceptions import ClientError

(BASE,) = sys.argv[1:]


def refusal(call: Callable[[], object]) -> list[object]:
    """The status and the code of a refusal."""
    try:
        call()
    except ClientError as error:
        return [error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"]]
    return []


def main() -> None:
    config = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}, read_timeout=5)
    store = boto3.client(
        "s3",
        endpoint_url=f"{BASE}/s3",
        region_name="eu-central-1",
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
        config=config,
    )
    put = store.put_object(
        Bucket="shop", Key="en/сторінка.html", Body="Привіт".encode(), ContentType="text/html", CacheControl="no-cache"
    )
    got = store.get_object(Bucket="shop", Key="en/сторінка.html")
    body = got["Body"].read().decode()
    for number in range(3):
        store.put_object(Bucket="shop", Key=f"list/{number}", Body=b"x")
    pages = [
        [one["Key"] for one in page.get("Contents", ())]
        for page in store.get_paginator("list_objects_v2").paginate(
            Bucket="shop", Prefix="list/", PaginationConfig={"PageSize": 2}
        )
    ]
    folders = store.list_objects_v2(Bucket="shop", Delimiter="/")["CommonPrefixes"]
    store.copy_object(Bucket="shop", Key="copy", CopySource={"Bucket": "shop", "Key": "list/0"})
    upload = store.create_multipart_upload(Bucket="shop", Key="large")["UploadId"]
    part = store.upload_part(Bucket="shop", Key="large", UploadId=upload, PartNumber=1, Body=b"y" * 6_000_000)
    store.complete_multipart_upload(
        Bucket="shop",
        Key="large",
        UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
    )
    gone = store.delete_objects(Bucket="shop", Delete={"Objects": [{"Key": "list/0"}, {"Key": "list/1"}]})
    store.delete_object(Bucket="shop", Key="copy")
    told: dict[str, object] = {
        "got": [body, got["ContentType"], got["CacheControl"], got["ETag"] == put["ETag"]],
        "range": store.get_object(Bucket="shop", Key="large", Range="bytes=0-3")["Body"].read().decode(),
        "size": store.head_object(Bucket="shop", Key="large")["ContentLength"],
        "pages": pages,
        "folders": [one["Prefix"] for one in folders],
        "gone": sorted(one["Key"] for one in gone["Deleted"]),
        "left": [one["Key"] for one in store.list_objects_v2(Bucket="shop", Prefix="list/")["Contents"]],
        "refusals": {
            "missing": refusal(lambda: store.get_object(Bucket="shop", Key="nothing")),
            "head": refusal(lambda: store.head_object(Bucket="shop", Key="nothing")),
            "taken": refusal(lambda: store.put_object(Bucket="shop", Key="large", Body=b"", IfNoneMatch="*")),
            "changed": refusal(lambda: store.put_object(Bucket="shop", Key="large", Body=b"", IfMatch='"other"')),
        },
    }
    faults: dict[str, list[object]] = {}
    for fault in ("500", "429"):
        switch = {"service": "s3", "fault": fault, "times": 5, "seconds": 0}
        requests.post(f"{BASE}/faults", json=switch, timeout=5).raise_for_status()
        faults[fault] = refusal(lambda: store.get_object(Bucket="shop", Key="large"))
        requests.post(f"{BASE}/faults", json={**switch, "times": 0}, timeout=5).raise_for_status()
    told["faults"] = faults
    print(json.dumps(told))


main()
