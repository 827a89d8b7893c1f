"""The minimum of a function on DynamoDB: one GetItem, signed and sent with the standard library alone."""

import hashlib
import hmac
import http.client
import json
import os
import time


def lambda_handler(_event: object, _context: object) -> object:
    host = os.environ["AWS_ENDPOINT_URL"].removeprefix("http://")
    key = {"user_id": {"N": "1"}, "currency": {"S": "XTR"}}
    body = json.dumps({"TableName": os.environ["WALLETS_TABLE"], "Key": key}).encode()
    target = "DynamoDB_20120810.GetItem"
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    scope = f"{moment[:8]}/{os.environ['AWS_DEFAULT_REGION']}/dynamodb/aws4_request"
    signed = "host;x-amz-date;x-amz-target"
    digest = hashlib.sha256(body).hexdigest()
    request = f"POST\n/\n\nhost:{host}\nx-amz-date:{moment}\nx-amz-target:{target}\n\n{signed}\n{digest}"
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    secret = b"AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"].encode()
    for part in scope.split("/"):
        secret = hmac.digest(secret, part.encode(), "sha256")
    signature = hmac.digest(secret, text.encode(), "sha256").hex()
    credential = f"Credential={os.environ['AWS_ACCESS_KEY_ID']}/{scope}"
    connection = http.client.HTTPConnection(host)
    headers = {
        "X-Amz-Date": moment,
        "X-Amz-Target": target,
        "Content-Type": "application/x-amz-json-1.0",
        "Authorization": f"AWS4-HMAC-SHA256 {credential}, SignedHeaders={signed}, Signature={signature}",
    }
    connection.request("POST", "/", body, headers)
    answer = connection.getresponse()
    return {"statusCode": answer.status, "body": answer.read().decode()}
