//go:build !go1.21

package pwseal

/*
#include <pwseal.h>
#include <stdlib.h>

// Memory of Go's stays where it is while a call of C has a pointer to it among its arguments; in an array it must not be. So there
// is an argument for each password, and the array is C's.
static pwseal_status encrypt_16(
	const pwseal_key *key, bool as_text, void *out, size_t *out_len, size_t count, const size_t *lens,
	const void *p0, const void *p1, const void *p2, const void *p3, const void *p4, const void *p5, const void *p6, const void *p7,
	const void *p8, const void *p9, const void *p10, const void *p11, const void *p12, const void *p13, const void *p14, const void *p15
) {
	const void *data[16] = {p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15};
	pwseal_bytes passwords[16];
	for (size_t i = 0; i < count; i++) {
		passwords[i].data = data[i];
		passwords[i].len = lens[i];
	}
	return as_text ? pwseal_key_encrypt_many_base64(key, passwords, count, out, out_len)
	               : pwseal_key_encrypt_many(key, passwords, count, out, out_len);
}
*/
import "C"

import "unsafe"

// encryptPasswords encrypts many passwords, which C reads where they are. This Go cannot pin them: there is a call for each 16.
func encryptPasswords(key *C.pwseal_key, asText bool, room int, passwords [][]byte, out []byte) error {
	for start := 0; start < len(passwords); start += 16 {
		some := passwords[start:]
		if len(some) > 16 {
			some = some[:16]
		}
		var lens [16]C.size_t
		for i, password := range some {
			lens[i] = C.size_t(len(password))
		}
		at := func(i int) unsafe.Pointer {
			if i < len(some) {
				return bytesOf(some[i])
			}
			return nil
		}
		part := out[room*start : room*(start+len(some))]
		outLen := C.size_t(len(part))
		err := call(func() C.pwseal_status {
			return C.encrypt_16(key, C.bool(asText), bytesOf(part), &outLen, C.size_t(len(some)), &lens[0],
				at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7),
				at(8), at(9), at(10), at(11), at(12), at(13), at(14), at(15))
		})
		if err != nil {
			return refusalOfMany(key, passwords, out, err)
		}
	}
	return nil
}

// refusalOfMany is why a batch is refused, with the index in all of it. A password is refused for its length alone: it is
// not needed for that.
func refusalOfMany(key *C.pwseal_key, passwords [][]byte, out []byte, refusal error) error {
	longest := 1
	for _, password := range passwords {
		if len(password) > longest {
			longest = len(password)
		}
	}
	zeros := C.calloc(C.size_t(longest), 1)
	if zeros == nil {
		return refusal
	}
	defer C.free(zeros)
	array := make([]C.pwseal_bytes, len(passwords))
	for i, password := range passwords {
		array[i] = C.pwseal_bytes{data: zeros, len: C.size_t(len(password))}
	}
	outLen := C.size_t(len(out))
	err := call(func() C.pwseal_status {
		return C.pwseal_key_encrypt_many(key, &array[0], C.size_t(len(array)), bytesOf(out), &outLen)
	})
	if err != nil {
		return err
	}
	return refusal
}
