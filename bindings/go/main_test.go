package pwseal

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"os"
	"testing"
)

// The password that is set in the tests, and violates nothing of the example.
const password = "correct horse 7"

const exampleAccount = "CN=Abby Smith,OU=Austin,OU=Americas,OU=Demo,DC=seri,DC=acme,DC=com"

func example(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile("../../examples/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func exampleKey(t testing.TB) *PublicKey {
	t.Helper()
	key, err := ParsePublicKey(example(t, "public-key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(key.Close)
	return key
}

func exampleInfo(t testing.TB) *PasswordInfo {
	t.Helper()
	info, err := ParsePasswordInfo(example(t, "password-info.json"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(info.Close)
	return info
}

func privateKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	block, _ := pem.Decode(example(t, "private-key.pem"))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key.(*rsa.PrivateKey)
}

// decrypt is what the Go library decrypts.
func decrypt(t testing.TB, ciphertext []byte) string {
	t.Helper()
	decrypted, err := rsa.DecryptPKCS1v15(nil, privateKey(t), ciphertext)
	if err != nil {
		t.Fatal(err)
	}
	return string(decrypted)
}

func decryptBase64(t testing.TB, ciphertext string) string {
	t.Helper()
	decoded, err := base64.StdEncoding.DecodeString(ciphertext)
	if err != nil {
		t.Fatal(err)
	}
	return decrypt(t, decoded)
}

// fieldsOf are the fields of a body of set-password.
func fieldsOf(t testing.TB, change *ChangeRequest) map[string]string {
	t.Helper()
	body, err := json.Marshal(change)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]string
	if err := json.Unmarshal(body, &fields); err != nil {
		t.Fatal(err)
	}
	return fields
}
