package pwseal

import (
	"errors"
	"time"
)

// ErrClosed is what methods of an object return after its Close.
var ErrClosed = errors.New("pwseal: the object is closed, or was never made")

// A Code says what kind of error it is. It is an error itself, so that [errors.Is] finds it in those that are returned.
// A number keeps its meaning for ever.
type Code int32

// The kinds of errors. Each has the number of the C interface.
const (
	// ErrLengthTooLarge: no object in memory has this length.
	ErrLengthTooLarge Code = 2
	// ErrPanic: a defect of the library. Please report it.
	ErrPanic Code = 4
	// ErrInvalidKey: the key is empty, damaged, or no key.
	ErrInvalidKey Code = 5
	// ErrEmptyPassword: the password has no bytes, which is nearly always a mistake.
	ErrEmptyPassword Code = 6
	// ErrPasswordTooLong: the password is longer than the key, or any key, can encrypt.
	ErrPasswordTooLong Code = 7
	// ErrRandomSource: the operating system gave no random bytes, so nothing was encrypted.
	ErrRandomSource Code = 8
	// ErrInvalidUTF8: a text is not UTF-8.
	ErrInvalidUTF8 Code = 9
	// ErrOutOfRange: a number is out of its range.
	ErrOutOfRange Code = 10
	// ErrWrongOperation: the answer is to another operation.
	ErrWrongOperation Code = 11
	// ErrInvalidPasswordInfo: the password-info is no JSON, or not of the shape of the API's message.
	ErrInvalidPasswordInfo Code = 12
	// ErrMissingField: a field is absent, null or blank.
	ErrMissingField Code = 13
	// ErrNoAccounts: the identity has no account on the source.
	ErrNoAccounts Code = 14
	// ErrAccountNotChosen: there are several accounts, and none was chosen.
	ErrAccountNotChosen Code = 15
	// ErrAccountNotFound: no account has the id or name that was asked for.
	ErrAccountNotFound Code = 16
	// ErrAccountNameNotUnique: several accounts have the name that was asked for.
	ErrAccountNameNotUnique Code = 17
	// ErrPolicyViolation: the password violates a rule of the policies. See [PolicyError].
	ErrPolicyViolation Code = 18
	// ErrPolicyConflict: no password, or none of the length asked for, can satisfy the policy.
	ErrPolicyConflict Code = 19
	// ErrPolicyTooNarrow: next to no password of the length asked for satisfies the policy.
	ErrPolicyTooNarrow Code = 20
	// ErrInvalidDictionary: the dictionary cannot be read.
	ErrInvalidDictionary Code = 21
	// ErrNotInVersion: the version of the API lacks the operation.
	ErrNotInVersion Code = 22
	// ErrInvalidTenant: the tenant is no label of a host name.
	ErrInvalidTenant Code = 23
	// ErrInvalidBaseURL: the base URL cannot be used.
	ErrInvalidBaseURL Code = 24
	// ErrInvalidRequestID: the request id is empty, or nothing that can stand in a URL.
	ErrInvalidRequestID Code = 25
	// ErrAnswerRefused: the API refused, and says why. See [APIError].
	ErrAnswerRefused Code = 26
	// ErrAnswerNotFromTheAPI: the answer is no success, and not the API's: a proxy's page, or nothing. See [APIError].
	ErrAnswerNotFromTheAPI Code = 27
	// ErrAnswerUnreadable: the answer is a success, and not the message that belongs to it. See [APIError].
	ErrAnswerUnreadable Code = 28
	// ErrAnswerTooLong: the answer has a body of more than 1 MiB. See [APIError].
	ErrAnswerTooLong Code = 29
	// ErrInvalidChangeRequest: the body of set-password is no JSON, not of the shape of the API's message, or not encrypted.
	ErrInvalidChangeRequest Code = 31
	// ErrUnsupportedKey: a private key, another algorithm or form, or a modulus that is too short or too long.
	ErrUnsupportedKey Code = 32
	// ErrPasswordNotText: the password is not acceptable as text, and [ChangeOptions] do not say that it is meant as it is.
	ErrPasswordNotText Code = 33
	// ErrOutOfMemory: there is not enough memory.
	ErrOutOfMemory Code = 34
	// ErrInvalidPolicy: the policy cannot be read, or says nothing.
	ErrInvalidPolicy Code = 35
	// ErrOtherMessage: the input is something else than the message that is wanted: an error of the API, HTML, a key.
	ErrOtherMessage Code = 36
	// ErrOther: what has no number of its own. The message says what.
	ErrOther Code = 38
)

// Error says what the code means.
func (code Code) Error() string {
	return "pwseal: " + statusMessage(code)
}

// Error is what the library refused, and why.
type Error struct {
	// Code is its kind.
	Code Code
	// Message says what is wrong, where, and what to do. It is printable, and holds no byte of a password.
	Message string
	// Index is which element of a list is at fault, counted from 0, and -1 where that cannot be said.
	Index int64
	// Position is where in the input something is wrong, as an offset in bytes, and -1 where that cannot be said.
	Position int64
	// Given and Wanted are the number that was given, such as a length in bytes, and the one that it must have, or may have at most
	// or at least; -1 where there is none.
	Given, Wanted int64
}

// Error is the message.
func (e *Error) Error() string {
	return "pwseal: " + e.Message
}

// Unwrap is the code, so that errors.Is finds it.
func (e *Error) Unwrap() error {
	return e.Code
}

// PolicyError is a password that violates the policies of a password-info.
type PolicyError struct {
	// Refusal is the error without the report.
	Refusal *Error
	// Report has a finding for each rule.
	Report Report
}

// Error is the message, which names every rule that is violated.
func (e *PolicyError) Error() string {
	return e.Refusal.Error()
}

// Unwrap is the *Error.
func (e *PolicyError) Unwrap() error {
	return e.Refusal
}

// APIError is an answer that is no success.
type APIError struct {
	// Refusal is the error without what the API says.
	Refusal *Error
	// StatusCode is that of HTTP.
	StatusCode int
	// DetailCode is the API's own, such as "400.1 Bad Request Content", or empty.
	DetailCode string
	// TrackingID is what the vendor's support finds the request by, or empty.
	TrackingID string
	// Text is the API's reason as it was sent, in English if there is a choice, or empty. It may hold what steers a terminal;
	// the message of the error has it in a printable form.
	Text string
	// Retryable says that the same request may succeed later.
	Retryable bool
	// RetryAfter is how long the server wants to be left alone, and 0 where it does not say.
	RetryAfter time.Duration
}

// Error is the message, which is fit for a log: what the API says, and what to do.
func (e *APIError) Error() string {
	return e.Refusal.Error()
}

// Unwrap is the *Error.
func (e *APIError) Unwrap() error {
	return e.Refusal
}
