//go:build go1.21

package pwseal

// #include <pwseal.h>
import "C"

import "runtime"

// withPasswords calls a function with many passwords, which C reads where they are.
func withPasswords(passwords [][]byte, function func(passwords *C.pwseal_bytes, count C.size_t) C.pwseal_status) error {
	if len(passwords) == 0 {
		return call(func() C.pwseal_status { return function(nil, 0) })
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
	return call(func() C.pwseal_status { return function(&array[0], C.size_t(len(array))) })
}
