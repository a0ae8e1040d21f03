package pwseal

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// addFiles takes every file of a folder as an input.
func addFiles(f *testing.F, folder string, more ...any) {
	f.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		f.Fatal(err)
	}
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(append([]any{content}, more...)...)
	}
}

func FuzzParsePublicKey(f *testing.F) {
	addFiles(f, filepath.Join(cases, "keys"))
	f.Fuzz(func(t *testing.T, file []byte) {
		key, err := ParsePublicKey(file)
		if err != nil {
			return
		}
		defer key.Close()
		// What fits is encrypted, and one byte more is not.
		if _, err := key.Encrypt(make([]byte, key.MaxPasswordLen()+1)); err == nil {
			t.Error("a password that is too long is encrypted")
		}
		if ciphertexts, err := key.EncryptMany([][]byte{make([]byte, key.MaxPasswordLen()), {1}}); err != nil {
			t.Error(err)
		} else if len(ciphertexts[0]) != (key.Bits()+7)/8 {
			t.Error(len(ciphertexts[0]))
		}
	})
}

func FuzzParsePasswordInfo(f *testing.F) {
	addFiles(f, filepath.Join(cases, "password-infos"), []byte(password))
	f.Fuzz(func(t *testing.T, json, password []byte) {
		info, err := ParsePasswordInfo(json)
		if err != nil {
			return
		}
		defer info.Close()
		account := ""
		if accounts := info.Accounts(); len(accounts) > 0 {
			account = accounts[0].ID
		}
		report, failed := info.Check(account, password, Context{})
		change, err := info.ChangeRequest(account, password, ChangeOptions{})
		if err == nil {
			defer change.Close()
			if failed != nil || report.HasViolation {
				t.Error("a body is made of a password that is refused", failed)
			}
			if _, err := change.Body(); err != nil {
				t.Error(err)
			}
		} else if len(password) > 5 && !strings.Contains(string(json), string(password)) && strings.Contains(err.Error(), string(password)) {
			t.Error("the message has the password")
		}
	})
}
