//go:build go1.21

package pwseal

// #include <pwseal.h>
import "C"

import "runtime"

// encryptPasswords encrypts many passwords, which C reads where they are.
func encryptPasswords(key *C.pwseal_key, asText bool, room int, passwords [][]byte, out []byte) error {
	if len(passwords) == 0 {
		return nil
	}
	var pinner runtime.Pinner
	defer pinner.Unpin()
	array := make([]C.pwseal_bytes, len(passwords))
	for i, password := range passwords {
		if len(password) > 0 {
			pinner.Pin(&password[0])
			array[i] = C.pwseal_bytes{data: bytesOf(password), len: C.size_t(len(password))}
		}
	}
	outLen := C.size_t(len(out))
	return call(func() C.pwseal_status {
		if asText {
			return C.pwseal_key_encrypt_many_base64(key, &array[0], C.size_t(len(array)), charsOf(out), &outLen)
		}
		return C.pwseal_key_encrypt_many(key, &array[0], C.size_t(len(array)), bytesOf(out), &outLen)
	})
}
