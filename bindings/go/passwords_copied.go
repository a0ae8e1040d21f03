//go:build !go1.21

package pwseal

// #include <pwseal.h>
// #include <stdlib.h>
// #include <string.h>
import "C"

import "unsafe"

// withPasswords calls a function with many passwords. This Go cannot pin them, and C must not be given pointers to them in memory
// of Go's: there is one copy of them, in memory of C's, which is wiped.
func withPasswords(passwords [][]byte, function func(passwords *C.pwseal_bytes, count C.size_t) C.pwseal_status) error {
	total := 0
	for _, password := range passwords {
		total += len(password)
	}
	if total == 0 {
		array := make([]C.pwseal_bytes, len(passwords)+1)
		return call(func() C.pwseal_status { return function(&array[0], C.size_t(len(passwords))) })
	}
	copies := C.malloc(C.size_t(total))
	defer C.free(copies)
	defer C.pwseal_wipe(copies, C.size_t(total))
	array := make([]C.pwseal_bytes, len(passwords))
	next := copies
	for i, password := range passwords {
		if len(password) > 0 {
			C.memcpy(next, unsafe.Pointer(&password[0]), C.size_t(len(password)))
			array[i] = C.pwseal_bytes{data: next, len: C.size_t(len(password))}
			next = unsafe.Add(next, len(password))
		}
	}
	return call(func() C.pwseal_status { return function(&array[0], C.size_t(len(array))) })
}
