"""What `pwseal bulk` does with lines that hold their password-info, as a loop over pyca/cryptography.

It does less: no policy is checked, and no account is chosen. With a third argument it parses the
key for each line, as simple scripts do, and else only once.
"""

import base64
import json
import sys

from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_der_public_key

keys = {}
pkcs1 = padding.PKCS1v15()
with open(sys.argv[1], "rb") as lines, open(sys.argv[2], "w") as out:
    for line in lines:
        line = json.loads(line)
        info = line["info"]
        key = None if len(sys.argv) > 3 else keys.get(info["publicKeyId"])
        if key is None:
            key = load_der_public_key(base64.b64decode(info["publicKey"]))
            keys[info["publicKeyId"]] = key
        ciphertext = key.encrypt(line["password"].encode(), pkcs1)
        request = {
            "identityId": info["identityId"],
            "encryptedPassword": base64.b64encode(ciphertext).decode(),
            "publicKeyId": info["publicKeyId"],
            "accountId": info["accounts"][0]["accountId"],
            "sourceId": info["sourceId"],
        }
        answer = {"id": line["id"], "request": request}
        out.write(json.dumps(answer, separators=(",", ":")) + "\n")
