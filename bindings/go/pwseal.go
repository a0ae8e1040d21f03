// Package pwseal encrypts passwords for the SailPoint Password Management API: from the answer to query-password-info to the
// body of set-password, with the requests and answers in between. It opens no socket: [net/http], or another client, sends.
//
// # Secrets
//
// A password is a []byte of the caller's, which is read where it is and never changed: [Wipe] it when it is no longer needed.
// Nothing here copies it into memory of Go's. What the library makes of it is wiped.
//
// # Objects
//
// A [PublicKey], [PasswordInfo], [Policy], [Dictionary], [API] and [ChangeRequest] is memory of the library's. Close gives it
// back at once, and waits for calls that use it; without Close, the garbage collector has it given back. After Close every
// method that can fail returns [ErrClosed], and so does one of a nil. All may be used by many goroutines at once.
//
// # Errors
//
// An error has a [Code], which [errors.Is] finds:
//
//	if errors.Is(err, pwseal.ErrPolicyViolation) { ... }
//
// [errors.As] finds an [*Error], and with more to tell a [*PolicyError] or an [*APIError]. No message holds a byte of a password.
package pwseal

// Version is the version of the library, such as "0.1.0".
func Version() string {
	return version()
}

// Wipe overwrites a buffer with zeros, which no compiler leaves out.
func Wipe(secret []byte) {
	wipe(secret)
}
